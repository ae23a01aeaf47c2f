# A connector in an existing app.
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

variable "app_id" {
  type        = string
  description = "ID of the app, as in the URL of its page in ConductorOne."
}

variable "owner_id" {
  type        = string
  description = "ID of the ConductorOne user who owns the connector."
}

variable "confluence_api_token" {
  type        = string
  sensitive   = true
  ephemeral   = true
  description = "API token of the Atlassian account."
}

resource "confluence_integration" "wiki" {
  app_id             = var.app_id
  owner_ids          = [var.owner_id]
  site_domain        = "acme"
  username           = "svc-c1@acme.com"
  api_key_wo         = var.confluence_api_token
  api_key_wo_version = 1
}
