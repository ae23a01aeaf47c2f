//! What a type of connector declares about its settings: which attribute gives which key of the catalog entry.

use crate::conductorone::{ConnectorConfig, parse_bool};
use crate::provider::connector::{joined, split};
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::value::{Secret, Set, Value};

/// An attribute of the model `M`; [`attribute!`] makes one.
#[derive(Debug)]
pub(crate) struct Attribute<M, T> {
    pub(crate) name: &'static str,
    pub(crate) get: fn(&M) -> &Value<T>,
    pub(crate) get_mut: fn(&mut M) -> &mut Value<T>,
}

/// The attribute of `Self` with this name.
macro_rules! attribute {
    ($name:ident) => {
        $crate::provider::connector::Attribute {
            name: stringify!($name),
            get: |model: &Self| &model.$name,
            get_mut: |model: &mut Self| &mut model.$name,
        }
    };
}
pub(crate) use attribute;

/// How ConductorOne stores a text that a model has; an error where it cannot.
pub(crate) type Spelling<M> = fn(&M, &str) -> Result<String, Diagnostic>;

/// A setting that is no secret.
#[derive(Debug)]
pub(crate) struct Setting<M> {
    /// Its key in the catalog entry.
    pub(super) key: &'static str,
    kind: Kind<M>,
    /// Whether the catalog entry has it.
    pub(crate) exists: bool,
}

#[derive(Debug)]
enum Kind<M> {
    Required {
        attribute: Attribute<M, String>,
        example: &'static str,
        spelling: Spelling<M>,
    },
    Flag {
        attribute: Attribute<M, bool>,
        always_sent: bool,
    },
    List(Attribute<M, Set<String>>),
}

impl<M> Setting<M> {
    /// A text without which there are no settings at all; `example` shows how the user sets it.
    pub(crate) fn required(
        key: &'static str,
        attribute: Attribute<M, String>,
        example: &'static str,
    ) -> Self {
        Self::new(
            key,
            Kind::Required {
                attribute,
                example,
                spelling: |_, text| Ok(text.to_owned()),
            },
        )
    }

    /// `true` or `false`. Unset means `false`.
    pub(crate) fn flag(key: &'static str, attribute: Attribute<M, bool>) -> Self {
        Self::new(
            key,
            Kind::Flag {
                attribute,
                always_sent: false,
            },
        )
    }

    /// A list, stored as one text. Unset means empty.
    pub(crate) fn list(key: &'static str, attribute: Attribute<M, Set<String>>) -> Self {
        Self::new(key, Kind::List(attribute))
    }

    fn new(key: &'static str, kind: Kind<M>) -> Self {
        Self {
            key,
            kind,
            exists: true,
        }
    }

    /// A required text that ConductorOne stores in a spelling of its own.
    pub(crate) fn spelled(mut self, as_stored: Spelling<M>) -> Self {
        if let Kind::Required { spelling, .. } = &mut self.kind {
            *spelling = as_stored;
        }
        self
    }

    /// A flag that is sent even where nobody has ever set it, because the catalog entry's default is another one.
    pub(crate) fn always_sent(mut self) -> Self {
        if let Kind::Flag { always_sent, .. } = &mut self.kind {
            *always_sent = true;
        }
        self
    }

    /// A setting that not every catalog entry of the connector has.
    pub(crate) fn only_if(self, exists: bool) -> Self {
        Self { exists, ..self }
    }

    /// The name of its attribute.
    pub(crate) fn attribute(&self) -> &'static str {
        match &self.kind {
            Kind::Required { attribute, .. } => attribute.name,
            Kind::Flag { attribute, .. } => attribute.name,
            Kind::List(attribute) => attribute.name,
        }
    }

    /// How the user sets it, where it is required.
    pub(super) fn example(&self) -> Option<&'static str> {
        match &self.kind {
            Kind::Required { example, .. } => Some(example),
            Kind::Flag { .. } | Kind::List(_) => None,
        }
    }

    /// What the user set, as a text.
    pub(crate) fn value(&self, model: &M) -> Value<String> {
        match &self.kind {
            Kind::Required { attribute, .. } => (attribute.get)(model).clone(),
            Kind::Flag { attribute, .. } => (attribute.get)(model).map(|flag| flag.to_string()),
            Kind::List(attribute) => (attribute.get)(model).clone().map(|set| joined(&set)),
        }
    }

    /// The text in ConductorOne's spelling.
    pub(super) fn spell(&self, model: &M, text: &str) -> Result<String, Diagnostic> {
        match &self.kind {
            Kind::Required { spelling, .. } => spelling(model, text),
            Kind::Flag { .. } | Kind::List(_) => Ok(text.to_owned()),
        }
    }

    /// What is stored in its place once the user removes it.
    pub(super) fn unset(&self) -> &'static str {
        match &self.kind {
            Kind::Flag { .. } => "false",
            Kind::Required { .. } | Kind::List(_) => "",
        }
    }

    /// Whether a configuration that lacks it gets it as unset.
    pub(super) fn is_always_sent(&self) -> bool {
        matches!(self.kind, Kind::Flag { always_sent, .. } if always_sent)
    }

    /// Whether two models give ConductorOne different things to store. Unset is the same as what is stored in its place.
    pub(super) fn differs(&self, one: &M, other: &M) -> bool {
        let stored = |model| match self.value(model) {
            Value::Null => Value::Known(self.unset().to_owned()),
            set => set,
        };
        self.exists && stored(one) != stored(other)
    }

    /// Takes over what ConductorOne stores. What nobody manages never appears; after an import, what is not the default
    /// does. A required text appears where Terraform manages the settings at all.
    pub(super) fn observe(
        &self,
        model: &mut M,
        config: &ConnectorConfig,
        managed: bool,
        imported: bool,
    ) {
        // To ConductorOne, empty means unset.
        let text = config.plain(self.key);
        let text = text.filter(|text| self.exists && !text.is_empty());
        match &self.kind {
            Kind::Required { attribute, .. } => {
                if managed || imported {
                    *(attribute.get_mut)(model) = text.map(str::to_owned).into();
                }
            }
            Kind::Flag { attribute, .. } => {
                let is_on = text.and_then(parse_bool).unwrap_or_default();
                let flag = (attribute.get_mut)(model);
                if !flag.is_null() || imported && is_on {
                    *flag = Value::Known(is_on);
                }
            }
            Kind::List(attribute) => {
                let list = (attribute.get_mut)(model);
                if !list.is_null() || imported {
                    *list = text.map(split).into();
                }
            }
        }
    }
}

/// The secret that ConductorOne stores with the settings and never shows. Users give it in an attribute, or in a write-only
/// one with a version beside it.
#[derive(Debug)]
pub(crate) struct SecretSetting<M> {
    /// Its key in the catalog entry.
    pub(crate) key: &'static str,
    /// What users call it, such as `API key`.
    pub(crate) noun: &'static str,
    /// What it is, such as `an API token of the account in username`.
    pub(crate) meaning: &'static str,
    /// The attribute that the state holds.
    pub(crate) stored: Attribute<M, Secret>,
    /// The write-only attribute.
    pub(crate) passing: Attribute<M, Secret>,
    /// The version of the write-only attribute.
    pub(crate) version: Attribute<M, i64>,
    /// How the user sets the write-only attribute.
    pub(crate) example: &'static str,
}

impl<M> SecretSetting<M> {
    /// The secret at hand: `config` has it where it is write-only.
    pub(super) fn value(&self, planned: &M, config: &M) -> Value<Secret> {
        match (self.passing.get)(config) {
            Value::Null => (self.stored.get)(planned).clone(),
            passing => passing.clone(),
        }
    }

    /// The attribute in which `config` gives it.
    pub(super) fn attribute(&self, config: &M) -> &'static str {
        if (self.passing.get)(config).is_null() {
            self.stored.name
        } else {
            self.passing.name
        }
    }

    /// Whether `planned` asks for another one than `prior`. A write-only one that takes the place of the one in the state
    /// can be compared with that.
    pub(super) fn differs(&self, planned: &M, prior: &M, config: &M) -> bool {
        let (stored, version) = ((self.stored.get)(planned), (self.version.get)(planned));
        let (before, passing) = ((self.stored.get)(prior), (self.passing.get)(config));
        !stored.is_null() && stored != before
            || !version.is_null() && version != (self.version.get)(prior)
            || !passing.is_null() && !before.is_null() && passing != before
    }

    /// Whether the state stands for one.
    pub(super) fn is_given(&self, state: &M) -> bool {
        !(self.stored.get)(state).is_null() || !(self.version.get)(state).is_null()
    }

    /// Forgets it, so that the next plan offers to write it again.
    pub(super) fn forget(&self, state: &mut M) {
        *(self.stored.get_mut)(state) = Value::Null;
        *(self.version.get_mut)(state) = Value::Null;
    }
}
