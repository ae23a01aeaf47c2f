# The token comes from CONDUCTORONE_ACCESS_TOKEN. It does not name the tenant.
provider "confluence" {
  tenant_domain = "acme"
}
