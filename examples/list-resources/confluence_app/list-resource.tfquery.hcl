# Every app that the credential's user may see, at most 500 of them.
list "confluence_app" "all" {
  provider = confluence
  limit    = 500
}

# Those of one name.
list "confluence_app" "confluence" {
  provider = confluence

  config {
    display_name = "Confluence"
  }
}
