# A new app.
resource "confluence_app" "wiki" {
  display_name = "Company wiki"
  description  = "Confluence Cloud at acme.atlassian.net"
  owner_emails = ["alice@acme.com"]

  annotations = {
    team = "docs"
  }
}

# An app that Okta discovered, promoted to a managed one.
resource "confluence_app" "marketing" {
  unmanaged_app = {
    app_id           = "2xKpOkOkOkOkOkOkOkOkOkOkOkO"
    resource_type_id = "application"
    resource_id      = "2xKpReReReReReReReReReReReR"
  }
}
