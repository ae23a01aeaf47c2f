terraform {
  required_version = ">= 1.11"

  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
  }
}

resource "confluence_app" "this" {
  count = var.app_id == null ? 1 : 0

  display_name = var.name
}

locals {
  app_id = var.app_id == null ? confluence_app.this[0].id : var.app_id
}

resource "confluence_integration" "this" {
  app_id       = local.app_id
  display_name = var.name
  owner_emails = var.owner_emails

  site_domain        = var.site_domain
  username           = var.username
  api_key_wo         = var.api_token
  api_key_wo_version = var.api_token_version

  sync = var.schedule
}
