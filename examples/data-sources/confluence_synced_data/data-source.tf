variable "app_id" {
  description = "ID of the ConductorOne app, which is in the URL of its page."
  type        = string
}

data "confluence_synced_data" "wiki" {
  app_id      = var.app_id
  count_limit = 500
}

output "synced" {
  value = {
    accounts     = data.confluence_synced_data.wiki.accounts
    entitlements = data.confluence_synced_data.wiki.entitlements
    resources    = data.confluence_synced_data.wiki.resources
    complete     = data.confluence_synced_data.wiki.complete
  }
}

# Every plan and every apply warns if nothing has arrived.
check "data_has_arrived" {
  data "confluence_synced_data" "now" {
    app_id      = var.app_id
    count_limit = 1
  }

  assert {
    condition     = data.confluence_synced_data.now.accounts > 0 && lookup(data.confluence_synced_data.now.resources, "Group", 0) > 0
    error_message = "The app must have at least one account and one group. Has its connector synced?"
  }
}
