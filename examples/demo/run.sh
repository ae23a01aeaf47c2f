#!/usr/bin/env bash
# Plans, applies, plans again and destroys main.tf with the real Terraform or OpenTofu against an emulated ConductorOne.
#
# The demo works in a temporary folder and does not change the user's configuration, state or settings. `make demo` builds
# the binaries and sets PROVIDER_DIR to their folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
provider_dir=${PROVIDER_DIR:-$here/../../target/debug}

fail() {
  printf '\n%sThe demo failed:%s %s\n' "$bold" "$plain" "$*" >&2
  exit 1
}

# --- Output -----------------------------------------------------------------------------------------------------------

bold='' dim='' plain='' color=(-no-color)
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m' color=()
fi

steps=0
# step TITLE SENTENCE: begins a step and prints what it shows.
step() {
  steps=$((steps + 1))
  printf '\n%s%s. %s%s\n%s%s%s\n' "$bold" "$steps" "$1" "$plain" "$dim" "$2" "$plain"
}

# Indents the output of the command line tool and removes its warning about the development override, which the demo uses on
# purpose. On a terminal, the warning has a frame. Otherwise it ends with the word "releases.". Also merges empty lines.
# Ignores Ctrl-C, because the tool still prints messages after it.
tidy() {
  trap '' INT
  local line frame='' framed=false skipped=false blank=true
  while IFS= read -r line; do
    if [[ $line == *╷* ]]; then
      framed=true frame=''
    fi
    if $framed; then
      frame+="   $line"$'\n'
      if [[ $line == *╵* ]]; then
        framed=false
        [[ $frame == *'development overrides'* ]] || printf '%s' "$frame"
      fi
    elif [[ $line == 'Warning: Provider development overrides'* ]]; then
      skipped=true
    elif $skipped; then
      [[ $line != *'releases.'* ]] || skipped=false
    elif [[ -n $line ]]; then
      printf '   %s\n' "$line"
      blank=false
    elif ! $blank; then
      echo
      blank=true
    fi
  done
}

# --- Tools ------------------------------------------------------------------------------------------------------------

cli=$(command -v terraform || command -v tofu || true)
if [[ -z $cli ]]; then
  cat >&2 <<'END'
The demo requires Terraform or OpenTofu in version 1.11 or later. Neither is on the PATH. To install one:
  Terraform  https://developer.hashicorp.com/terraform/install
  OpenTofu   https://opentofu.org/docs/intro/install/
END
  exit 1
fi
command -v curl >/dev/null || fail "it requires curl, which is not on the PATH."
for binary in terraform-provider-confluence conductorone-emulator; do
  [[ -x $provider_dir/$binary ]] || fail "$provider_dir/$binary does not exist. Run \"make demo\", which builds it."
done
provider_dir=$(cd "$provider_dir" && pwd)

# Removes the user's variables for other configurations.
for name in $(compgen -e); do
  case $name in
    TF_LOG | TF_LOG_*) ;;
    CONDUCTORONE_* | TF_* | TFC_*) unset "$name" ;;
  esac
done
export CHECKPOINT_DISABLE=1 NO_PROXY=localhost,127.0.0.1 no_proxy=localhost,127.0.0.1

# --- The emulator -----------------------------------------------------------------------------------------------------

work=$(mktemp -d "${TMPDIR:-/tmp}/confluence-demo.XXXXXX")
emulator=
cleanup() {
  trap '' INT TERM HUP
  if [[ -n $emulator ]]; then
    kill "$emulator" 2>/dev/null || true
    wait "$emulator" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'printf "\nInterrupted.\n" >&2; exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

access_token=demo-access-token
serve=(--confluence "$access_token" --https --ca-file "$work/ca.pem")
if [[ $(uname -s) == Darwin ]]; then
  # On macOS, certificate authorities come only from the keychain, which the demo must not change. So it uses plain HTTP,
  # which the provider accepts for loopback addresses.
  serve=(--confluence "$access_token")
fi

# The emulator gets its own process group, so that the command line tool can finish after Ctrl-C.
set -m
"$provider_dir/conductorone-emulator" ${serve[@]+"${serve[@]}"} >"$work/ready.json" 2>"$work/emulator.log" &
emulator=$!
set +m
for _ in {1..100}; do
  [[ -s $work/ready.json ]] && break
  kill -0 "$emulator" 2>/dev/null || fail "the emulator did not start: $(cat "$work/emulator.log")"
  sleep 0.1
done
[[ -s $work/ready.json ]] || fail "the emulator was not ready after ten seconds."

# ready NAME: prints a field of the emulator's ready line.
ready() {
  sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$work/ready.json"
}

url=$(ready url)
export CONDUCTORONE_SERVER_URL=$url
CONDUCTORONE_CLIENT_ID=$(ready client_id)
CONDUCTORONE_CLIENT_SECRET=$(ready client_secret)
export CONDUCTORONE_CLIENT_ID CONDUCTORONE_CLIENT_SECRET
TF_VAR_app_id=$(ready app_id)
TF_VAR_owner_id=$(ready owner_id)
TF_VAR_confluence_url=$(ready confluence_url)
export TF_VAR_app_id TF_VAR_owner_id TF_VAR_confluence_url
export TF_VAR_confluence_api_token=demo-api-token TF_VAR_confluence_access_token=$access_token

# --- The command line tool --------------------------------------------------------------------------------------------

mkdir "$work/demo" "$work/look"
cp "$here/main.tf" "$work/demo/"
cat >"$work/cli.tfrc" <<END
provider_installation {
  dev_overrides {
    "conductorone/confluence" = "$provider_dir"
  }
  direct {}
}
END
export TF_CLI_CONFIG_FILE=$work/cli.tfrc

# run COMMAND [ARGUMENT]...: prints the command and runs the command line tool in the demo's folder.
run() {
  printf '\n   %s$ %s %s%s\n\n' "$bold" "${cli##*/}" "$*" "$plain"
  (
    cd "$work/demo"
    [[ ! -f $work/ca.pem ]] || export SSL_CERT_FILE=$work/ca.pem
    exec "$cli" "$1" ${color[@]+"${color[@]}"} -input=false "${@:2}" 2>&1
  ) | tidy
}

# look EXPRESSION: evaluates an expression over the JSON files in $work/look and prints the result. The console requires the
# expression in one line.
look() {
  (cd "$work/look" && tr '\n' ' ' <<<"$1" | "$cli" console) | tidy |
    sed -e '/^ *<<EOT$/d' -e '/^ *EOT$/d' -e 's/^\( *\)"\(.*\)"$/\1\2/'
}

# Fetches the emulator's data from its control endpoints, which it does not count as requests.
fetch() {
  local what certificate=()
  [[ -f $work/ca.pem ]] && certificate=(--cacert "$work/ca.pem")
  for what in connectors credentials journal; do
    curl --silent --show-error --fail ${certificate[@]+"${certificate[@]}"} \
      "$url/_emulator/$what" >"$work/look/$what.json" || fail "the emulator does not answer."
  done
}

# Expressions for `look`. ConductorOne keeps deleted connectors with the time of deletion.
read -r -d '' connectors <<'END' || true
join("\n", flatten([for c in jsondecode(file("connectors.json")).connectors : [
  "${c.displayName}",
  "  connector    ${c.id}",
  "  description  ${c.description == "" ? "none" : c.description}",
  [for name, value in c.config : "  setting      ${name} = ${strcontains(name, "key") ? "(secret)" : value}"],
  [for k in jsondecode(file("credentials.json")).credentials : "  credential   ${k.clientId}" if k.connectorId == c.id],
] if c.deletedAt == null]))
END
read -r -d '' requests <<'END' || true
join("\n", concat(
  ["${length(jsondecode(file("journal.json")).requests)} requests:"],
  [for r in jsondecode(file("journal.json")).requests : format("  %-6s %s", r.method, r.path)]
))
END
read -r -d '' what_is_left <<'END' || true
format("%d connectors, %d valid credentials",
  length([for c in jsondecode(file("connectors.json")).connectors : c if c.deletedAt == null]),
  length([for k in jsondecode(file("credentials.json")).credentials : k if !k.revoked])
)
END

# --- The demo ---------------------------------------------------------------------------------------------------------

printf '%sConfluence connectors in ConductorOne, from a Terraform configuration%s\n\n' "$bold" "$plain"
printf '   configuration  %s\n' "$here/main.tf"
printf '   provider       %s\n' "$provider_dir/terraform-provider-confluence"
printf '   command line   %s (%s)\n' "$cli" "$("$cli" version | sed -n 1p)"
printf '   ConductorOne   %s, an emulator with its own tenant\n' "$url"
printf '   Confluence     %s, an emulated Data Center\n' "$TF_VAR_confluence_url"

step "Plan with a wrong token" "With check_login, the provider signs in to Confluence, which must refuse the token."
if run plan -var=confluence_access_token=expired-token | tee "$work/refused.txt"; then
  fail "the plan with a wrong token succeeded."
fi
grep -q 'Wrong Confluence login' "$work/refused.txt" || fail "the plan failed for another reason."

step "Plan" "No connector exists yet, so the plan creates both. Terraform prints secrets as (sensitive value)."
run plan -out=demo.tfplan || fail "the first plan did not succeed."

step "Apply" "Terraform applies the saved plan, creates the connectors, waits for the first sync and counts the synced data."
run apply demo.tfplan || fail "the apply did not succeed."

step "What ConductorOne holds" "The emulator lists the connectors, their settings, and the requests so far."
fetch
echo
look "$connectors"
echo
look "$requests"

step "Plan again" "Nothing has changed, so the plan must be empty, and it must not write anything."
run plan -detailed-exitcode || fail "the second plan is not empty, or did not succeed."

step "Destroy" "Terraform deletes both connectors and revokes the credential of the self-hosted one."
run destroy -auto-approve || fail "the destroy did not succeed."

step "What is left" "ConductorOne no longer holds a connector or a valid credential."
fetch
left=$(look "$what_is_left")
printf '\n%s\n' "$left"
[[ $left == *'0 connectors, 0 valid credentials'* ]] || fail "something is left in ConductorOne."

printf '\n%sThe demo succeeded.%s It now stops the emulator and deletes the temporary folder.\n' "$bold" "$plain"
