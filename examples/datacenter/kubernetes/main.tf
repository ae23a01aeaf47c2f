terraform {
  required_providers {
    confluence = {
      source = "conductorone/confluence"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = ">= 2.36"
    }
  }
}

provider "kubernetes" {
  config_path = "~/.kube/config"
}

locals {
  name        = "baton-confluence-datacenter"
  environment = confluence_datacenter_integration.wiki.environment
  checksum    = nonsensitive(sha256(jsonencode(local.environment)))
}

resource "kubernetes_secret_v1" "connector" {
  metadata {
    name      = "${local.name}-secrets"
    namespace = "conductorone"
  }

  # Write-only: the Secret's content is in no plan, and not a second time in the state.
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

    # Two pods must not have one host ID, not even during an update.
    strategy {
      type = "Recreate"
    }

    selector {
      match_labels = { app = local.name }
    }

    template {
      metadata {
        labels = { app = local.name, baton = "true", baton-app = "confluence-datacenter" }
        # Pods read the Secret when they start: another checksum starts them anew.
        annotations = { "checksum/secret" = local.checksum }
      }

      spec {
        automount_service_account_token = false

        container {
          name              = local.name
          image             = "public.ecr.aws/conductorone/${local.name}:latest"
          image_pull_policy = "IfNotPresent"

          # The user of the image, which runs with no privileges.
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

          # Where the connector writes what it syncs before it sends it.
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
