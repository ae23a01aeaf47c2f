# A new app with a connector for Confluence Cloud that you run yourself:
#   terraform output -raw manifests | kubectl apply -f -
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

# In the state, because the connector reads it from its environment.
variable "confluence_api_token" {
  type        = string
  sensitive   = true
  description = "API token of the Atlassian account."
}

resource "confluence_app" "wiki" {
  display_name = "Confluence"
  owner_emails = ["alice@acme.com"]
}

resource "confluence_self_hosted_integration" "wiki" {
  app_id       = confluence_app.wiki.id
  owner_emails = ["alice@acme.com"]
  site_domain  = "acme" # acme.atlassian.net
  username     = "svc-c1@acme.com"
  api_key      = var.confluence_api_token

  # Raise it to rotate the credential. The replaced credential works until the next rotation.
  credential_version = 1
}

output "manifests" {
  description = "Secret and Deployment of the connector, for kubectl."
  sensitive   = true
  value = provider::confluence::kubernetes_manifests(
    confluence_self_hosted_integration.wiki.environment,
    { namespace = "conductorone" }
  )
}
