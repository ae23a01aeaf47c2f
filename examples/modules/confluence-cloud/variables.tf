variable "name" {
  description = "Name of the app and of the connector in ConductorOne."
  type        = string
  default     = "Confluence"
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

variable "site_domain" {
  description = "Confluence Cloud site, such as acme or acme.atlassian.net."
  type        = string
}

variable "username" {
  description = "Email address of the Atlassian account that the connector signs in as."
  type        = string
}

variable "api_token" {
  description = "Atlassian API token of that account. It is in neither plan nor state."
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
  description = "When the connector syncs; by default when ConductorOne likes."
  type = object({
    enabled  = optional(bool, true)
    cron     = optional(string)
    timezone = optional(string)
  })
  default = null
}
