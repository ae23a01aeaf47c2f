//! The schema section of a page.

use crate::text::wrap;
use crate::types;
use crate::wire::tfplugin6::schema::Attribute;

/// Terraform's page about the flag.
const WRITE_ONLY: &str = "[Write-only](https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only)";

/// The groups of attributes, in the order of a page.
const GROUPS: [&str; 3] = ["Required", "Optional", "Read-Only"];

/// Returns the schema section.
pub(crate) fn section(attributes: &[Attribute]) -> String {
    let mut parts = vec!["## Schema".to_owned()];
    for (title, attributes) in groups(attributes) {
        parts.push(format!("### {title}"));
        parts.push(list(&attributes, ""));
    }
    parts.extend(nested_sections(attributes, ""));
    parts.join("\n\n")
}

/// Returns the groups that are not empty, sorted by name.
fn groups(attributes: &[Attribute]) -> impl Iterator<Item = (&'static str, Vec<&Attribute>)> {
    let members = |title| {
        let members = attributes.iter().filter(|one| group(one) == title);
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|attribute| &attribute.name);
        (title, members)
    };
    GROUPS
        .map(members)
        .into_iter()
        .filter(|(_, members)| !members.is_empty())
}

fn group(attribute: &Attribute) -> &'static str {
    let [required, optional, read_only] = GROUPS;
    if attribute.required {
        required
    } else if attribute.optional {
        optional
    } else {
        read_only
    }
}

/// Returns a section for each attribute with nested attributes. `path` is their prefix, such as `sync.`.
fn nested_sections(attributes: &[Attribute], path: &str) -> Vec<String> {
    let mut sections = Vec::new();
    for (_, group) in groups(attributes) {
        for attribute in group {
            let Some(nested) = &attribute.nested_type else {
                continue;
            };
            let path = format!("{path}{}", attribute.name);
            sections.push(format!(
                "<a id=\"{}\"></a>\n### Nested Schema for `{path}`",
                anchor(&path)
            ));
            let path = format!("{path}.");
            for (title, attributes) in groups(&nested.attributes) {
                sections.push(format!("{title}:"));
                sections.push(list(&attributes, &path));
            }
            sections.extend(nested_sections(&nested.attributes, &path));
        }
    }
    sections
}

fn list(attributes: &[&Attribute], path: &str) -> String {
    let items = attributes.iter().map(|attribute| item(attribute, path));
    items.collect::<Vec<_>>().join("\n")
}

fn item(attribute: &Attribute, path: &str) -> String {
    let flags = [
        (attribute.sensitive, "Sensitive"),
        (attribute.deprecated, "Deprecated"),
        (attribute.write_only, WRITE_ONLY),
    ];
    let flags = flags
        .into_iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, flag)| flag.to_owned());
    let kind: Vec<_> = [types::of(attribute)].into_iter().chain(flags).collect();
    let below = attribute.nested_type.as_ref().map(|_| {
        let anchor = anchor(&format!("{path}{}", attribute.name));
        format!(" (see [below for nested schema](#{anchor}))")
    });
    let deprecation = if attribute.deprecated {
        format!(" **Deprecated.** {}", attribute.deprecation_message)
    } else {
        String::new()
    };
    let text = format!(
        "`{}` ({}) {}{deprecation}{}",
        attribute.name,
        kind.join(", "),
        attribute.description,
        below.unwrap_or_default(),
    );
    wrap(&text, "- ", "  ")
}

/// Returns the anchor of a nested schema.
fn anchor(path: &str) -> String {
    format!("nestedatt--{}", path.replace('.', "--"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::tfplugin6::schema::{Object, object::NestingMode};

    fn attribute(name: &str) -> Attribute {
        Attribute {
            name: name.to_owned(),
            r#type: br#""string""#.to_vec(),
            description: format!("About {name}."),
            ..Attribute::default()
        }
    }

    fn optional(name: &str) -> Attribute {
        Attribute {
            optional: true,
            ..attribute(name)
        }
    }

    fn nested(name: &str, nesting: NestingMode, attributes: Vec<Attribute>) -> Attribute {
        let object = Object {
            attributes,
            nesting: nesting.into(),
            ..Object::default()
        };
        Attribute {
            r#type: Vec::new(),
            nested_type: Some(object),
            ..optional(name)
        }
    }

    #[test]
    fn attributes_come_in_groups_sorted_by_name() {
        let required = Attribute {
            required: true,
            ..attribute("must")
        };
        let computed = Attribute {
            computed: true,
            ..attribute("id")
        };
        let both = Attribute {
            computed: true,
            ..optional("b")
        };
        assert_eq!(
            section(&[both, computed, required, optional("a")]),
            "## Schema\n\n### Required\n\n- `must` (String) About must.\n\n### Optional\n\n- `a` (String) About a.\n\
             - `b` (String) About b.\n\n### Read-Only\n\n- `id` (String) About id."
        );
    }

    #[test]
    fn flags_follow_the_type() {
        let key = Attribute {
            sensitive: true,
            write_only: true,
            deprecated: true,
            deprecation_message: "Use `token`.".to_owned(),
            ..optional("key")
        };
        let flags = format!("Sensitive, Deprecated, {WRITE_ONLY}");
        let expected = format!("- `key` (String, {flags}) About key. **Deprecated.** Use `token`.");
        assert_eq!(item(&key, "").replace("\n ", ""), expected);
    }

    #[test]
    fn nested_attributes_have_sections_of_their_own() {
        let inner = nested("inner", NestingMode::List, vec![optional("c")]);
        let outer = nested("outer", NestingMode::Single, vec![inner, optional("b")]);
        let expected = "## Schema

### Optional

- `outer` (Attributes) About outer. (see [below for nested schema](#nestedatt--outer))

<a id=\"nestedatt--outer\"></a>
### Nested Schema for `outer`

Optional:

- `b` (String) About b.
- `inner` (Attributes List) About inner. (see [below for nested schema](#nestedatt--outer--inner))

<a id=\"nestedatt--outer--inner\"></a>
### Nested Schema for `outer.inner`

Optional:

- `c` (String) About c.";
        assert_eq!(section(&[outer]), expected);
    }
}
