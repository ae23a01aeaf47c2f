variable "confluence_access_token" {
  type      = string
  sensitive = true
}

resource "confluence_datacenter_integration" "wiki" {
  app_id       = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  hostname     = "https://confluence.corp.acme.com"
  access_token = var.confluence_access_token
}

# terraform output -raw manifests | kubectl apply -f -
output "manifests" {
  sensitive = true
  value = provider::confluence::kubernetes_manifests(confluence_datacenter_integration.wiki.environment, {
    namespace = "connectors"
    labels    = { team = "iam" }
    resources = {
      requests = { cpu = "100m", memory = "128Mi" }
      limits   = { memory = "256Mi" }
    }
  })
}
