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

/// The kind of a field's values.
#[derive(Clone, Debug, Default)]
pub(crate) enum FieldKind {
    /// A string. If there are options, one of them.
    Text(StringRules, Vec<String>),
    /// `true` or `false`.
    Flag(BoolRules),
    /// A whole number.
    Number(IntRules),
    /// Strings, joined with commas.
    List(ListRules),
    /// A kind without rules, such as a file or a map.
    Unchecked,
    /// A kind that a setting cannot have: another sign-in, a value that ConductorOne creates, or a kind that this
    /// version does not know.
    #[default]
    Unsupported,
}

/// Whether a setting counts as set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Presence {
    Absent,
    /// The setting may be present or absent, and therefore satisfies every rule.
    Unclear,
    Present,
}

impl Field {
    /// Returns the expectations that the setting does not meet.
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
    /// Returns the pattern of the field, or an empty string.
    pub(super) fn pattern(&self) -> &str {
        match self {
            Self::Text(rules, _) => rules.pattern(),
            Self::List(rules) => rules.pattern(),
            Self::Flag(_) | Self::Number(_) | Self::Unchecked | Self::Unsupported => "",
        }
    }

    /// Returns whether `setting` counts as set. The service treats an empty string as absent, and possibly `false` and
    /// 0 too.
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

    /// Returns the expectations that `text` does not meet. Never reveals a part of a secret.
    fn unmet(&self, text: &str, secret: bool) -> Vec<String> {
        match self {
            Self::Text(rules, options) => {
                let mut unmet = rules.unmet(text, secret);
                // An empty string chooses no option.
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
