output "app_id" {
  description = "ID of the app that the connector belongs to."
  value       = local.app_id
}

output "connector_id" {
  description = "ID of the connector."
  value       = confluence_integration.this.id
}
