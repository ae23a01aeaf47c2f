//! The diagnostics about values, schemas and the protocol.

use super::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error missing_attribute(attribute) {
        summary: "Missing {attribute}",
        cause: "The attribute {attribute} is required.",
        remedy: "Set it.",
    }

    Error missing_and_why(attribute, reason, expected) {
        summary: "Missing {attribute}",
        cause: "The attribute {attribute} is required. {reason}",
        remedy: "Set it to {expected}.",
    }

    Error null_element(attribute) {
        summary: "Invalid {attribute}",
        cause: "An element is null.",
        remedy: "Set the element to a value, or remove it.",
    }

    Warning nothing_set(attribute, names) {
        summary: "Nothing is set in {attribute}",
        cause: "None of the attributes of {attribute} has a value. Terraform ignores attributes that do not exist, so a \
                name may be misspelled.",
        remedy: "Set one of {names}, or remove {attribute}.",
    }

    Error invalid_text(attribute, text, reason, expected) {
        summary: "Invalid {attribute}",
        cause: "Got {text:?}: {reason}.",
        remedy: "Set it to {expected}.",
    }

    Error invalid_sensitive_text(attribute, reason, expected) {
        summary: "Invalid {attribute}",
        cause: "The value cannot be used: {reason}.",
        remedy: "Set it to {expected}.",
    }

    Error unknown_choice(attribute, text, choices) {
        summary: "Invalid {attribute}",
        cause: "Got {text:?}.",
        remedy: "Set it to one of {choices}.",
    }

    Error misspelled_choice(attribute, text, choices, choice) {
        summary: "Invalid {attribute}",
        cause: "Got {text:?}, which looks like a misspelling.",
        remedy: "Set it to one of {choices}. Did you mean {choice}?",
    }

    Error not_a_whole_number(attribute) {
        summary: "Invalid {attribute}",
        cause: "The number has a fraction or too many digits.",
        remedy: "Set it to a whole number.",
    }

    Error too_small(attribute, number, minimum) {
        summary: "Invalid {attribute}",
        cause: "Got {number}.",
        remedy: "Set it to {minimum} or more.",
    }

    Error too_large(attribute, number, maximum) {
        summary: "Invalid {attribute}",
        cause: "Got {number}.",
        remedy: "Set it to {maximum} or less.",
    }

    Error empty_collection(attribute) {
        summary: "Invalid {attribute}",
        cause: "{attribute} is empty.",
        remedy: "Add at least one element, or remove {attribute}.",
    }

    Error invalid_attribute_value(attribute, reason) {
        summary: "Invalid {attribute}",
        cause: "The provider cannot use the value of {attribute}: {reason}.",
        remedy: "Check the type of the value. If it is correct, report this as a bug in the provider.",
    }

    Error invalid_value(reason) {
        summary: "Invalid value",
        cause: "The provider cannot use a value: {reason}.",
        remedy: "Check the types in the configuration. If they are correct, report this as a bug in the provider.",
    }

    Error write_only_unavailable(attribute) {
        summary: "{attribute} is not available",
        cause: "Write-only attributes require Terraform 1.11 or later, or OpenTofu 1.11 or later.",
        remedy: "Upgrade, or use the attribute that Terraform stores in the state instead.",
    }

    Warning object_gone(resource_type) {
        summary: "Object not found",
        cause: "This {resource_type} no longer exists, or the provider's credentials do not have access to it. Terraform \
                removes it from the state.",
        remedy: "To create it again, run `terraform apply`. If it should stay deleted, remove it from the configuration.",
    }

    Warning not_refreshed(resource_type) {
        summary: "Resource not refreshed",
        cause: "The provider's configuration is not known yet, so Terraform plans this {resource_type} from the state alone.",
        remedy: "Apply, then plan again. The next plan reads the real object.",
    }

    Error too_early(operation) {
        summary: "Provider configuration not known",
        cause: "The provider cannot {operation} yet. The provider's configuration depends on a resource that does not exist \
                yet.",
        remedy: "Apply that resource first, for example with -target.",
    }

    Error shown_before(title) {
        summary: "{title}",
        cause: "The reason is the same as in the full error with this title.",
        remedy: "Follow the instructions there.",
    }

    Error unknown_in_apply() {
        summary: "Provider configuration not known",
        cause: "A value in the provider's configuration is still unknown during apply.",
        remedy: "Apply the resources that the provider's configuration depends on first, for example with -target.",
    }

    Error not_configured() {
        summary: "Provider not configured",
        cause: "Terraform requested an operation before it configured the provider.",
        remedy: "Run the command again. If the error occurs again, report it with the log (TF_LOG=trace).",
    }

    Error stored_state_unreadable(resource_type, version, reason) {
        summary: "Stored state cannot be read",
        cause: "The provider cannot read the state of this {resource_type} (version {version}): {reason}.",
        remedy: "Restore the state from a backup, or remove the resource with `terraform state rm` and import the object again.",
    }

    Error newer_version(what, resource_type, version, newest) {
        summary: "Resource managed by a newer version of the provider",
        cause: "The {what} of this {resource_type} has version {version}, and this version of the provider reads versions up \
                to {newest}.",
        remedy: "Upgrade the provider to the version that wrote the {what}, or to a later version.",
    }

    Error no_state_to_generate_from(resource_type) {
        summary: "Configuration cannot be generated",
        cause: "Terraform requested the configuration of a {resource_type} without sending its state. This is a bug in \
                Terraform 1.14.0.",
        remedy: "Upgrade to Terraform 1.14.1 or later, or write the resource block yourself.",
    }

    Error moved_state_unreadable(source_type, resource_type, reason) {
        summary: "Resource cannot be moved",
        cause: "The provider cannot read the state of the {source_type}: {reason}.",
        remedy: "Remove the resource from the state with `terraform state rm`, and import the object as {resource_type}.",
    }

    Error no_state_mover(source_type, source_provider, resource_type, known_sources) {
        summary: "Resource cannot be moved",
        cause: "A {source_type} of {source_provider} cannot be moved to a {resource_type}. Supported sources: {known_sources}.",
        remedy: "Import the object instead.",
    }

    Error unknown_type(kind, name) {
        summary: "Unknown {kind}",
        cause: "This provider has no {kind} {name:?}.",
        remedy: "Check the name and the provider's version.",
    }

    Error empty_identity(resource_type) {
        summary: "Empty identity",
        cause: "Terraform requested an import of a {resource_type} with an empty identity.",
        remedy: "Set the attributes of the identity, or import the object by its ID.",
    }

    Error invalid_schema(reason) {
        summary: "Invalid provider schema",
        cause: "The declaration of the provider's attributes is invalid: {reason}.",
        remedy: "This is a bug in the provider. Please report it.",
    }

    Error crashed() {
        summary: "The provider crashed",
        cause: "This is a bug in the provider.",
        remedy: "Please report it, with the lines that begin with \"panic:\" in the log (TF_LOG=trace).",
    }
}
