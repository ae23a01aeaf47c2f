//! Messages about owners.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error named_twice() on "owner_emails" {
        summary: "Owners are named twice",
        cause: "Both owner_ids and owner_emails are set.",
        remedy: "Remove one of them. With owner_emails, owner_ids shows the IDs of the users with these addresses.",
    }

    Error no_such_id(user_id) on "owner_ids" {
        summary: "Owner not found",
        cause: "ConductorOne has no user with the ID {user_id}.",
        remedy: "Check owner_ids, or use owner_emails instead.",
    }

    Error no_such_email(email) on "owner_emails" {
        summary: "Owner not found",
        cause: "No user in ConductorOne has the email address {email}, or the credential's user may not see it.",
        remedy: "Check the spelling, or use owner_ids instead.",
    }

    Error several_with_email(email, attribute, id_attribute, users) on "{attribute}" {
        summary: "Several users have this email address",
        cause: "More than one enabled user in ConductorOne has the email address {email}.",
        remedy: "Use {id_attribute} instead of {attribute}, with the ID of the user you want:",
        server_message: "{users}",
    }

    Error none_enabled(email, attribute, id_attribute, users) on "{attribute}" {
        summary: "No enabled user has this email address",
        cause: "Several users in ConductorOne have the email address {email}, and all of them are disabled or deleted.",
        remedy: "Enable the user you want in ConductorOne, or name another user in {attribute} or {id_attribute}:",
        server_message: "{users}",
    }

    Warning address_changed(object, former_addresses, addresses) on "owner_emails" {
        summary: "Owner has another email address",
        cause: "The {object} has the same owners as before, but no user in ConductorOne has the email address \
                {former_addresses} anymore. The owners' addresses are now {addresses}.",
        remedy: "Set owner_emails to the new addresses.",
    }

    Warning all_disabled(connector_id, display_name, users, attribute) on "{attribute}" {
        summary: "All owners are disabled",
        cause: "All owners of the connector {connector_id} ({display_name:?}) are disabled or deleted in ConductorOne: \
                {users}. Nobody gets the connector's notifications.",
        remedy: "Name another owner in {attribute}, or enable one of these users.",
    }

    Error not_enabled(user, attribute, owned) on "{attribute}" {
        summary: "Owner is not enabled",
        cause: "The user {user} is disabled or deleted in ConductorOne and cannot manage {owned}.",
        remedy: "Name another owner, or enable the user.",
    }

    Warning lacks_role(user, attribute) on "{attribute}" {
        summary: "Owner lacks a role",
        cause: "The user {user} is neither Connector Administrator nor Super Administrator in ConductorOne and cannot open the \
                connector's page.",
        remedy: "Give the user one of these roles, or name another owner.",
    }
}
