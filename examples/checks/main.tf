# Every plan and every apply checks the connector, and warns if it does not work. A failed check does not stop the run.

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
  description = "ID of the ConductorOne app that the connector belongs to."
  type        = string
}

variable "connector_id" {
  description = "ID of the connector. Both IDs are in the URL of its page."
  type        = string
}

# The tenant and the credentials come from the environment.
provider "confluence" {}

check "confluence_connector" {
  data "confluence_integration" "wiki" {
    app_id = var.app_id
    id     = var.connector_id
  }

  assert {
    condition = contains(["CONNECTED", "SYNCING"], data.confluence_integration.wiki.status)
    error_message = join(" ", [
      "The connector ${data.confluence_integration.wiki.display_name} is",
      "${data.confluence_integration.wiki.status}. ${data.confluence_integration.wiki.last_error}",
    ])
  }

  # last_sync_at is null for a connector that has never synced. The assertion above reports that case.
  assert {
    condition = try(
      timecmp(data.confluence_integration.wiki.last_sync_at, timeadd(plantimestamp(), "-48h")) > 0,
      true,
    )
    error_message = "No sync has finished in the last two days."
  }
}
