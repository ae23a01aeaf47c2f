//! Formats of texts in Kubernetes objects.

/// The resources whose names have no domain.
const RESOURCES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
const HUGE_PAGES: &str = "hugepages-";
const SUFFIXES: [&str; 16] = [
    "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
];

/// Returns whether a text is a label of a host name (RFC 1123), as in the names of namespaces and containers.
pub(super) fn is_label(text: &str) -> bool {
    text.len() <= 63 && is_part(text)
}

/// Returns whether a text consists of such labels separated by dots.
pub(super) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_part)
}

fn is_part(text: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    begins_and_ends(text, alphanumeric)
        && text.bytes().all(|byte| alphanumeric(byte) || byte == b'-')
}

/// Returns whether a text is the key of a label: a name, optionally after a domain and a slash.
pub(super) fn is_label_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((domain, name)) => is_subdomain(domain) && is_label_name(name),
        None => is_label_name(text),
    }
}

/// Returns whether a text is the value of a label.
pub(super) fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_label_name(text)
}

fn is_label_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.len() <= 63
        && begins_and_ends(text, |byte| byte.is_ascii_alphanumeric())
        && text.bytes().all(allowed)
}

fn begins_and_ends(text: &str, with: impl Fn(u8) -> bool) -> bool {
    let mut bytes = text.bytes();
    let first = bytes.next();
    let last = bytes.next_back().or(first);
    [first, last]
        .into_iter()
        .all(|byte| byte.is_some_and(&with))
}

/// Returns whether a text is the key of an annotation. Unlike the key of a label, its domain may contain capitals.
pub(super) fn is_annotation_key(text: &str) -> bool {
    is_label_key(&text.to_ascii_lowercase())
}

/// Returns whether a text is a Linux capability as containers name it, or `ALL`.
pub(super) fn is_capability(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    !text.is_empty() && !text.starts_with("CAP_") && text.bytes().all(allowed)
}

/// Returns whether a text is a relative path that does not leave its folder.
pub(super) fn is_descending_path(text: &str) -> bool {
    has_no_blanks(text) && !text.starts_with('/') && text.split('/').all(|part| part != "..")
}

/// Returns whether a text can be an image reference. Registries have different rules, so this checks only that it has
/// no blanks.
pub(super) fn is_image(text: &str) -> bool {
    has_no_blanks(text)
}

fn has_no_blanks(text: &str) -> bool {
    let blank = |character: char| character.is_whitespace() || character.is_control();
    !text.is_empty() && !text.contains(blank)
}

/// Returns whether a text is the name of a resource that a container can request.
pub(super) fn is_resource(text: &str) -> bool {
    let qualified = text.contains('/') && is_label_key(text);
    RESOURCES.contains(&text) || (text.starts_with(HUGE_PAGES) && is_label_name(text)) || qualified
}

/// Returns whether a text is a quantity of a resource: a non-negative decimal number with an optional suffix or
/// exponent.
pub(super) fn is_quantity(text: &str) -> bool {
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    let Some((number, suffix)) = text.split_at_checked(end) else {
        return false;
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let has_digits = whole.len() + fraction.len() > 0;
    let is_number = has_digits && !fraction.contains('.');
    is_number && (SUFFIXES.contains(&suffix) || is_exponent(suffix))
}

fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['e', 'E']).unwrap_or_default();
    let digits = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, holds: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(holds(text), "{name}: {text:?}");
        }
        for text in bad {
            assert!(!holds(text), "{name}: {text:?}");
        }
    }

    #[test]
    fn names() {
        let (longest, too_long) = ("a".repeat(63), "a".repeat(64));
        check(
            "label",
            is_label,
            &["a", "0", "a-b", "wiki--2", &longest],
            &[
                "", "-a", "a-", "A", "a.b", "a_b", "ä", "a b", "a\n", &too_long,
            ],
        );
        let parts = [longest.as_str(); 4].join(".");
        check(
            "subdomain",
            is_subdomain,
            &["a", "a.b", "wiki-secrets.v1", &too_long, &parts[..253]],
            &["", ".", "a.", ".a", "a..b", "a.-b", "A.b", &parts],
        );
        check(
            "image",
            is_image,
            &["a", "registry.acme.com:5000/a/b:1.2@sha256:00"],
            &["", " ", "a b", "a\n", "a\u{0}"],
        );
    }

    #[test]
    fn labels() {
        let (longest, too_long) = ("a".repeat(63), "a".repeat(64));
        check(
            "key",
            is_label_key,
            &["a", "A.b_c-D", "acme.com/team", &longest],
            &[
                "", "/", "a/", "/a", "a/b/c", "Acme/x", "-a", "a-", "a b", &too_long,
            ],
        );
        check(
            "value",
            is_label_value,
            &["", "a", "A.b_c-D", "1", &longest],
            &["-a", "a.", "a/b", "a b", " ", "ä", &too_long],
        );
    }

    #[test]
    fn annotations_capabilities_and_paths() {
        check(
            "annotation",
            is_annotation_key,
            &["a", "A.b_c-D", "Acme.com/Team"],
            &["", "/a", "a b", "a/b/c"],
        );
        check(
            "capability",
            is_capability,
            &["ALL", "NET_BIND_SERVICE"],
            &["", "all", "CAP_CHOWN", "NET BIND", "NET-BIND"],
        );
        check(
            "path",
            is_descending_path,
            &["baton.json", "profiles/baton.json", "a/..b"],
            &["", "/baton.json", "../baton.json", "a/../../b", "a b"],
        );
    }

    #[test]
    fn resources() {
        check(
            "resource",
            is_resource,
            &[
                "cpu",
                "memory",
                "ephemeral-storage",
                "hugepages-2Mi",
                "nvidia.com/gpu",
            ],
            &["", "mem", "CPU", "hugepages-", "/gpu", "nvidia.com/"],
        );
        check(
            "quantity",
            is_quantity,
            &[
                "0", "1", "0.5", ".5", "1.", "+1", "100m", "128Mi", "1Ei", "1E", "1e3", "1E-3",
                "2e+6", "500n",
            ],
            &[
                "", ".", "-1", "1.2.3", "Mi", "1mi", "1 Gi", "1KB", "1e", "1e+", "e3", "1Gi ", "١",
            ],
        );
    }
}
