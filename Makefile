# All commands of this repository. `make` without a target lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Cargo reads the same environment variable.
CARGO_TARGET_DIR ?= target
CI ?=
HOME ?=

# Terraform takes precedence over OpenTofu if both are installed, as in the tests and in the demo.
CLI := $(shell command -v terraform || command -v tofu || true)

# The first version in Cargo.toml is the version of the workspace.
VERSION := $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' Cargo.toml | head -n 1)
OS := $(shell uname -s | tr '[:upper:]' '[:lower:]')
ARCH := $(shell uname -m | sed -e 's/^x86_64$$/amd64/' -e 's/^aarch64$$/arm64/')

# The port of the emulator, and more of its options.
PORT ?= 8081
EMULATOR ?=

# The app for the live test, and the consent to it.
APP_ID ?=
YES ?=

# The vendor's provider for the benchmark, and whether the pages show its results.
PEER ?=
UPDATE_BENCHMARK ?=

# Most tests wait most of the time, so more of them run at once than there are processors.
RUST_TEST_THREADS ?= $(shell expr 2 \* "$$(getconf _NPROCESSORS_ONLN)")

# The rounds of the crash tests, the minutes of the long run, and the seed of both.
SOAK_ROUNDS ?=
SOAK_MINUTES ?=
SOAK_SEED ?=

# The targets of the fuzzer, the seconds for each, and the flags that count the reached code.
FUZZ_TARGET ?= values rpcs resources answers
FUZZ_SECONDS ?= 60
FUZZ_FLAGS := -Cpasses=sancov-module $(addprefix -Cllvm-args=-sanitizer-coverage-, \
  level=4 inline-8bit-counters pc-table trace-compares)

# The folder for release files, the target platform, and the signing key.
DIST ?= $(CARGO_TARGET_DIR)/dist
TARGET ?=
GPG_KEY ?=

# Terraform and OpenTofu look for providers in this folder before they ask a registry.
PLUGIN_DIR ?= $(HOME)/.terraform.d/plugins
# The default registry hosts of Terraform and OpenTofu.
PLUGIN_HOSTS := registry.terraform.io registry.opentofu.org

define HOW_TO_GET_A_CLI
Neither terraform nor tofu is on the PATH. Install one of them, version 1.11 or later:
  Terraform  https://developer.hashicorp.com/terraform/install
  OpenTofu   https://opentofu.org/docs/intro/install/
endef

define HOW_TO_GET_VALGRIND
`make budget` requires valgrind, which is not on the PATH. Install the package "valgrind", for example:
  Debian and Ubuntu  sudo apt-get install valgrind
  Fedora             sudo dnf install valgrind
endef

define REQUIRED_PROVIDERS
terraform {
  required_providers {
    confluence = {
      source  = "conductorone/confluence"
      version = "~> $(VERSION)"
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

# Recipes read these texts from the environment, so that the texts need no quoting.
export HOW_TO_GET_A_CLI HOW_TO_GET_VALGRIND REQUIRED_PROVIDERS ACCEPTANCE_SKIPPED

.PHONY: help
## List the targets.
help:
	@awk '/^## / { text = text (text == "" ? "" : "\n             ") substr($$0, 4); next } \
	  /^[a-z]+:/ && text != "" { sub(/:.*/, ""); printf "  %-10s %s\n", $$0, text } \
	  /^$$/ { text = "" }' Makefile

.PHONY: demo
## Build, and run examples/demo with the real command line tool against an emulated ConductorOne.
## The demo needs no account and changes nothing outside a temporary folder.
# The demo uses the dev profile, because an optimized build takes longer and is not noticeably faster here.
demo: cli
	cargo build --workspace --locked
	@PROVIDER_DIR="$(abspath $(CARGO_TARGET_DIR))/debug" examples/demo/run.sh

.PHONY: emulator
## Build and start an emulated ConductorOne for your own configurations, until Ctrl-C. PORT=... sets another port.
## EMULATOR=... adds options, such as EMULATOR='--confluence TOKEN'. The program's --help lists them.
emulator:
	cargo build --locked --package conductorone-emulator
	@printf '\n%s\n\n' 'In another terminal: source "$(abspath $(CARGO_TARGET_DIR))/emulator.env"'
	@exec "$(CARGO_TARGET_DIR)/debug/conductorone-emulator" --port "$(PORT)" \
	  --env-file "$(CARGO_TARGET_DIR)/emulator.env" $(EMULATOR)

.PHONY: test
## Check formatting and lints, then run all tests. The first time, this builds a release, which takes minutes.
## Without terraform or tofu, the acceptance tests are skipped. With CI=true, that is an error.
# Every command has --workspace, so that Cargo uses the same features and compiles nothing twice.
test: $(if $(filter true,$(CI)),cli) lint
	cargo test --workspace --locked --no-run --lib --bins --test '*'
	cargo test --workspace --locked --doc
	@$(MAKE) --no-print-directory --jobs=2 test-release test-others

# The tests of a release mostly wait for its build, half of which uses one core, and the others wait for timers and processes.
# So they run at the same time. The output of the former comes at their end, in one piece.
.PHONY: test-release
test-release:
	@echo 'Building and testing a release at the same time. The result follows when that is done.'
	@unset MAKEFLAGS; log="$(CARGO_TARGET_DIR)/test-release.log"; status=0; \
	  cargo test --workspace --locked --test release > "$$log" 2>&1 || status=$$?; \
	  cat "$$log"; exit "$$status"

.PHONY: test-others
test-others: export RUST_TEST_THREADS := $(RUST_TEST_THREADS)
test-others:
	@unset MAKEFLAGS; set -x; \
	  cargo test --workspace --locked --lib --bins --test api --test protocol --test docs
	@if [[ -n "$(CLI)" ]]; then \
	  unset MAKEFLAGS; set -x; cargo test --workspace --locked --test acceptance; \
	else \
	  printf '\n%s\n' "$$ACCEPTANCE_SKIPPED"; \
	fi

.PHONY: cli
cli:
	@if [[ -z "$(CLI)" ]]; then printf '%s\n' "$$HOW_TO_GET_A_CLI" >&2; exit 1; fi

.PHONY: fmt
## Format the code, and the examples if terraform or tofu is installed.
fmt:
	cargo fmt --all
	cargo fmt --manifest-path tests/fuzz/Cargo.toml
	@if [[ -n "$(CLI)" ]]; then set -x; "$(CLI)" fmt -recursive examples; fi

.PHONY: docs
## Update the generated parts of the pages for the Registry, and check all pages.
docs:
	UPDATE_DOCS=1 cargo test --workspace --locked --test docs the_pages_say_what_terraform_sees
	cargo test --workspace --locked --test docs

.PHONY: pictures
## Update the picture of a terminal in the README from a real run. Requires Terraform 1.11.
pictures: cli
	UPDATE_PICTURES=1 cargo test --workspace --locked --test acceptance the_picture

.PHONY: lint
## Check formatting and lints.
lint:
	cargo fmt --all --check
	cargo fmt --manifest-path tests/fuzz/Cargo.toml --check
	cargo clippy --workspace --locked --all-targets -- -D warnings

.PHONY: deny
## Check advisories, licenses and sources of all dependencies. Requires cargo-deny.
deny:
	cargo deny --workspace --all-features --locked check

.PHONY: build
## Build the release binary.
build:
	PROVIDER_VERSION="$(VERSION)" cargo build --release --locked --package terraform-provider-confluence
	@printf '\n%s\n' "Built $(CARGO_TARGET_DIR)/release/terraform-provider-confluence"

.PHONY: bench
## Measure the release build with Terraform against an emulated ConductorOne. Takes an hour. Requires Linux.
## PEER=... also measures the vendor's provider, in the same run. BENCH_COUNTS=1,100 takes minutes.
## BENCH_PARALLELISM=10 and BENCH_LATENCY=20 also measure less. UPDATE_BENCHMARK=1 updates the guide and the charts.
bench: cli build
	PROVIDER="$(abspath $(CARGO_TARGET_DIR))/release/terraform-provider-confluence" PEER="$(PEER)" \
	  OUT="$(abspath $(CARGO_TARGET_DIR))/bench" cargo bench --locked --profile benchmark --bench benchmark
	@if [[ -n "$(UPDATE_BENCHMARK)" ]]; then \
	  cp "$(CARGO_TARGET_DIR)/bench/results.json" benches/benchmark/results.json; \
	  $(MAKE) docs; \
	fi

.PHONY: limited
## Measure 2,000 connectors in an emulated tenant that limits the rate of requests. Takes half an hour.
limited: cli build
	PROVIDER="$(abspath $(CARGO_TARGET_DIR))/release/terraform-provider-confluence" \
	  cargo bench --locked --profile benchmark --bench benchmark -- limited

.PHONY: budget
## Count the instructions of the release build, and fail if there are 5 % more than benches/budget.yml has.
## Requires Linux and valgrind. UPDATE_BUDGET=1 writes the counts into that file.
# The dev profile builds only the client and the emulator, which are not counted.
budget: valgrind build
	PROVIDER="$(abspath $(CARGO_TARGET_DIR))/release/terraform-provider-confluence" \
	  cargo bench --workspace --locked --profile dev --bench budget

.PHONY: valgrind
valgrind:
	@if ! command -v valgrind > /dev/null; then printf '%s\n' "$$HOW_TO_GET_VALGRIND" >&2; exit 1; fi

.PHONY: microbench
## Time single calls of the provider: schemas, decoding, plans, encoding. Compares them with the times of the last run.
microbench:
	cargo bench --locked --profile benchmark --package confluence-microbench

.PHONY: soak
## Kill and interrupt real runs at random moments, and run one plugin for long with faults. Takes more than an hour.
## SOAK_ROUNDS=... and SOAK_MINUTES=... set how long. SOAK_SEED=... repeats the choices of a failed run.
soak: cli
	SOAK_ROUNDS="$(SOAK_ROUNDS)" SOAK_MINUTES="$(SOAK_MINUTES)" SOAK_SEED="$(SOAK_SEED)" \
	  cargo test --workspace --locked --test acceptance -- --ignored soak:: --nocapture --test-threads=1

.PHONY: fuzz
## Look for inputs that the provider does not survive, guided by the coverage of the code. Requires a C++ compiler.
## FUZZ_SECONDS=... sets the time for each target. FUZZ_TARGET=... chooses one of them.
# These flags make the compiler count which code an input reaches. They do not apply to build scripts because of --target.
fuzz:
	@host="$$(rustc -vV | sed -n 's/^host: //p')"; \
	  RUSTFLAGS="$(FUZZ_FLAGS)" cargo build --release --locked --manifest-path tests/fuzz/Cargo.toml \
	    --target "$$host" --target-dir "$(CARGO_TARGET_DIR)/fuzz"; \
	  for target in $(FUZZ_TARGET); do \
	    corpus="$(CARGO_TARGET_DIR)/fuzz/corpus/$$target"; mkdir -p "$$corpus"; \
	    FUZZ_TARGET="$$target" "$(CARGO_TARGET_DIR)/fuzz/$$host/release/fuzz" "$$corpus" tests/fuzz/seeds/"$$target" \
	      -max_total_time="$(FUZZ_SECONDS)" -max_len=4096 -timeout=20 -print_final_stats=1 \
	      -artifact_prefix="$(CARGO_TARGET_DIR)/fuzz/$$target-"; \
	  done

.PHONY: release
## Build the files of a release for this platform, in the folder dist of the target folder.
## VERSION=... sets the version, TARGET=... another platform. GPG_KEY=... signs the checksums.
# A release has a separate target folder, because its flags differ and tests run it while Cargo locks the other folder.
release:
	cargo run --locked --package confluence-release -- build --version "$(VERSION)" --out "$(DIST)" \
	  --target-dir "$(CARGO_TARGET_DIR)/release-build" $(if $(TARGET),--target "$(TARGET)")
	cargo run --locked --package confluence-release -- finish --version "$(VERSION)" --out "$(DIST)" \
	  --gpg-key "$(GPG_KEY)"

.PHONY: live
## Test both connectors in an app of a real tenant: APP_ID=... names the app. Asks before it changes anything; YES=1 agrees.
## Requires Linux, and the credentials in the environment. LIVE_REPORT=... sets the file for the differences found.
live: cli
	@APP_ID="$(APP_ID)" YES="$(YES)" cargo test --workspace --locked --test acceptance -- \
	  --ignored --exact live::a_real_tenant --nocapture

.PHONY: install
## Build the release binary and install it for the Terraform and OpenTofu of this user.
## PLUGIN_DIR=... sets the plugin folder. Default: ~/.terraform.d/plugins.
install: build
	@for host in $(PLUGIN_HOSTS); do \
	  folder="$(PLUGIN_DIR)/$$host/conductorone/confluence/$(VERSION)/$(OS)_$(ARCH)"; \
	  mkdir -p "$$folder"; \
	  install -m 755 "$(CARGO_TARGET_DIR)/release/terraform-provider-confluence" \
	    "$$folder/terraform-provider-confluence_v$(VERSION)"; \
	  echo "Installed $$folder"; \
	done
	@printf '\n%s\n\n%s\n' 'Add this to a configuration and run "terraform init" or "tofu init":' "$$REQUIRED_PROVIDERS"
