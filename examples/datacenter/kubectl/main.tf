# terraform output -raw manifests | kubectl apply -f -

terraform {
  required_providers {
    confluence = {
      source = "conductorone/confluence"
    }
  }
}

output "manifests" {
  description = "Secret and Deployment of the connector, for kubectl."
  sensitive   = true
  value = provider::confluence::kubernetes_manifests(
    confluence_datacenter_integration.wiki.environment,
    { namespace = "conductorone" }
  )
}
