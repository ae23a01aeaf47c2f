# Two Confluence connectors in ConductorOne: one for Confluence Cloud, one for Confluence Data Center.
#
# run.sh applies this configuration to an emulated tenant. It also works with a real tenant: set CONDUCTORONE_CLIENT_ID and
# CONDUCTORONE_CLIENT_SECRET of that tenant in the environment, and use real values for the variables.

terraform {
  required_version = ">= 1.11"

  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
  }
}

variable "app_id" {
  description = "ID of the ConductorOne app that the connectors belong to."
  type        = string
}

variable "owner_id" {
  description = "ID of the ConductorOne user who owns the connectors."
  type        = string
}

variable "confluence_api_token" {
  description = "Atlassian API token of the account that the Cloud connector signs in with."
  type        = string
  sensitive   = true
}

variable "confluence_url" {
  description = "URL of the Confluence Data Center."
  type        = string
}

variable "confluence_access_token" {
  description = "Personal access token of the account that the Data Center connector signs in with."
  type        = string
  sensitive   = true
}

# The tenant and the credentials come from the environment.
provider "confluence" {}

# ConductorOne runs this connector, so it receives the settings and the API token.
resource "confluence_integration" "cloud" {
  app_id       = var.app_id
  owner_ids    = [var.owner_id]
  display_name = "Company wiki"
  description  = "Spaces, groups and permissions of acme.atlassian.net"

  site_domain          = "acme"
  username             = "svc-conductorone@acme.example"
  api_key              = var.confluence_api_token
  skip_personal_spaces = true
}

# You run this connector yourself. ConductorOne only registers it and issues its credential.
resource "confluence_datacenter_integration" "engineering" {
  app_id       = var.app_id
  owner_ids    = [var.owner_id]
  display_name = "Engineering wiki"

  hostname     = var.confluence_url
  access_token = var.confluence_access_token
  check_login  = true # sign in to Confluence before the connector gets a new login
  provisioning = true
}

# Waits for the first sync of the connector that ConductorOne runs, and counts what it has brought.
data "confluence_integration" "cloud" {
  app_id          = confluence_integration.cloud.app_id
  id              = confluence_integration.cloud.id
  wait_for_status = "CONNECTED"
}

data "confluence_synced_data" "cloud" {
  app_id       = data.confluence_integration.cloud.app_id
  connector_id = data.confluence_integration.cloud.id
}

output "synced_data" {
  description = "Accounts, entitlements and resources that have arrived in ConductorOne."
  value = {
    accounts     = data.confluence_synced_data.cloud.accounts
    entitlements = data.confluence_synced_data.cloud.entitlements
    resources    = data.confluence_synced_data.cloud.resources
  }
}

output "site" {
  description = "Normal form of the site, for comparisons."
  value       = provider::confluence::site_domain("https://ACME.atlassian.net/wiki")
}

output "connector_ids" {
  description = "IDs of the connectors in ConductorOne."
  value = {
    cloud       = confluence_integration.cloud.id
    engineering = confluence_datacenter_integration.engineering.id
  }
}

output "connector_environment" {
  description = "Names of the variables that the self-hosted connector requires. Their values stay sensitive."
  value       = nonsensitive(keys(confluence_datacenter_integration.engineering.environment))
}
