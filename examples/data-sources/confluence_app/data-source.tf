# By name: the complete name of exactly one app.
data "confluence_app" "wiki" {
  display_name = "Confluence"
}

# By ID, as in the URL of the app's page.
data "confluence_app" "intranet" {
  id = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
}

resource "confluence_integration" "wiki" {
  app_id = data.confluence_app.wiki.id
}
