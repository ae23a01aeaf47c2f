# A new app with a Confluence Cloud connector, applied by the workflow terraform.yaml.
terraform {
  required_version = ">= 1.11"

  # The workflow sets the bucket, the key and the region.
  backend "s3" {}

  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
  }
}

# The workflow sets CONDUCTORONE_OIDC_TOKEN.
provider "confluence" {
  client_id = "swift-otter-19384@acme.conductor.one/wfe"
}

# The workflow sets TF_VAR_confluence_api_token from a secret of the repository.
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
