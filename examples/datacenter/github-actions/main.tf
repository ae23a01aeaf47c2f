# A workflow that deploys the connector reads ${{ secrets.BATON_CLIENT_ID }} and so on.

terraform {
  required_providers {
    confluence = {
      source = "conductorone/confluence"
    }
    github = {
      source  = "integrations/github"
      version = ">= 6.0"
    }
  }
}

provider "github" {
  owner = "acme"
}

locals {
  environment = confluence_datacenter_integration.wiki.environment
}

resource "github_actions_secret" "connector" {
  # The names of the variables are no secret, only their values are.
  for_each = toset(nonsensitive(keys(local.environment)))

  repository      = "confluence-connector"
  secret_name     = each.key
  plaintext_value = local.environment[each.key]
}
