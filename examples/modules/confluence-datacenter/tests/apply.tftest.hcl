# The tests use a mocked provider, so they require no account. Its functions are not mocked.
mock_provider "confluence" {
  mock_resource "confluence_datacenter_integration" {
    defaults = {
      environment = {
        BATON_CLIENT_ID     = "sturdy-ibex-20718@acme.conductor.one/ccc"
        BATON_CLIENT_SECRET = "not-a-secret"
        BATON_HOSTNAME      = "https://confluence.corp.acme.com"
        BATON_ACCESS_TOKEN  = "not-a-token"
      }
    }
  }
}

variables {
  owner_emails = ["alice@acme.com"]
  hostname     = "https://confluence.corp.acme.com"
  access_token = "not-a-token"
}

run "writes_manifests" {
  variables {
    manifests = { namespace = "conductorone" }
  }

  assert {
    condition     = strcontains(output.manifests, "namespace: \"conductorone\"")
    error_message = "The manifests contain the options."
  }
}

run "requires_an_owner" {
  command = plan

  variables {
    owner_emails = []
  }

  expect_failures = [var.owner_emails]
}
