//! One field of a catalog entry.

use secrecy::ExposeSecret as _;

use super::super::connector_config::{ConfigValue, parse_bool};
use super::list::ListRules;
use super::scalar::{BoolRules, IntRules};
use super::setting::Setting;
use super::string::{StringRules, one_of};

/// A setting that a catalog entry lists.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) required: bool,
    pub(crate) secret: bool,
    pub(crate) kind: FieldKind,
}

/// What a field takes.
#[derive(Clone, Debug, Default)]
pub(crate) enum FieldKind {
    /// Text; if there are options, one of them.
    Text(StringRules, Vec<String>),
    /// `true` or `false`.
    Flag(BoolRules),
    /// A whole number.
    Number(IntRules),
    /// Texts, joined with commas.
    List(ListRules),
    /// Something that has no rules, such as a file or a map.
    Unchecked,
    /// Nothing that a setting could say: another sign-in, a value that ConductorOne makes up, a kind of tomorrow.
    #[default]
    Unsupported,
}

/// Whether a setting counts as given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Presence {
    Absent,
    /// It may turn out either way, so that it satisfies every rule and breaks none.
    Unclear,
    Present,
}

impl Field {
    /// What is expected of the setting and is not the case.
    pub(super) fn unmet(&self, setting: Option<&Setting>) -> Vec<String> {
        if self.required && self.kind.presence(setting) == Presence::Absent {
            return vec!["must be set".to_owned()];
        }
        match setting {
            Some(Setting::Known(ConfigValue::Plain(text))) => self.kind.unmet(text, self.secret),
            Some(Setting::Known(ConfigValue::Secret(text))) => {
                self.kind.unmet(text.expose_secret(), true)
            }
            Some(Setting::Unknown) | None => Vec::new(),
        }
    }
}

impl FieldKind {
    /// The pattern that text must match; empty if there is none.
    pub(super) fn pattern(&self) -> &str {
        match self {
            Self::Text(rules, _) => rules.pattern(),
            Self::List(rules) => rules.pattern(),
            Self::Flag(_) | Self::Number(_) | Self::Unchecked | Self::Unsupported => "",
        }
    }

    /// Whether `setting` counts as given. To the service, empty text is none, and `false` and 0 may be.
    pub(super) fn presence(&self, setting: Option<&Setting>) -> Presence {
        if matches!(self, Self::Unsupported) {
            return Presence::Unclear;
        }
        let text = match setting {
            None => return Presence::Absent,
            Some(Setting::Unknown) => return Presence::Unclear,
            Some(Setting::Known(ConfigValue::Plain(text))) => text,
            Some(Setting::Known(ConfigValue::Secret(text))) => text.expose_secret(),
        };
        let is_zero = match self {
            Self::Flag(_) => parse_bool(text) == Some(false),
            Self::Number(_) => text.parse() == Ok(0),
            _ => false,
        };
        match text {
            "" => Presence::Absent,
            _ if is_zero => Presence::Unclear,
            _ => Presence::Present,
        }
    }

    /// What is expected of `text` and is not the case. Of a secret, nothing is said that would tell a part of it.
    fn unmet(&self, text: &str, secret: bool) -> Vec<String> {
        match self {
            Self::Text(rules, options) => {
                let mut unmet = rules.unmet(text, secret);
                // Empty text chooses none.
                if !text.is_empty() {
                    unmet.extend(one_of(options, &text));
                }
                unmet
            }
            Self::Flag(rules) => rules.unmet(text),
            Self::Number(rules) => rules.unmet(text),
            Self::List(rules) => rules.unmet(text, secret),
            Self::Unchecked | Self::Unsupported => Vec::new(),
        }
    }
}
