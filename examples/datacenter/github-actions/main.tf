# A workflow that deploys the connector reads ${{ secrets.BATON_CLIENT_ID }} and the other secrets.

terraform {
  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
    github = {
      source  = "integrations/github"
      version = "~> 6.0"
    }
  }
}

provider "github" {
  owner = "acme"
}

variable "confluence_access_token" {
  description = "Personal access token of the account that the connector signs in with."
  type        = string
  sensitive   = true
}

module "connector" {
  source = "../../modules/confluence-datacenter"

  owner_emails = ["alice@acme.com"]
  hostname     = "https://confluence.corp.acme.com"
  access_token = var.confluence_access_token
  provisioning = true
}

locals {
  environment = module.connector.environment
}

resource "github_actions_secret" "connector" {
  # Only the values of the variables are secret, not their names.
  for_each = toset(nonsensitive(keys(local.environment)))

  repository      = "confluence-connector"
  secret_name     = each.key
  plaintext_value = local.environment[each.key]
}
