output "app_id" {
  description = "ID of the app that the connector belongs to."
  value       = local.app_id
}

output "connector_id" {
  description = "ID of the connector."
  value       = confluence_datacenter_integration.this.id
}

output "environment" {
  description = "Environment variables of the connector process, including its secrets."
  value       = confluence_datacenter_integration.this.environment
  sensitive   = true
}

output "manifests" {
  description = "Secret and Deployment for kubectl, with the secrets in plain text."
  value = provider::confluence::kubernetes_manifests(
    confluence_datacenter_integration.this.environment,
    var.manifests
  )
  sensitive = true
}
