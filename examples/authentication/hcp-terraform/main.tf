# HCP Terraform sets TFC_WORKLOAD_IDENTITY_TOKEN_CONDUCTORONE.
provider "confluence" {
  client_id = "clever-fox-42195@acme.conductor.one/wfe"
}
