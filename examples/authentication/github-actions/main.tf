# The workflow sets CONDUCTORONE_OIDC_TOKEN.
provider "confluence" {
  client_id = "swift-otter-19384@acme.conductor.one/wfe"
}
