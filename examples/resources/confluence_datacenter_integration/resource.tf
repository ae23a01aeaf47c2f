variable "confluence_access_token" {
  type      = string
  sensitive = true
}

resource "confluence_datacenter_integration" "wiki" {
  app_id       = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  owner_emails = ["alice@acme.com"]
  display_name = "Engineering wiki"

  hostname     = "https://confluence.corp.acme.com"
  access_token = var.confluence_access_token
  check_login  = true # sign in to Confluence before the connector gets a login
  provisioning = true

  # Sync every night at four, in the time zone of New York.
  sync = {
    cron     = "0 4 * * *"
    timezone = "America/New_York"
  }
}

# The environment variables of the connector process.
output "connector_environment" {
  value     = confluence_datacenter_integration.wiki.environment
  sensitive = true
}
