# An app that an identity provider discovered, promoted to a managed app, with a connector.
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

variable "identity_provider_app_id" {
  type        = string
  description = "ID of the identity provider's app in ConductorOne, such as Okta."
}

variable "resource_id" {
  type        = string
  description = "ID of the discovered app as a resource of the identity provider."
}

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
  owner_ids = [var.owner_id]

  unmanaged_app = {
    app_id           = var.identity_provider_app_id
    resource_type_id = "application"
    resource_id      = var.resource_id
  }
}

resource "confluence_integration" "wiki" {
  app_id             = confluence_app.wiki.id
  owner_ids          = [var.owner_id]
  site_domain        = "acme"
  username           = "svc-c1@acme.com"
  api_key_wo         = var.confluence_api_token
  api_key_wo_version = 1
}
