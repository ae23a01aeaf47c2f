# Those of every app. With app_id = "..." only those of one app are listed.
data "confluence_integrations" "all" {}

# The connectors for Confluence Cloud that do not work, with the reason.
output "broken" {
  value = {
    for integration in data.confluence_integrations.all.integrations :
    integration.id => integration.last_error
    if integration.connector_version != null && integration.status == "ERROR"
  }
}

# The self-hosted connectors.
output "self_hosted" {
  value = [
    for integration in data.confluence_integrations.all.integrations :
    integration.display_name if integration.connector_version == null
  ]
}
