# To accept a stopped sync, set confirmed_sync to its ID and apply.
variable "confirmed_sync" {
  type    = string
  default = null
}

resource "terraform_data" "confirmed_sync" {
  count = var.confirmed_sync == null ? 0 : 1
  input = var.confirmed_sync

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.confluence_confirm_sync.wiki[0]]
    }
  }
}

action "confluence_confirm_sync" "wiki" {
  count = var.confirmed_sync == null ? 0 : 1

  config {
    app_id            = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
    connector_id      = "2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th"
    sync_lifecycle_id = var.confirmed_sync
  }
}
