# A new app with a Confluence Cloud connector.
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

resource "confluence_app" "wiki" {
  display_name = "Confluence"
  owner_emails = ["alice@acme.com"]
}

resource "confluence_integration" "wiki" {
  app_id             = confluence_app.wiki.id
  owner_emails       = ["alice@acme.com"]
  site_domain        = "acme" # acme.atlassian.net
  username           = "svc-c1@acme.com"
  api_key_wo         = var.confluence_api_token
  api_key_wo_version = 1 # raise it to send a new token
}
