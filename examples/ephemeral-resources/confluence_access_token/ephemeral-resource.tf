ephemeral "confluence_access_token" "this" {}

# A script that calls ConductorOne's API. Terraform hides the output of a command whose environment is ephemeral.
resource "terraform_data" "access_report" {
  triggers_replace = ["2027-03"]

  provisioner "local-exec" {
    command = "./access-report.sh"
    environment = {
      CONDUCTORONE_ACCESS_TOKEN = ephemeral.confluence_access_token.this.token
    }
  }
}
