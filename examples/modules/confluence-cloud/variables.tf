variable "name" {
  description = "Name of the app and of the connector in ConductorOne."
  type        = string
  default     = "Confluence"
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

variable "site_domain" {
  description = "Confluence Cloud site, such as acme or acme.atlassian.net."
  type        = string
}

variable "username" {
  description = "Email address of the Atlassian account that the connector signs in with."
  type        = string
}

variable "api_token" {
  description = "Atlassian API token of that account. Terraform stores it in neither plan nor state."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "api_token_version" {
  description = "Raise it to send a new API token."
  type        = number
  default     = 1
}

variable "schedule" {
  description = "When the connector syncs. By default, ConductorOne chooses the schedule."
  type = object({
    enabled  = optional(bool, true)
    cron     = optional(string)
    timezone = optional(string)
  })
  default = null
}
