# Everything that is done with this repository. `make` alone lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Cargo reads this variable from the environment too, so that both agree.
CARGO_TARGET_DIR ?= target
CI ?=
HOME ?=

# Terraform wins over OpenTofu where both are installed. The tests and the demo choose in the same way.
CLI := $(shell command -v terraform || command -v tofu || true)

# The first version in Cargo.toml is the workspace's.
VERSION := $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' Cargo.toml | head -n 1)
OS := $(shell uname -s | tr '[:upper:]' '[:lower:]')
ARCH := $(shell uname -m | sed -e 's/^x86_64$$/amd64/' -e 's/^aarch64$$/arm64/')

# Where the files of a release go, what they are built for, and what signs them.
DIST ?= $(CARGO_TARGET_DIR)/dist
TARGET ?=
GPG_KEY ?=

# Both command line tools look here for providers before they ask a registry.
PLUGIN_DIR ?= $(HOME)/.terraform.d/plugins
# A source without a host means another host in each tool.
PLUGIN_HOSTS := registry.terraform.io registry.opentofu.org

define HOW_TO_GET_A_CLI
Neither terraform nor tofu is on the PATH. Either of them will do, in version 1.11 or later:
  Terraform  https://developer.hashicorp.com/terraform/install
  OpenTofu   https://opentofu.org/docs/intro/install/
endef

define REQUIRED_PROVIDERS
terraform {
  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "$(VERSION)"
    }
  }
}
endef

define ACCEPTANCE_SKIPPED
========================================================================
  THE ACCEPTANCE TESTS DID NOT RUN. Everything else passed.

$(HOW_TO_GET_A_CLI)
========================================================================
endef

# Recipes read the texts from the environment, where nothing in them needs quoting.
export HOW_TO_GET_A_CLI REQUIRED_PROVIDERS ACCEPTANCE_SKIPPED

.PHONY: help
## List the targets.
help:
	@awk '/^## / { text = text (text == "" ? "" : "\n            ") substr($$0, 4); next } \
	  /^[a-z]+:/ && text != "" { sub(/:.*/, ""); printf "  %-9s %s\n", $$0, text } \
	  /^$$/ { text = "" }' Makefile

.PHONY: demo
## Build, and run examples/demo with the real command line tool against an emulated ConductorOne.
## Needs no account and changes nothing outside a temporary folder.
# The dev profile: optimising takes longer than building, and nobody notices the difference here.
demo: cli
	cargo build --workspace --locked
	@PROVIDER_DIR="$(abspath $(CARGO_TARGET_DIR))/debug" examples/demo/run.sh

.PHONY: test
## Check formatting and lints, then run all tests. The first time, this builds a release, which takes minutes.
## Without terraform or tofu the acceptance tests are left out; with CI=true that is a failure.
# --workspace in every line: one set of features, so that nothing is compiled twice.
test: $(if $(filter true,$(CI)),cli) lint
	cargo test --workspace --locked --lib --bins --test api --test protocol --test docs
	cargo test --workspace --locked --doc
	cargo test --workspace --locked --test release
	@if [[ -n "$(CLI)" ]]; then \
	  set -x; cargo test --workspace --locked --test acceptance; \
	else \
	  printf '\n%s\n' "$$ACCEPTANCE_SKIPPED"; \
	fi

.PHONY: cli
cli:
	@if [[ -z "$(CLI)" ]]; then printf '%s\n' "$$HOW_TO_GET_A_CLI" >&2; exit 1; fi

.PHONY: fmt
## Format the code, and the examples where a command line tool is installed.
fmt:
	cargo fmt --all
	@if [[ -n "$(CLI)" ]]; then set -x; "$(CLI)" fmt -recursive examples; fi

.PHONY: docs
## Write the generated parts of the pages for the Registry, and check all pages.
docs:
	UPDATE_DOCS=1 cargo test --workspace --locked --test docs the_pages_say_what_terraform_sees
	cargo test --workspace --locked --test docs

.PHONY: pictures
## Draw the picture of a terminal in the README anew, from a real run. Needs Terraform 1.11.
pictures: cli
	UPDATE_PICTURES=1 cargo test --workspace --locked --test acceptance the_picture

.PHONY: lint
## Check formatting and lints.
lint:
	cargo fmt --all --check
	cargo clippy --workspace --locked --all-targets -- -D warnings

.PHONY: deny
## Check advisories, licences and sources of all dependencies. Needs cargo-deny.
deny:
	cargo deny --workspace --all-features --locked check

.PHONY: build
## Build the release binary.
build:
	PROVIDER_VERSION="$(VERSION)" cargo build --release --locked --package terraform-provider-confluence
	@printf '\n%s\n' "Built $(CARGO_TARGET_DIR)/release/terraform-provider-confluence"

.PHONY: bench
## Measure the release build with Terraform against an emulated ConductorOne, in a few minutes. Needs Linux.
## UPDATE_BENCHMARK=1 writes the table in the guide and the chart in the README anew.
bench: cli build
	PROVIDER="$(abspath $(CARGO_TARGET_DIR))/release/terraform-provider-confluence" \
	  cargo bench --locked --profile benchmark --bench benchmark

.PHONY: release
## Make the files of a release for this platform, in the folder dist of the target folder.
## VERSION=... is its version, TARGET=... another platform; GPG_KEY=... signs the checksums.
# A target folder of its own: the flags of a release differ, and tests run this while Cargo uses the other one.
release:
	cargo run --locked --package confluence-release -- build --version "$(VERSION)" --out "$(DIST)" \
	  --target-dir "$(CARGO_TARGET_DIR)/release-build" $(if $(TARGET),--target "$(TARGET)")
	cargo run --locked --package confluence-release -- finish --version "$(VERSION)" --out "$(DIST)" \
	  --gpg-key "$(GPG_KEY)"

.PHONY: install
## Build the release binary and install it for Terraform and OpenTofu of this user.
## PLUGIN_DIR=... chooses another plugin folder than ~/.terraform.d/plugins.
install: build
	@for host in $(PLUGIN_HOSTS); do \
	  folder="$(PLUGIN_DIR)/$$host/conductorone/confluence/$(VERSION)/$(OS)_$(ARCH)"; \
	  mkdir -p "$$folder"; \
	  install -m 755 "$(CARGO_TARGET_DIR)/release/terraform-provider-confluence" \
	    "$$folder/terraform-provider-confluence_v$(VERSION)"; \
	  echo "Installed $$folder"; \
	done
	@printf '\n%s\n\n%s\n' 'Put this into a configuration and run "terraform init" or "tofu init":' "$$REQUIRED_PROVIDERS"
