terraform {
  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> 0.1.0"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 2.36"
    }
  }
}

provider "kubernetes" {
  config_path = "~/.kube/config"
}

variable "confluence_access_token" {
  description = "Personal access token of the account that the connector signs in with."
  type        = string
  sensitive   = true
}

module "connector" {
  source = "../../modules/confluence-datacenter"

  owner_emails = ["alice@acme.com"]
  hostname     = "https://confluence.corp.acme.com"
  access_token = var.confluence_access_token
  provisioning = true
}

locals {
  name        = "baton-confluence-datacenter"
  environment = module.connector.environment
  checksum    = nonsensitive(sha256(jsonencode(local.environment)))
}

resource "kubernetes_secret_v1" "connector" {
  metadata {
    name      = "${local.name}-secrets"
    namespace = "conductorone"
  }

  # Write-only: Terraform stores the Secret's content in no plan, and not a second time in the state.
  data_wo          = local.environment
  data_wo_revision = parseint(substr(local.checksum, 0, 8), 16)
}

resource "kubernetes_deployment_v1" "connector" {
  metadata {
    name      = local.name
    namespace = "conductorone"
    labels    = { app = local.name }
  }

  spec {
    replicas = 1

    # Two pods must not have the same host ID, not even during an update.
    strategy {
      type = "Recreate"
    }

    selector {
      match_labels = { app = local.name }
    }

    template {
      metadata {
        labels = { app = local.name, baton = "true", baton-app = "confluence-datacenter" }
        # Pods read the Secret when they start. A changed checksum makes Kubernetes replace them.
        annotations = { "checksum/secret" = local.checksum }
      }

      spec {
        automount_service_account_token = false

        container {
          name              = local.name
          image             = "public.ecr.aws/conductorone/${local.name}:latest"
          image_pull_policy = "IfNotPresent"

          # The unprivileged user of the image.
          security_context {
            run_as_non_root            = true
            run_as_user                = 65532
            run_as_group               = 65532
            allow_privilege_escalation = false
            read_only_root_filesystem  = true

            capabilities {
              drop = ["ALL"]
            }

            seccomp_profile {
              type = "RuntimeDefault"
            }
          }

          env {
            name  = "BATON_HOST_ID"
            value = local.name
          }

          # The directory for synced data that the connector has not sent yet.
          env {
            name  = "BATON_C1Z_TEMP_DIR"
            value = "/tmp"
          }

          env_from {
            secret_ref {
              name = kubernetes_secret_v1.connector.metadata[0].name
            }
          }

          volume_mount {
            name       = "tmp"
            mount_path = "/tmp"
          }
        }

        volume {
          name = "tmp"

          empty_dir {}
        }
      }
    }
  }
}
