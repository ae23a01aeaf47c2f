# Lists all Confluence Cloud connectors that the credential's user may see.
list "confluence_integration" "all" {
  provider = confluence
}

# Lists the connectors of one app with their settings.
list "confluence_integration" "wiki" {
  provider         = confluence
  include_resource = true

  config {
    app_id = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  }
}
