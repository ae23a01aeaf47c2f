//! What can go wrong with the protocol, with values and with the schema, in the user's words.

use super::diagnostics::problems;

problems! {
    Error missing_attribute(attribute) {
        summary: "Missing {attribute}",
        cause: "The attribute {attribute} is required.",
        cure: "Set it.",
    }

    Error missing_and_why(attribute, reason, expected) {
        summary: "Missing {attribute}",
        cause: "The attribute {attribute} is required. {reason}",
        cure: "Set it to {expected}.",
    }

    Error null_element(attribute) {
        summary: "Invalid {attribute}",
        cause: "An element is null.",
        cure: "Give it a value or leave it out.",
    }

    Warning nothing_set(attribute, names) {
        summary: "Nothing is set in {attribute}",
        cause: "None of the attributes of {attribute} has a value. Terraform ignores names in it that do not exist, so one \
                may be misspelled.",
        cure: "Set one of {names}, or remove {attribute}.",
    }

    Error wrong_form(attribute, text, reason, expected) {
        summary: "Invalid {attribute}",
        cause: "Got {text:?}: {reason}.",
        cure: "Set it to {expected}.",
    }

    Error wrong_hidden_form(attribute, reason, expected) {
        summary: "Invalid {attribute}",
        cause: "The value cannot be used: {reason}.",
        cure: "Set it to {expected}.",
    }

    Error unknown_choice(attribute, text, choices) {
        summary: "Invalid {attribute}",
        cause: "Got {text:?}.",
        cure: "Set it to one of {choices}.",
    }

    Error misspelt_choice(attribute, text, choices, choice) {
        summary: "Invalid {attribute}",
        cause: "Got {text:?}, which looks like a misspelling.",
        cure: "Set it to one of {choices}. Did you mean {choice}?",
    }

    Error no_whole_number(attribute) {
        summary: "Invalid {attribute}",
        cause: "The number has a fraction, or too many digits.",
        cure: "Set it to a whole number.",
    }

    Error too_small(attribute, number, least) {
        summary: "Invalid {attribute}",
        cause: "Got {number}.",
        cure: "Set it to {least} or more.",
    }

    Error too_great(attribute, number, greatest) {
        summary: "Invalid {attribute}",
        cause: "Got {number}.",
        cure: "Set it to {greatest} or less.",
    }

    Error empty_collection(attribute) {
        summary: "Invalid {attribute}",
        cause: "{attribute} is empty.",
        cure: "Name at least one element, or leave {attribute} out.",
    }

    Error malformed_attribute(attribute, reason) {
        summary: "Invalid {attribute}",
        cause: "The provider cannot use the value of {attribute}: {reason}.",
        cure: "Check its type. If that is right, report this as a bug in the provider.",
    }

    Error malformed_value(reason) {
        summary: "Invalid value",
        cause: "The provider cannot use a value: {reason}.",
        cure: "Check the types in the configuration. If they are right, report this as a bug in the provider.",
    }

    Error write_only_unavailable(attribute) {
        summary: "{attribute} is not available",
        cause: "Write-only attributes need Terraform 1.11 or later, or OpenTofu 1.11 or later.",
        cure: "Upgrade, or use the attribute that is kept in the state instead.",
    }

    Warning object_gone(resource_type) {
        summary: "Object not found",
        cause: "This {resource_type} no longer exists, or the provider's credentials may not see it. Terraform takes it out \
                of the state.",
        cure: "While it is configured, the next apply creates it anew; if it should be gone, remove it from the \
               configuration.",
    }

    Warning not_refreshed(resource_type) {
        summary: "Resource not refreshed",
        cause: "The provider's configuration is not known yet, so this {resource_type} is planned from the state alone.",
        cure: "Apply, then plan again: the next plan compares it with the real object.",
    }

    Error data_source_too_early(data_source) {
        summary: "Provider configuration not known",
        cause: "{data_source} cannot be read yet, because the provider's configuration depends on something that does not \
                exist.",
        cure: "Apply that first, for example with -target.",
    }

    Error listing_too_early(resource_type) {
        summary: "Provider configuration not known",
        cause: "The objects of the type {resource_type} cannot be listed yet, because the provider's configuration depends \
                on something that does not exist.",
        cure: "Apply that first, for example with -target.",
    }

    Error told_before(title) {
        summary: "{title}",
        cause: "The reason is the same as in the full error of this title.",
        cure: "Follow the advice there.",
    }

    Error unknown_in_apply() {
        summary: "Provider configuration not known",
        cause: "A value in the provider's configuration is unknown although the changes are being applied.",
        cure: "Apply what the provider's configuration depends on first, for example with -target.",
    }

    Error not_configured() {
        summary: "Provider not configured",
        cause: "Terraform asked for an operation before it configured the provider.",
        cure: "Run the command again. If it happens again, report it with the log (TF_LOG=trace).",
    }

    Error stored_state_unreadable(resource_type, version, reason) {
        summary: "Stored state cannot be read",
        cause: "The state of this {resource_type} (version {version}) cannot be read: {reason}.",
        cure: "Restore it from a backup, or remove it with `terraform state rm` and import the object again.",
    }

    Error newer_version(what, resource_type, version, newest) {
        summary: "Resource managed by a newer version of the provider",
        cause: "The {what} of this {resource_type} has version {version}, and this version of the provider reads versions up \
                to {newest}.",
        cure: "Upgrade the provider to the version that wrote it, or to a later one.",
    }

    Error no_state_to_generate_from(resource_type) {
        summary: "Configuration cannot be generated",
        cause: "Terraform asked for the configuration of a {resource_type} without sending its state. Terraform 1.14.0 does \
                that by mistake.",
        cure: "Upgrade to Terraform 1.14.1 or later, or write the resource block yourself.",
    }

    Error moved_state_unreadable(source_type, resource_type, reason) {
        summary: "Resource cannot be moved",
        cause: "The state of the {source_type} cannot be read: {reason}.",
        cure: "Instead, remove it from the state with `terraform state rm` and import the object as {resource_type}.",
    }

    Error no_move(source_type, source_provider, resource_type, known_sources) {
        summary: "Resource cannot be moved",
        cause: "A {source_type} of {source_provider} cannot become a {resource_type}, which can come from {known_sources}.",
        cure: "Import the object instead.",
    }

    Error unknown_type(kind, name) {
        summary: "Unknown {kind}",
        cause: "This provider has no {kind} {name:?}.",
        cure: "Check the name, or the provider's version.",
    }

    Error unsupported(resource_type, ability) {
        summary: "Not supported",
        cause: "{resource_type} cannot {ability} in this version of the provider.",
        cure: "Look for a newer version of the provider.",
    }

    Error broken_schema(reason) {
        summary: "Invalid provider schema",
        cause: "The provider describes its attributes in a way that it cannot use itself: {reason}.",
        cure: "This is a bug in the provider. Please report it.",
    }

    Error crashed() {
        summary: "The provider crashed",
        cause: "This is a bug in the provider.",
        cure: "Please report it, with the lines that begin with \"panic:\" in the log (TF_LOG=trace).",
    }
}
