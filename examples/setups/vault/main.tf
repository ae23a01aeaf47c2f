# A Confluence Cloud connector whose API token is in HashiCorp Vault.
terraform {
  required_version = ">= 1.11"

  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
    vault = {
      source  = "hashicorp/vault"
      version = "~> 5.0"
    }
  }
}

# The credentials come from CONDUCTORONE_CLIENT_ID and CONDUCTORONE_CLIENT_SECRET.
provider "confluence" {}

# The address and the token come from VAULT_ADDR and VAULT_TOKEN.
provider "vault" {}

# Ephemeral: Terraform reads it in every run, and stores it in neither a plan nor the state.
ephemeral "vault_kv_secret_v2" "atlassian" {
  mount = "secret"
  name  = "atlassian"
}

data "confluence_app" "wiki" {
  display_name = "Confluence"
}

resource "confluence_integration" "wiki" {
  app_id             = data.confluence_app.wiki.id
  owner_emails       = ["alice@acme.com"]
  site_domain        = "acme" # acme.atlassian.net
  username           = "svc-c1@acme.com"
  api_key_wo         = ephemeral.vault_kv_secret_v2.atlassian.data.api_token
  api_key_wo_version = 1 # raise it to send a new token
}
