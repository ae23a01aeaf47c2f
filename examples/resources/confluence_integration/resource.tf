# Terraform stores neither the ephemeral variable nor the write-only attribute.
variable "confluence_api_token" {
  type      = string
  sensitive = true
  ephemeral = true
}

# A connector with its settings starts to sync as soon as it is created.
resource "confluence_integration" "wiki" {
  app_id       = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  owner_emails = ["alice@acme.com"]
  display_name = "Company wiki"

  site_domain          = "acme.atlassian.net"
  username             = "svc-c1@acme.com"
  api_key_wo           = var.confluence_api_token
  api_key_wo_version   = 1    # raise it to send a new token
  check_login          = true # sign in to Confluence before a login is stored
  skip_personal_spaces = true
}

# Syncs every weekday at four in the morning. The apply ends when the first sync has succeeded.
resource "confluence_integration" "handbook" {
  app_id = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"

  site_domain        = "acme-handbook"
  username           = "svc-c1@acme.com"
  api_key_wo         = var.confluence_api_token
  api_key_wo_version = 1

  sync = {
    cron     = "0 4 * * MON-FRI"
    timezone = "Europe/Berlin"
  }

  wait_for_sync = true
  timeouts      = { create = "1h", update = "1h" }
}

# Without settings, ConductorOne sends the owners an email and asks them to enter the settings.
resource "confluence_integration" "marketing" {
  app_id       = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  owner_emails = ["bob@acme.com"]
}
