# terraform output -raw environment_file > connector.env
# docker compose up -d

terraform {
  required_providers {
    confluence = {
      source = "conductorone/confluence"
    }
  }
}

output "environment_file" {
  description = "What compose.yaml reads. Quotes keep characters such as $ as they are."
  sensitive   = true
  value = join("", [
    for name, value in confluence_datacenter_integration.wiki.environment : "${name}='${replace(value, "'", "\\'")}'\n"
  ])
}
