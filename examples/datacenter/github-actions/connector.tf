variable "app_id" {
  description = "ID of the ConductorOne app that the connector belongs to."
  type        = string
}

variable "confluence_access_token" {
  description = "Personal access token of the account that reads Confluence Data Center."
  type        = string
  sensitive   = true
}

resource "confluence_datacenter_integration" "wiki" {
  app_id       = var.app_id
  hostname     = "https://confluence.corp.acme.com"
  access_token = var.confluence_access_token
  provisioning = true

  # Raise it to rotate. The replaced credential works until the next rotation, so that pods can roll over.
  credential_version = 1
}
