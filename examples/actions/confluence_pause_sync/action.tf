# The connector is paused before each migration of the Confluence site, and resumed after it.
resource "terraform_data" "migration" {
  input = "2027-03"

  lifecycle {
    action_trigger {
      events  = [before_create, before_update]
      actions = [action.confluence_pause_sync.wiki]
    }
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.confluence_resume_sync.wiki]
    }
  }
}

action "confluence_pause_sync" "wiki" {
  config {
    app_id       = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
    connector_id = "2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th"
  }
}

action "confluence_resume_sync" "wiki" {
  config {
    app_id       = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
    connector_id = "2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th"
  }
}
