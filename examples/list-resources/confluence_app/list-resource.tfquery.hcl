# Lists all apps that the credential's user may see, up to 500.
list "confluence_app" "all" {
  provider = confluence
  limit    = 500
}

# Lists the apps with this name.
list "confluence_app" "confluence" {
  provider = confluence

  config {
    display_name = "Confluence"
  }
}
