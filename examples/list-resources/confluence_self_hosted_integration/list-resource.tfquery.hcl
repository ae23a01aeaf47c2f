# Lists the self-hosted connectors of one app.
list "confluence_self_hosted_integration" "wiki" {
  provider = confluence

  config {
    app_id = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  }
}
