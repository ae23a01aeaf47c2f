resource "confluence_integration" "wiki" {
  app_id      = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  site_domain = "acme"
  username    = "svc-c1@acme.com"
  api_key     = var.confluence_api_token
}

# A sync follows each change of these settings, and the apply waits for it.
resource "terraform_data" "settings" {
  input = [confluence_integration.wiki.site_domain, confluence_integration.wiki.username]

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.confluence_force_sync.wiki]
    }
  }
}

action "confluence_force_sync" "wiki" {
  config {
    app_id       = confluence_integration.wiki.app_id
    connector_id = confluence_integration.wiki.id
    wait         = true

    timeouts = {
      invoke = "2h"
    }
  }
}

variable "confluence_api_token" {
  type      = string
  sensitive = true
}
