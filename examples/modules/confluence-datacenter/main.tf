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

resource "confluence_datacenter_integration" "this" {
  app_id       = local.app_id
  display_name = var.name
  owner_emails = var.owner_emails

  hostname     = var.hostname
  access_token = var.access_token
  provisioning = var.provisioning

  credential_version         = var.credential_version
  early_rotation_hours       = var.early_rotation_hours
  revoke_previous_credential = var.revoke_previous_credential
}
