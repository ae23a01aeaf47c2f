# Imports every Confluence Cloud connector of an app with the settings that it has. This requires Terraform 1.7 or later.
variable "app_id" {
  type = string
}

data "confluence_integrations" "wiki" {
  app_id = var.app_id
}

locals {
  connectors = {
    for integration in data.confluence_integrations.wiki.integrations :
    integration.id => integration if integration.connector_version != null
  }
}

import {
  for_each = local.connectors
  to       = confluence_integration.wiki[each.key]
  id       = "${each.value.app_id}/${each.key}"
}

resource "confluence_integration" "wiki" {
  for_each = local.connectors

  app_id               = each.value.app_id
  connector_version    = each.value.connector_version
  site_domain          = each.value.site_domain
  username             = each.value.username
  skip_personal_spaces = each.value.skip_personal_spaces
  nouns                = each.value.nouns
  verbs                = each.value.verbs
  use_rbac             = each.value.use_rbac
}
