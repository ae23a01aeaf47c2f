# A new app with a connector.
terraform {
  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
  }
}

# The credentials come from CONDUCTORONE_CLIENT_ID and CONDUCTORONE_CLIENT_SECRET.
provider "confluence" {}

variable "owner_id" {
  type        = string
  description = "ID of the ConductorOne user who owns the app and the connector."
}

variable "confluence_api_token" {
  type        = string
  sensitive   = true
  ephemeral   = true
  description = "API token of the Atlassian account."
}

resource "confluence_app" "wiki" {
  display_name = "Confluence"
  owner_ids    = [var.owner_id]
}

resource "confluence_integration" "wiki" {
  app_id             = confluence_app.wiki.id
  owner_ids          = [var.owner_id]
  site_domain        = "acme"
  username           = "svc-c1@acme.com"
  api_key_wo         = var.confluence_api_token
  api_key_wo_version = 1
}
