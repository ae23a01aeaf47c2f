//! Messages about apps.

use crate::terraform::diagnostics::declare_diagnostics;

declare_diagnostics! {
    Error missing_name() on "display_name" {
        summary: "Missing display_name",
        cause: "A new app needs a name.",
        remedy: "Set display_name, for example display_name = \"Confluence\", or unmanaged_app to promote an app that an \
               identity provider discovered.",
    }

    Error invalid_import_id(id) {
        summary: "Invalid import ID",
        cause: "Got {id:?}, which is no ID of an app.",
        remedy: "Import by the app's ID, such as 2xKpPzZz9y8x7w6v5u4t3s2r1q0, which stands in the address of the app's page in \
               ConductorOne.",
    }

    Warning stored_twice(app_id, display_name) {
        summary: "Two resources are the same app",
        cause: "Another resource in this state is the app {app_id} ({display_name:?}), too. The two resources undo each other's \
                changes, and destroying one of them deletes the app of both.",
        remedy: "Take one of them out of the state with `terraform state rm`, and out of the configuration.",
    }

    Error imported_twice(app_id, display_name) {
        summary: "Two resources are the same app",
        cause: "The app {app_id} ({display_name:?}) is being imported, but another resource in this configuration is the same app. \
                The two resources would undo each other's changes.",
        remedy: "Remove one of the import blocks. To give an app in the state another address, use a moved block instead.",
    }

    Warning adopted(app_id) {
        summary: "App taken over",
        cause: "There is an unfinished app like the one to be created, {app_id}. A run that was interrupted has left it \
                behind, so it was taken over instead of creating a second one.",
        remedy: "If it is not the one, delete it in ConductorOne and apply again.",
    }

    Error being_created(app_id, created, limit, import_command) {
        summary: "Another run may be creating this app",
        cause: "There is an unfinished app like the one to be created, {app_id}. A run of Terraform in another place created \
                it {created}, and may still be at work; {limit}.",
        remedy: "Wait until that run has ended, then apply again. If it was interrupted and will not run again, delete the app \
               in ConductorOne, or import it:",
        server_message: "{import_command}",
    }

    Warning left_behind(apps) {
        summary: "Unfinished apps are left in ConductorOne",
        cause: "Interrupted runs left unfinished apps, and no creation of this run has adopted them:\n{apps}\nThey differ \
                from what is configured, for example in their name.",
        remedy: "Delete them in ConductorOne, or import them with the command beside each name. Ignore those that another \
               resource of this configuration manages.",
    }

    Warning may_exist_already(display_name, app_id, created, import_command) {
        summary: "App may exist already",
        cause: "There is an app with the name {display_name:?}: {app_id}, created {created}. The provider has seen no \
                resource in the state that manages it, so the creation makes a second app. An earlier run may have created \
                it and lost its state.",
        remedy: "If no other resource of this configuration manages it, import it instead of creating another one:",
        server_message: "{import_command}",
    }

    Error not_created(error) {
        summary: "App was not created",
        cause: "ConductorOne gave no clear answer to the request to create an app, and shows none that it can have made.",
        remedy: "Apply again.",
        server_message: "{error}",
    }

    Error maybe_created(error) {
        summary: "App may have been created",
        cause: "ConductorOne gave no clear answer to the request to create an app.",
        remedy: "Look for a new app of this name in ConductorOne. If there is one, import it; if not, apply again.",
        server_message: "{error}",
    }

    Error one_of_several_created(import_commands, error) {
        summary: "App may have been created",
        cause: "ConductorOne gave no clear answer to the request to create an app. Several apps may be the one.",
        remedy: "Import the right one, or delete those that are not needed:\n{import_commands}",
        server_message: "{error}",
    }

    Error not_discovered(error) on "unmanaged_app" {
        summary: "Discovered app not found",
        cause: "ConductorOne knows no discovered app with these IDs, or the tenant does not have the API for discovered apps \
                yet. app_id is the identity provider's app, such as Okta; resource_type_id the type it has for applications; \
                resource_id the discovered app.",
        remedy: "Check all three, or promote the app in ConductorOne and import it.",
        server_message: "{error}",
    }

    Error managed_already(app_id, import_command) on "unmanaged_app" {
        summary: "App is managed already",
        cause: "The discovered app was promoted before, so it may belong to somebody else and is left alone. It is the app \
                {app_id}.",
        remedy: "To manage it here, import it:",
        server_message: "{import_command}",
    }

    Error managed_somewhere() on "unmanaged_app" {
        summary: "App is managed already",
        cause: "The discovered app was promoted before, so it may belong to somebody else and is left alone.",
        remedy: "To manage it here, find its ID in the address of its page and import it.",
    }

    Error another_app(app_id) on "unmanaged_app" {
        summary: "Not the discovered app",
        cause: "The app {app_id} in the state was not made from the discovered app that unmanaged_app names.",
        remedy: "Remove unmanaged_app, or name the discovered app that was promoted to this one.",
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
        remedy: "Look at the discovered app in ConductorOne. If it is managed by now, import the app that it became; if not, \
               apply again.",
        server_message: "{error}",
    }

    Warning deletes_connectors(app, connectors) {
        summary: "Deleting the app deletes its connectors",
        cause: "ConductorOne deletes the connectors of the app {app:?} together with it. This run is not known to destroy \
                these itself:\n{connectors}",
        remedy: "Keep the app if you still need one of them.",
    }

    Error too_many_annotations(most, count, added) on "annotations" {
        summary: "Too many annotations",
        cause: "An app can have {most} annotations at most. These are {count}{added}.",
        remedy: "Remove some.",
    }

    Error too_large_annotations(largest, size, added) on "annotations" {
        summary: "Too many annotations",
        cause: "All annotations of an app take {largest} bytes at most, as JSON. These take {size}{added}.",
        remedy: "Remove some.",
    }

    Error reserved_annotation(annotation, reserved) {
        summary: "Invalid {annotation}",
        cause: "Keys that begin with {reserved} are reserved for ConductorOne.",
        remedy: "Choose another key.",
    }

    Error annotation_key(annotation, longest) {
        summary: "Invalid {annotation}",
        cause: "A key begins with a letter and has {longest} characters at most, all of them letters, digits or one of \
                . _ / - without accents.",
        remedy: "Choose another key, such as team or cost-center.",
    }

    Error empty_annotation(annotation) {
        summary: "Invalid {annotation}",
        cause: "An empty value would delete the key.",
        remedy: "Give it a value, or remove the key.",
    }

    Error marking_annotation(annotation) {
        summary: "Invalid {annotation}",
        cause: "This value marks apps that are being created.",
        remedy: "Choose another one.",
    }

    Error long_annotation(annotation, longest, length) {
        summary: "Invalid {annotation}",
        cause: "A value has {longest} characters at most, and this one has {length}.",
        remedy: "Shorten it.",
    }

    Error annotation_value(annotation) {
        summary: "Invalid {annotation}",
        cause: "A value holds only characters that a URL can hold as they are: letters and digits without accents, and marks \
                such as - _ . ~ : / but no blanks.",
        remedy: "Write it in another way, such as wiki-team.",
    }
}
