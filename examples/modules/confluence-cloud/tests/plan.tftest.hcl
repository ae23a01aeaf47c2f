# The tests only check plans of a mocked provider, so they require no account.
mock_provider "confluence" {}

variables {
  owner_emails = ["alice@acme.com"]
  site_domain  = "acme"
  username     = "svc-c1@acme.com"
  api_token    = "not-a-token"
}

run "creates_an_app" {
  command = plan

  assert {
    condition     = length(confluence_app.this) == 1
    error_message = "Without app_id, the module creates an app."
  }
}

run "uses_an_existing_app" {
  command = plan

  variables {
    app_id = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
  }

  assert {
    condition     = length(confluence_app.this) == 0
    error_message = "With app_id, the module creates no app."
  }

  assert {
    condition     = confluence_integration.this.app_id == "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
    error_message = "The connector belongs to the app with this ID."
  }
}

run "requires_an_owner" {
  command = plan

  variables {
    owner_emails = []
  }

  expect_failures = [var.owner_emails]
}
