//! The generated sections of each page.

use crate::benchmark;
use crate::difference::difference;
use crate::examples::Example;
use crate::files;
use crate::page::Generated;
use crate::schema;
use crate::subject::{Kind, PROVIDER, Plugin, Subject};
use crate::text::{first_sentence, summary, wrap, wrap_all};
use crate::troubleshooting;
use crate::types;
use crate::wire::tfplugin6::function::Parameter;
use crate::wire::tfplugin6::schema::Block;
use crate::wire::tfplugin6::{Function, ResourceIdentitySchema, Schema};

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
        .map(|subject| (subject.path(), generated(subject, &subjects)));
    let guides = [troubleshooting::guide(), benchmark::guide()];
    let old = |path: &str| files::find(path).unwrap_or_default();
    let pages = pages.chain(guides).map(|(path, generated)| {
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

fn generated(subject: &Subject<'_>, all: &[Subject<'_>]) -> Generated {
    let sections = [
        ("head", Some(head(subject))),
        ("contents", contents(subject, all)),
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
        Kind::Provider(_) => format!("{name} {kind}"),
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
        Kind::Provider(_) => format!("{name} {kind}"),
        Kind::Function(_) => format!("{kind}: {name}"),
        _ => format!("{name} ({kind})"),
    };
    // The Registry shows a paragraph that begins with this mark as a warning.
    let warning = |message| wrap(&format!("**Deprecated.** {message}"), "~> ", "");
    let deprecation = subject.deprecation().map(warning);
    let description = wrap_all(subject.description(), "");
    let parts = [Some(format!("# {title}")), deprecation, Some(description)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// Returns links to all pages of the provider.
fn contents(subject: &Subject<'_>, all: &[Subject<'_>]) -> Option<String> {
    let Kind::Provider(_) = subject.kind else {
        return None;
    };
    let group = |title: &str, folder: &str| {
        let entries = all.iter().filter_map(|subject| {
            let path = subject.path();
            let page = path.strip_prefix("docs/")?;
            let about = match subject.kind {
                Kind::Function(function) => &function.summary,
                _ => subject.description(),
            };
            let mark = subject.deprecation().map_or("", |_| " (deprecated)");
            let about = first_sentence(about);
            let entry = format!("[{}]({page}){mark}: {about}", subject.name);
            page.starts_with(folder).then(|| wrap(&entry, "- ", "  "))
        });
        let entries: Vec<_> = entries.collect();
        (!entries.is_empty()).then(|| format!("{title}:\n\n{}", entries.join("\n")))
    };
    let groups = [
        group("Resources", "resources/"),
        group("Data sources", "data-sources/"),
        group("Ephemeral resources", "ephemeral-resources/"),
        group("List resources", "list-resources/"),
        group("Actions", "actions/"),
        group("Functions", "functions/"),
    ];
    Some(
        groups
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n\n"),
    )
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
    let ways = [
        (
            "import-by-string-id.tf",
            "With an [`import` block](https://developer.hashicorp.com/terraform/language/import), from Terraform 1.5 on:"
                .to_owned(),
        ),
        (
            "import-by-identity.tf",
            format!(
                "With an `import` block and the identity, which is {}, from Terraform 1.12 on:",
                identity_parts(identity)
            ),
        ),
        (
            "import.sh",
            "With the [`terraform import` \
             command](https://developer.hashicorp.com/terraform/cli/commands/import), in every version:"
                .to_owned(),
        ),
    ];
    let ways = import_examples(subject).into_iter().filter_map(|example| {
        let (_, text) = ways.iter().find(|(file, _)| example.path.ends_with(file))?;
        Some(format!("{}\n\n{}", wrap(text, "", ""), example.block()))
    });
    let ways: Vec<_> = ways.collect();
    (!ways.is_empty()).then(|| format!("## Import\n\n{}", ways.join("\n\n")))
}

/// Returns the import examples of a resource.
pub(crate) fn import_examples(subject: &Subject<'_>) -> Vec<Example> {
    let folder = subject.examples_folder();
    let names = [
        "import-by-string-id.tf",
        "import-by-identity.tf",
        "import.sh",
    ];
    let examples = names.map(|name| Example::at(format!("{folder}/{name}")));
    examples.into_iter().flatten().collect()
}

fn identity_parts(identity: Option<&ResourceIdentitySchema>) -> String {
    let attributes = identity.map(|identity| identity.identity_attributes.as_slice());
    let mut names: Vec<_> = attributes
        .unwrap_or_default()
        .iter()
        .map(|attribute| format!("`{}`", attribute.name))
        .collect();
    let last = names.pop().unwrap_or_default();
    if names.is_empty() {
        last
    } else {
        format!("{} and {last}", names.join(", "))
    }
}

#[test]
fn a_page_and_the_first_page_say_what_is_deprecated() {
    let schema = |deprecated: bool| Schema {
        block: Some(Block {
            description: "Finds things. Quickly.".to_owned(),
            deprecated,
            deprecation_message: "Use `things`.".to_owned(),
            ..Block::default()
        }),
        ..Schema::default()
    };
    let (old, new, provider) = (schema(true), schema(false), schema(false));
    let subject = |name, kind| Subject { name, kind };
    let all = [
        subject("confluence_old", Kind::Action(&old)),
        subject("confluence_new", Kind::EphemeralResource(&new)),
        subject("confluence", Kind::Provider(&provider)),
    ];
    assert_eq!(
        head(&all[0]),
        "# confluence_old (Action)\n\n~> **Deprecated.** Use `things`.\n\nFinds things. Quickly."
    );
    assert_eq!(
        head(&all[1]),
        "# confluence_new (Ephemeral Resource)\n\nFinds things. Quickly."
    );
    let expected = "Ephemeral resources:\n\n- [confluence_new](ephemeral-resources/new.md): Finds things.\n\n\
                    Actions:\n\n- [confluence_old](actions/old.md) (deprecated): Finds things.";
    assert_eq!(contents(&all[2], &all).as_deref(), Some(expected));
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
