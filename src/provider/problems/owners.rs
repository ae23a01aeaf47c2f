//! Problems of owners.

use crate::terraform::diagnostics::problems;

problems! {
    Error named_twice() on "owner_emails" {
        summary: "Owners are named twice",
        cause: "Both owner_ids and owner_emails are set.",
        cure: "Keep one of them: with owner_emails, owner_ids shows the IDs that were found.",
    }

    Error no_such_id(user_id) on "owner_ids" {
        summary: "Owner not found",
        cause: "There is no user with the ID {user_id} in ConductorOne.",
        cure: "Check owner_ids, or name the owners by owner_emails instead.",
    }

    Error no_such_email(email) on "owner_emails" {
        summary: "Owner not found",
        cause: "No user in ConductorOne has the email address {email}, or the credential's user may not see it.",
        cure: "Check the spelling, or use owner_ids.",
    }

    Error several_with_email(email, user_ids) on "owner_emails" {
        summary: "Owner not found",
        cause: "Several users in ConductorOne have the email address {email}: {user_ids}.",
        cure: "Name the right ones by owner_ids instead.",
    }

    Error not_enabled(user, attribute) on "{attribute}" {
        summary: "Owner is not enabled",
        cause: "The user {user} is disabled or deleted in ConductorOne and cannot look after a connector.",
        cure: "Name another owner, or enable the user.",
    }

    Warning lacks_role(user, attribute) on "{attribute}" {
        summary: "Owner lacks a role",
        cause: "The user {user} is neither Connector Administrator nor Super Administrator in ConductorOne, so the \
                connector's page is closed to them.",
        cure: "Give them one of these roles, or name another owner.",
    }
}
