//! Messages about finding one object by one of two attributes.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error no_key(what, attribute, example) on "id" {
        summary: "Missing id or {attribute}",
        cause: "The provider finds the {what} by id or {attribute}, but neither is set.",
        remedy: "Set one of them, for example {example}.",
    }

    Error two_keys(what, attribute) on "id" {
        summary: "Both id and {attribute}",
        cause: "The provider finds the {what} by id or {attribute}, but both are set.",
        remedy: "Remove one of them.",
    }

    Error nothing(title, what, attribute, wanted, what_to_check) on "{attribute}" {
        summary: "{title} not found",
        cause: "ConductorOne has no {what} whose {attribute} is {wanted:?}.",
        remedy: "{what_to_check}",
    }

    Error several(count, what, attribute, wanted, candidates) on "{attribute}" {
        summary: "Several {what}s found",
        cause: "ConductorOne has {count} {what}s whose {attribute} is {wanted:?}.",
        remedy: "Replace {attribute} with the id of the one you want:",
        server_message: "{candidates}",
    }
}
