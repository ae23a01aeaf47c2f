//! Messages about apps.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error missing_name() on "display_name" {
        summary: "Missing display_name",
        cause: "A new app requires a name.",
        remedy: "Set display_name, for example display_name = \"Confluence\". To promote an app that an identity provider \
               discovered, set unmanaged_app instead.",
    }

    Error invalid_import_id(id) {
        summary: "Invalid import ID",
        cause: "The import ID {id:?} is not the ID of an app.",
        remedy: "Use the app's ID, such as 2xKpPzZz9y8x7w6v5u4t3s2r1q0, which is in the URL of the app's page in \
               ConductorOne.",
    }

    Warning stored_twice(app_id, display_name) {
        summary: "Two resources manage the same app",
        cause: "Another resource in this state also manages the app {app_id} ({display_name:?}). The two resources undo each \
                other's changes, and destroying one of them deletes the app of both.",
        remedy: "Remove one of them from the state with `terraform state rm`, and from the configuration.",
    }

    Error imported_twice(app_id, display_name) {
        summary: "Two resources manage the same app",
        cause: "This plan imports the app {app_id} ({display_name:?}), but another resource in this configuration manages the \
                same app. The two resources would undo each other's changes.",
        remedy: "Remove one of the import blocks, or use a moved block to change the address of an app in the state.",
    }

    Warning adopted(app_id) {
        summary: "App adopted",
        cause: "An interrupted run left behind the unfinished app {app_id}, which matches this configuration. The provider \
                adopted it instead of creating a second app.",
        remedy: "If it is the wrong app, delete it in ConductorOne and apply again.",
    }

    Error being_created(app_id, created, limit, import_command) {
        summary: "Another run may be creating this app",
        cause: "The unfinished app {app_id} matches this configuration. A Terraform run in another place created it {created} \
                and may still be active; {limit}.",
        remedy: "Wait until that run has ended, then apply again. If it was interrupted and will not run again, delete the app \
               in ConductorOne, or import it:",
        server_message: "{import_command}",
    }

    Warning left_behind(apps) {
        summary: "Unfinished apps are left in ConductorOne",
        cause: "Interrupted runs left unfinished apps in ConductorOne. This run did not adopt them, because they differ from \
                the configuration, for example in their name.",
        remedy: "Delete them in ConductorOne, or import them with the command next to each name, unless another resource of \
               this configuration manages them:\n{apps}",
    }

    Warning may_exist_already(display_name, app_id, created, import_command) {
        summary: "App may exist already",
        cause: "An app named {display_name:?} already exists: {app_id}, created {created}. The provider has seen no resource \
                in the state that manages it, perhaps because an earlier run created it and lost its state.",
        remedy: "Unless another resource of this configuration manages it, import it instead of creating a second app:",
        server_message: "{import_command}",
    }

    Error not_created(error) {
        summary: "App was not created",
        cause: "ConductorOne gave no clear answer to the request to create an app, and shows no app that the request could \
                have created.",
        remedy: "Apply again.",
        server_message: "{error}",
    }

    Error maybe_created(error) {
        summary: "App may have been created",
        cause: "ConductorOne gave no clear answer to the request to create an app.",
        remedy: "Look for a new app of this name in ConductorOne. If it exists, import it; otherwise, apply again.",
        server_message: "{error}",
    }

    Error one_of_several_created(import_commands, error) {
        summary: "App may have been created",
        cause: "ConductorOne gave no clear answer to the request to create an app, and several apps may be its result.",
        remedy: "Import the right one, or delete those that you do not need:\n{import_commands}",
        server_message: "{error}",
    }

    Error not_discovered(error) on "unmanaged_app" {
        summary: "Discovered app not found",
        cause: "ConductorOne has no discovered app with these IDs, or the tenant does not have the API for discovered apps \
                yet.",
        remedy: "Check app_id (the identity provider's app, such as Okta), resource_type_id (its resource type for \
               applications) and resource_id (the discovered app). If they are correct, promote the app in ConductorOne and \
               import it.",
        server_message: "{error}",
    }

    Error managed_already(app_id, import_command) on "unmanaged_app" {
        summary: "App is already managed",
        cause: "The discovered app was promoted to the app {app_id} before. The provider left it unchanged, because it may \
                belong to somebody else.",
        remedy: "To manage it here, import it:",
        server_message: "{import_command}",
    }

    Error managed_somewhere() on "unmanaged_app" {
        summary: "App is already managed",
        cause: "The discovered app was promoted before. The provider left it unchanged, because it may belong to somebody \
                else.",
        remedy: "To manage it here, import it by its ID, which is in the URL of its page.",
    }

    Error another_app(app_id) on "unmanaged_app" {
        summary: "Not the discovered app",
        cause: "The app {app_id} in the state was not created from the discovered app that unmanaged_app names.",
        remedy: "Remove unmanaged_app, or set it to the discovered app that was promoted to {app_id}.",
    }

    Error not_promoted(error) on "unmanaged_app" {
        summary: "App was not promoted",
        cause: "ConductorOne gave no clear answer to the request to promote the app, and did not promote it.",
        remedy: "Apply again.",
        server_message: "{error}",
    }

    Error maybe_promoted(error) on "unmanaged_app" {
        summary: "App may have been promoted",
        cause: "ConductorOne gave no clear answer to the request to promote the app.",
        remedy: "Check the discovered app in ConductorOne. If it is managed now, import the app that it became; otherwise, \
               apply again.",
        server_message: "{error}",
    }

    Warning deletes_connectors(app, connectors) {
        summary: "Deleting the app deletes its connectors",
        cause: "ConductorOne deletes the connectors of the app {app:?} together with the app. As far as the provider can see, \
                this run does not destroy the connectors below itself.",
        remedy: "If you still need one of them, keep the app:\n{connectors}",
    }

    Error too_many_annotations(most, count, added) on "annotations" {
        summary: "Too many annotations",
        cause: "An app can have at most {most} annotations, but this one would have {count}{added}.",
        remedy: "Remove some of them.",
    }

    Error too_large_annotations(largest, size, added) on "annotations" {
        summary: "Annotations are too large",
        cause: "The annotations of an app can take at most {largest} bytes as JSON, but these take {size}{added}.",
        remedy: "Shorten or remove some of them.",
    }

    Error reserved_annotation(annotation, reserved) {
        summary: "Invalid {annotation}",
        cause: "ConductorOne reserves keys that begin with {reserved}.",
        remedy: "Choose another key.",
    }

    Error annotation_key(annotation, longest) {
        summary: "Invalid {annotation}",
        cause: "A key must begin with a letter and have at most {longest} characters: unaccented letters, digits, and the \
                characters . _ / and -.",
        remedy: "Choose another key, such as team or cost-center.",
    }

    Error empty_annotation(annotation) {
        summary: "Invalid {annotation}",
        cause: "An empty value would delete the key.",
        remedy: "Give it a value, or remove the key.",
    }

    Error marking_annotation(annotation) {
        summary: "Invalid {annotation}",
        cause: "The provider uses this value to mark apps that it is creating.",
        remedy: "Choose another value.",
    }

    Error long_annotation(annotation, longest, length) {
        summary: "Invalid {annotation}",
        cause: "A value can have at most {longest} characters, but this one has {length}.",
        remedy: "Shorten it.",
    }

    Error annotation_value(annotation) {
        summary: "Invalid {annotation}",
        cause: "A value can contain only characters that a URL allows unescaped: unaccented letters, digits, and characters \
                such as - _ . ~ : and /, but no spaces.",
        remedy: "Replace the other characters, for example wiki-team instead of \"wiki team\".",
    }
}
