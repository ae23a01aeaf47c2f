variables {
  confluence_api_token = "any-token"
}

run "the_connector_syncs" {
  command = apply

  assert {
    condition     = output.accounts > 0
    error_message = "No account has arrived in ConductorOne."
  }
}

run "a_second_apply_changes_nothing" {
  command = plan

  assert {
    # The ID would be unknown if the plan replaced the connector.
    condition     = output.connector_id != ""
    error_message = "The plan replaces the connector."
  }
}
