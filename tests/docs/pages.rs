//! The generated sections of each page.

use crate::benchmark;
use crate::difference::difference;
use crate::examples::Example;
use crate::files;
use crate::page::{self, Generated};
use crate::schema;
use crate::subject::{Kind, PROVIDER, Plugin, Subject};
use crate::text::{summary, wrap, wrap_all};
use crate::troubleshooting;
use crate::types;
use crate::wire::tfplugin6::function::Parameter;
use crate::wire::tfplugin6::resource_identity_schema::IdentityAttribute;
use crate::wire::tfplugin6::schema::Block;
use crate::wire::tfplugin6::{Function, ResourceIdentitySchema, Schema};

/// The title of the overview.
const TITLE: &str = "ConductorOne Confluence Provider";

/// The folders that contain only generated pages.
const FOLDERS: [&str; 6] = [
    "docs/resources",
    "docs/data-sources",
    "docs/ephemeral-resources",
    "docs/list-resources",
    "docs/actions",
    "docs/functions",
];

#[tokio::test]
async fn the_pages_say_what_terraform_sees() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let subjects = Plugin::get().await.subjects();
    let mut problems = Vec::new();
    let pages = subjects
        .iter()
        .map(|subject| (subject.path(), generated(subject)));
    let guides = [troubleshooting::guide(&subjects), benchmark::guide()];
    let others = files::below("docs/guides").into_iter();
    let others = others.filter(|path| guides.iter().all(|(other, _)| other != path));
    let others: Vec<_> = others.map(guide_with_files).collect();
    let old = |path: &str| files::find(path).unwrap_or_default();
    let pages = pages.chain(guides).chain(others).map(|(path, generated)| {
        let new = generated.page(&old(&path));
        (path, new)
    });
    let charts = benchmark::charts().map(|(path, chart)| (path, Ok(chart)));
    for (path, new) in pages.chain(charts) {
        let old = old(&path);
        match new {
            Ok(new) if new == old => {}
            Ok(new) if update => files::write(&path, &new),
            Ok(new) => problems.push(difference(&path, &old, &new)),
            Err(problem) => problems.push(format!("{path}: {problem}\n")),
        }
    }
    let expected: Vec<_> = subjects.iter().map(Subject::path).collect();
    let pages = FOLDERS.into_iter().flat_map(files::below);
    let stale = pages.filter(|page| !expected.contains(page));
    problems.extend(stale.map(|page| {
        format!("{page}: the provider has nothing of this name; delete or rename the page\n")
    }));
    assert!(
        problems.is_empty(),
        "the pages are not up to date; run `make docs`\n\n{}",
        problems.join("\n")
    );
}

/// Returns the path of a guide that is written by hand. Its only generated parts are files.
fn guide_with_files(path: String) -> (String, Generated) {
    let page = files::read(&path);
    let front_matter = page::front_matter(&page).unwrap_or_default();
    let generated = Generated {
        front_matter: format!("{front_matter}\n"),
        sections: Vec::new(),
    };
    (path, generated)
}

fn generated(subject: &Subject<'_>) -> Generated {
    let sections = [
        ("head", Some(head(subject))),
        ("example", example(subject)),
        ("schema", reference(subject)),
        ("import", import(subject)),
    ];
    let sections = sections
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)));
    Generated {
        front_matter: front_matter(subject),
        sections: sections.collect(),
    }
}

fn front_matter(subject: &Subject<'_>) -> String {
    let name = subject.name;
    let kind = subject.kind_name();
    let title = match subject.kind {
        Kind::Provider(_) => TITLE.to_owned(),
        _ => format!("{name} {kind} - {PROVIDER}"),
    };
    let about = match subject.kind {
        Kind::Function(function) => function.summary.as_str(),
        _ => subject.description(),
    };
    // The Registry groups pages by this key, except the first page.
    let subcategory = match subject.kind {
        Kind::Provider(_) => "",
        _ => "subcategory: \"\"\n",
    };
    let about = wrap(&summary(about), "  ", "  ");
    format!("page_title: \"{title}\"\n{subcategory}description: |-\n{about}\n")
}

fn head(subject: &Subject<'_>) -> String {
    let (name, kind) = (subject.name, subject.kind_name());
    let title = match subject.kind {
        Kind::Provider(_) => TITLE.to_owned(),
        Kind::Function(_) => format!("{kind}: {name}"),
        _ => format!("{name} ({kind})"),
    };
    // The Registry shows a paragraph that begins with this mark as a warning.
    let warning = |message| wrap(&format!("**Deprecated.** {message}"), "~> ", "");
    let deprecation = subject.deprecation().map(warning);
    let description = subject.description();
    // On the overview, the example follows the first sentences.
    let description = match subject.kind {
        Kind::Provider(_) => description.split("\n\n").next().unwrap_or_default(),
        _ => description,
    };
    let description = wrap_all(description, "");
    let parts = [Some(format!("# {title}")), deprecation, Some(description)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn example(subject: &Subject<'_>) -> Option<String> {
    let blocks: Vec<_> = subject.examples().iter().map(Example::block).collect();
    (!blocks.is_empty()).then(|| format!("## Example Usage\n\n{}", blocks.join("\n\n")))
}

fn reference(subject: &Subject<'_>) -> Option<String> {
    match subject.kind {
        Kind::Function(function) => Some(signature(subject.name, function)),
        _ if subject.attributes().is_empty() => None,
        _ => Some(schema::section(subject.attributes())),
    }
}

fn signature(name: &str, function: &Function) -> String {
    let short = |parameter: &Parameter| {
        let ty = types::named(&parameter.r#type).to_lowercase();
        format!("{} {ty}", parameter.name)
    };
    let variadic = function.variadic_parameter.as_ref();
    let all: Vec<_> = function.parameters.iter().chain(variadic).collect();
    let mut shorts: Vec<_> = function.parameters.iter().map(short).collect();
    shorts.extend(variadic.map(|parameter| format!("{}...", short(parameter))));
    let returned = function
        .r#return
        .as_ref()
        .expect("a function returns something");
    let returned = types::named(&returned.r#type).to_lowercase();
    let arguments = all.iter().zip(1..).map(|(parameter, number)| {
        let Parameter {
            name, description, ..
        } = parameter;
        let nullable = if parameter.allow_null_value {
            ", Nullable"
        } else {
            ""
        };
        let ty = types::named(&parameter.r#type);
        let text = format!("`{name}` ({ty}{nullable}) {description}");
        wrap(&text, &format!("{number}. "), "   ")
    });
    let mut parts = vec![format!(
        "## Signature\n\n```text\n{name}({}) {returned}\n```",
        shorts.join(", ")
    )];
    if !all.is_empty() {
        let arguments = arguments.collect::<Vec<_>>().join("\n");
        parts.push(format!("## Arguments\n\n{arguments}"));
    }
    parts.join("\n\n")
}

/// Returns the section about imports, with the simplest way first.
fn import(subject: &Subject<'_>) -> Option<String> {
    let Kind::Resource(_, identity) = subject.kind else {
        return None;
    };
    let ways = import_examples(subject).into_iter().filter_map(|example| {
        let (_, text) = WAYS.iter().find(|(file, _)| example.path.ends_with(file))?;
        Some(format!("{}\n\n{}", wrap(text, "", ""), example.block()))
    });
    let mut parts: Vec<_> = ways.collect();
    if parts.is_empty() {
        return None;
    }
    parts.insert(0, "## Import".to_owned());
    parts.extend(identity.map(identity_section));
    Some(parts.join("\n\n"))
}

/// The files with import examples, and how a page introduces each of them.
const WAYS: [(&str, &str); 3] = [
    (
        "import-by-string-id.tf",
        "In Terraform 1.5 and later, use an [`import` \
         block](https://developer.hashicorp.com/terraform/language/import) with the `id`:",
    ),
    (
        "import.sh",
        "In every version, you can use the [`terraform import` \
         command](https://developer.hashicorp.com/terraform/cli/commands/import):",
    ),
    (
        "import-by-identity.tf",
        "In Terraform 1.12 and later, an `import` block can have the `identity` instead of the `id`:",
    ),
];

/// Returns the attributes of an identity, as the Registry's tool writes them below an example with an identity.
fn identity_section(identity: &ResourceIdentitySchema) -> String {
    let list = |is_member: fn(&IdentityAttribute) -> bool| {
        let attributes = identity.identity_attributes.iter();
        let mut members: Vec<_> = attributes.filter(|it| is_member(it)).collect();
        members.sort_by_key(|attribute| &attribute.name);
        let items = members.into_iter().map(|attribute| {
            let ty = types::named(&attribute.r#type);
            let text = format!("`{}` ({ty}) {}", attribute.name, attribute.description);
            wrap(text.trim_end(), "- ", "  ")
        });
        items.collect::<Vec<_>>().join("\n")
    };
    let groups = [
        ("Required", list(|attribute| attribute.required_for_import)),
        ("Optional", list(|attribute| attribute.optional_for_import)),
    ];
    let groups = groups.into_iter().filter(|(_, items)| !items.is_empty());
    let groups = groups.map(|(title, items)| format!("#### {title}\n\n{items}"));
    std::iter::once("### Identity Schema".to_owned())
        .chain(groups)
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// Returns the import examples of a resource.
pub(crate) fn import_examples(subject: &Subject<'_>) -> Vec<Example> {
    let folder = subject.examples_folder();
    let examples = WAYS.map(|(name, _)| Example::at(format!("{folder}/{name}")));
    examples.into_iter().flatten().collect()
}

#[test]
fn a_page_says_that_its_subject_is_deprecated() {
    let schema = |deprecated: bool| Schema {
        block: Some(Block {
            description: "Finds things. Quickly.\n\nAnd more.".to_owned(),
            deprecated,
            deprecation_message: "Use `things`.".to_owned(),
            ..Block::default()
        }),
        ..Schema::default()
    };
    let (old, new) = (schema(true), schema(false));
    let head = |name, kind| head(&Subject { name, kind });
    assert_eq!(
        head("confluence_old", Kind::Action(&old)),
        "# confluence_old (Action)\n\n~> **Deprecated.** Use `things`.\n\nFinds things. Quickly.\n\nAnd more."
    );
    assert_eq!(
        head("confluence_new", Kind::EphemeralResource(&new)),
        "# confluence_new (Ephemeral Resource)\n\nFinds things. Quickly.\n\nAnd more."
    );
    assert_eq!(
        head("confluence", Kind::Provider(&new)),
        "# ConductorOne Confluence Provider\n\nFinds things. Quickly."
    );
}

#[test]
fn an_identity_lists_what_an_import_requires_first() {
    let attribute = |name: &str, required| IdentityAttribute {
        name: name.to_owned(),
        r#type: br#""string""#.to_vec(),
        required_for_import: required,
        optional_for_import: !required,
        description: format!("About {name}."),
    };
    let identity = ResourceIdentitySchema {
        identity_attributes: vec![
            attribute("id", true),
            attribute("a", false),
            attribute("app", true),
        ],
        ..ResourceIdentitySchema::default()
    };
    let expected = "### Identity Schema\n\n#### Required\n\n- `app` (String) About app.\n- `id` (String) About id.\n\n\
                    #### Optional\n\n- `a` (String) About a.";
    assert_eq!(identity_section(&identity), expected);
}

#[test]
fn a_signature_shows_types_in_short_and_arguments_in_full() {
    let parameter = |name: &str, ty: &str| Parameter {
        name: name.to_owned(),
        r#type: ty.as_bytes().to_vec(),
        description: format!("About {name}."),
        ..Parameter::default()
    };
    let function = Function {
        parameters: vec![parameter("names", r#"["set","string"]"#)],
        variadic_parameter: Some(Parameter {
            allow_null_value: true,
            ..parameter("rest", r#""dynamic""#)
        }),
        r#return: Some(crate::wire::tfplugin6::function::Return {
            r#type: br#""string""#.to_vec(),
        }),
        ..Function::default()
    };
    let expected = "## Signature\n\n```text\nall(names set of string, rest dynamic...) string\n```\n\n## Arguments\n\n\
                    1. `names` (Set of String) About names.\n2. `rest` (Dynamic, Nullable) About rest.";
    assert_eq!(signature("all", &function), expected);
}
