variable "confluence_api_key" {
  type      = string
  sensitive = true
}

resource "confluence_self_hosted_integration" "wiki" {
  app_id       = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  owner_emails = ["alice@acme.com"]
  display_name = "Company wiki"

  site_domain = "acme" # acme.atlassian.net
  username    = "svc-c1@acme.com"
  api_key     = var.confluence_api_key

  # Let ConductorOne grant and revoke access, and read only the permissions of shared spaces.
  provisioning         = true
  skip_personal_spaces = true
  nouns                = ["space"]
  verbs                = ["administer", "create", "delete", "export", "read"]
}

# The connector's Secret and Deployment, for kubectl.
output "connector_manifests" {
  value     = provider::confluence::kubernetes_manifests(confluence_self_hosted_integration.wiki.environment, {})
  sensitive = true
}
