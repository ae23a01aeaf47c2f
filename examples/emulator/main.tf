# A connector whose tests create it in an emulated ConductorOne.
terraform {
  required_version = ">= 1.11"

  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
  }
}

# The tenant and the credentials come from the environment.
provider "confluence" {}

variable "app_id" {
  description = "ID of the ConductorOne app that the connector belongs to."
  type        = string
}

variable "confluence_api_token" {
  description = "API token of the Atlassian account."
  type        = string
  sensitive   = true
  ephemeral   = true
}

resource "confluence_integration" "wiki" {
  app_id             = var.app_id
  owner_emails       = ["alice@acme.example"]
  site_domain        = "acme"
  username           = "svc-c1@acme.example"
  api_key_wo         = var.confluence_api_token
  api_key_wo_version = 1
  wait_for_sync      = true
}

data "confluence_synced_data" "wiki" {
  app_id     = var.app_id
  depends_on = [confluence_integration.wiki]
}

output "connector_id" {
  value = confluence_integration.wiki.id
}

output "accounts" {
  value = data.confluence_synced_data.wiki.accounts
}
