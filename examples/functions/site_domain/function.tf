variable "site" {
  type    = string
  default = "https://ACME.atlassian.net/wiki"
}

# acme.atlassian.net
output "site" {
  value = provider::confluence::site_domain(var.site)
}
