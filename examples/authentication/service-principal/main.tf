variable "conductorone_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

provider "confluence" {
  client_id     = "plucky-heron-40417@acme.conductor.one/spc"
  client_secret = var.conductorone_client_secret
}
