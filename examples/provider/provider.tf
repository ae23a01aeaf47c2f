terraform {
  required_providers {
    confluence = {
      source = "conductorone/confluence"
    }
  }
}

# The credentials come from CONDUCTORONE_CLIENT_ID and CONDUCTORONE_CLIENT_SECRET.
provider "confluence" {
  tenant_domain = "acme"
}
