# A Confluence Cloud connector whose API token is in AWS Secrets Manager, in a secret such as {"api_token": "…"}.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
  }
}

# The credentials come from CONDUCTORONE_CLIENT_ID and CONDUCTORONE_CLIENT_SECRET.
provider "confluence" {}

# The region and the credentials come from the environment, such as AWS_REGION and AWS_PROFILE.
provider "aws" {}

# Ephemeral: Terraform reads it in every run, and stores it in neither a plan nor the state.
ephemeral "aws_secretsmanager_secret_version" "atlassian" {
  secret_id = "atlassian"
}

locals {
  atlassian = jsondecode(ephemeral.aws_secretsmanager_secret_version.atlassian.secret_string)
}

data "confluence_app" "wiki" {
  display_name = "Confluence"
}

resource "confluence_integration" "wiki" {
  app_id             = data.confluence_app.wiki.id
  owner_emails       = ["alice@acme.com"]
  site_domain        = "acme" # acme.atlassian.net
  username           = "svc-c1@acme.com"
  api_key_wo         = local.atlassian.api_token
  api_key_wo_version = 1 # raise it to send a new token
}
