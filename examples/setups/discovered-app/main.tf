# An app that an identity provider discovered, promoted to a managed app, with a Confluence Cloud connector.
terraform {
  required_version = ">= 1.11"

  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
  }
}

# The credentials come from CONDUCTORONE_CLIENT_ID and CONDUCTORONE_CLIENT_SECRET.
provider "confluence" {}

# Ephemeral: Terraform stores it in neither a plan nor the state.
variable "confluence_api_token" {
  type        = string
  sensitive   = true
  ephemeral   = true
  description = "API token of the Atlassian account."
}

variable "discovered_app_id" {
  type        = string
  description = "ID of the discovered app as a resource of the identity provider."
}

# The app of the identity provider that discovered the app.
data "confluence_app" "okta" {
  display_name = "Okta"
}

resource "confluence_app" "wiki" {
  owner_emails = ["alice@acme.com"]

  unmanaged_app = {
    app_id           = data.confluence_app.okta.id
    resource_type_id = "application"
    resource_id      = var.discovered_app_id
  }
}

resource "confluence_integration" "wiki" {
  app_id             = confluence_app.wiki.id
  owner_emails       = ["alice@acme.com"]
  site_domain        = "acme" # acme.atlassian.net
  username           = "svc-c1@acme.com"
  api_key_wo         = var.confluence_api_token
  api_key_wo_version = 1 # raise it to send a new token
}
