provider "confluence" {
  server_url = "https://c1.acme.example"
}
