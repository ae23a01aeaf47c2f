data "confluence_user" "alice" {
  email = "alice@acme.com"

  lifecycle {
    postcondition {
      condition     = self.status == "ENABLED"
      error_message = "${self.display_name} cannot sign in to ConductorOne, so the connector would have no active owner."
    }
  }
}

resource "confluence_integration" "wiki" {
  app_id    = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  owner_ids = [data.confluence_user.alice.id]
}
