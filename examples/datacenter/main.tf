# With kubectl:
#   terraform output -raw manifests | kubectl apply -f -
#
# With Docker Compose:
#   terraform output -raw environment_file > connector.env
#   docker compose up -d

terraform {
  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
  }
}

variable "app_id" {
  description = "ID of the ConductorOne app that the connector belongs to."
  type        = string
}

variable "confluence_access_token" {
  description = "Personal access token of the account that the connector signs in with."
  type        = string
  sensitive   = true
}

resource "confluence_datacenter_integration" "wiki" {
  app_id       = var.app_id
  owner_emails = ["alice@acme.com"]
  hostname     = "https://confluence.corp.acme.com"
  access_token = var.confluence_access_token
  provisioning = true

  # Raise it to rotate the credential. The replaced credential works until the next rotation.
  credential_version = 1
}

output "manifests" {
  description = "Secret and Deployment of the connector, for kubectl."
  sensitive   = true
  value = provider::confluence::kubernetes_manifests(
    confluence_datacenter_integration.wiki.environment,
    { namespace = "conductorone" }
  )
}

output "environment_file" {
  description = "Environment file for compose.yaml. Quotes protect characters such as $."
  sensitive   = true
  value = join("", [
    for name, value in confluence_datacenter_integration.wiki.environment : "${name}='${replace(value, "'", "\\'")}'\n"
  ])
}
