variable "name" {
  description = "Name of the app and of the connector in ConductorOne."
  type        = string
  default     = "Confluence Data Center"
}

variable "app_id" {
  description = "ID of an existing app. Without it, the module creates an app."
  type        = string
  default     = null
}

variable "owner_emails" {
  description = "Email addresses of the connector's owners in ConductorOne."
  type        = set(string)

  validation {
    condition     = length(var.owner_emails) > 0
    error_message = "Name at least one owner. ConductorOne notifies the owners when a sync fails."
  }
}

variable "hostname" {
  description = "URL at which the connector reaches Confluence, such as https://confluence.corp.acme.com."
  type        = string
}

variable "access_token" {
  description = "Personal access token of the account that the connector signs in with. Terraform stores it in the state."
  type        = string
  sensitive   = true
}

variable "provisioning" {
  description = "Whether ConductorOne may grant and revoke access through the connector."
  type        = bool
  default     = false
}

variable "credential_version" {
  description = "Raise it to rotate the credential that the connector signs in with."
  type        = number
  default     = 1
}

variable "early_rotation_hours" {
  description = "A plan rotates the credential if it expires within this number of hours."
  type        = number
  default     = null
}

variable "revoke_previous_credential" {
  description = "Whether to revoke a replaced credential immediately. Otherwise it works until the next rotation."
  type        = bool
  default     = false
}

variable "manifests" {
  description = "Options of kubernetes_manifests, such as { namespace = \"conductorone\" }. Use {} for no options."
  type        = any
  default     = {}
  nullable    = false
}
