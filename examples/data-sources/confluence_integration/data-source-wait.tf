# Waits until a connector that runs on a cluster has finished its first sync. The apply then ends with the result.
variable "confluence_api_key" {
  type      = string
  sensitive = true
}

resource "confluence_self_hosted_integration" "wiki" {
  app_id      = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  site_domain = "acme"
  username    = "svc-c1@acme.com"
  api_key     = var.confluence_api_key
}

# This stands for the Deployment of the connector, such as a kubernetes_deployment_v1.
resource "terraform_data" "deployment" {
  input = confluence_self_hosted_integration.wiki.environment
}

data "confluence_integration" "deployed" {
  app_id          = confluence_self_hosted_integration.wiki.app_id
  id              = confluence_self_hosted_integration.wiki.id
  wait_for_status = "CONNECTED"
  timeouts        = { read = "30m" }

  depends_on = [terraform_data.deployment]
}
