# Lists the connectors of every app. Set app_id to list the connectors of one app.
data "confluence_integrations" "all" {}

# The Confluence Cloud connectors that do not work, with the reason.
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
