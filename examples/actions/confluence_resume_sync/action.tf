resource "confluence_integration" "wiki" {
  app_id             = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  site_domain        = "acme"
  username           = "svc-c1@acme.com"
  api_key_wo         = var.confluence_api_token
  api_key_wo_version = 2
}

# A new API token resumes the connector, which ConductorOne may have disabled after failed syncs.
resource "terraform_data" "api_token" {
  input = confluence_integration.wiki.api_key_wo_version

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.confluence_resume_sync.wiki]
    }
  }
}

action "confluence_resume_sync" "wiki" {
  config {
    app_id       = confluence_integration.wiki.app_id
    connector_id = confluence_integration.wiki.id
  }
}

variable "confluence_api_token" {
  type      = string
  ephemeral = true
}
