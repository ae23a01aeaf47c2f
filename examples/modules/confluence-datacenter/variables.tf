variable "name" {
  description = "Name of the app and of the connector in ConductorOne."
  type        = string
  default     = "Confluence Data Center"
}

variable "app_id" {
  description = "ID of an app that exists. Without it the module creates one."
  type        = string
  default     = null
}

variable "owner_emails" {
  description = "Email addresses of the people who look after the connector."
  type        = set(string)

  validation {
    condition     = length(var.owner_emails) > 0
    error_message = "Name at least one owner: ConductorOne writes to them when a sync fails."
  }
}

variable "hostname" {
  description = "URL of the Confluence instance as the connector reaches it, such as https://confluence.corp.acme.com."
  type        = string
}

variable "access_token" {
  description = "Personal access token of the account that the connector signs in as. It is kept in the state."
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
  description = "Hours before its end from which on a plan rotates the credential by itself."
  type        = number
  default     = null
}

variable "revoke_previous_credential" {
  description = "Whether a replaced credential is revoked at once. Otherwise it works until the next rotation."
  type        = bool
  default     = false
}

variable "manifests" {
  description = "Options of kubernetes_manifests, such as { namespace = \"conductorone\" }; {} for none."
  type        = any
  default     = {}
  nullable    = false
}
