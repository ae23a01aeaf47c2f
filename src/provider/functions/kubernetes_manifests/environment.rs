//! The first argument: the environment variables of the connector process.

use std::collections::BTreeMap;

use super::product::{CLOUD, DATA_CENTER, Product};
use crate::terraform::value::{Data, Value};

/// The variable that identifies an instance of a connector.
pub(super) const HOST_ID: &str = "BATON_HOST_ID";
const CREDENTIAL: [&str; 2] = ["BATON_CLIENT_ID", "BATON_CLIENT_SECRET"];

/// Values by variable name.
pub(super) type Variables<'a> = BTreeMap<&'a str, &'a str>;

/// The variables, which include secrets, and the connector that they belong to.
pub(super) struct Environment<'a> {
    /// The values by name. `None` means that a value is not known yet.
    variables: BTreeMap<&'a str, Option<&'a str>>,
    /// The connector.
    pub(super) product: &'static Product,
}

impl<'a> Environment<'a> {
    /// Reads the argument. An error never contains a value, because values can be secrets. `None` if the argument is
    /// unknown or null, as it is before the connector and its credential exist.
    pub(super) fn read(argument: &'a Value) -> Result<Option<Self>, String> {
        let Value::Known(data) = argument else {
            return Ok(None);
        };
        let Data::Map(entries) = data else {
            return Err("expected a map of variables".to_owned());
        };
        if entries.is_empty() {
            return Err(
                "it is empty; pass the environment attribute of a confluence_datacenter_integration or of a \
                 confluence_self_hosted_integration"
                    .to_owned(),
            );
        }
        let mut variables = BTreeMap::new();
        for (name, value) in entries {
            if !is_variable_name(name) {
                return Err(format!(
                    "{name:?} is not a variable name: expected letters, digits and _, without a digit at the start, such as \
                     BATON_HOSTNAME"
                ));
            }
            let value = match value {
                Value::Known(Data::String(value)) => Some(value.as_str()),
                Value::Unknown => None,
                _ => return Err(format!("{name} is null; give it a value or remove it")),
            };
            variables.insert(name.as_str(), value);
        }
        let product = product(&variables)?;
        Ok(Some(Self { variables, product }))
    }

    /// Returns whether the environment has a variable with this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// Returns the variables by name. `None` if a value is not known yet.
    pub(super) fn known(&self) -> Option<Variables<'a>> {
        let variables = self.variables.iter();
        variables
            .map(|(name, value)| Some((*name, (*value)?)))
            .collect()
    }
}

/// Returns the connector that the variables belong to. Checks that its required variables are set.
fn product(variables: &BTreeMap<&str, Option<&str>>) -> Result<&'static Product, String> {
    let matches = |product: &Product| product.variable_of_its_own(variables.keys().copied());
    let product = match (matches(&DATA_CENTER), matches(&CLOUD)) {
        (Some(_), None) => &DATA_CENTER,
        (None, Some(_)) => &CLOUD,
        (Some(one), Some(other)) => {
            return Err(format!(
                "{one} is for {}, but {other} is for {}; pass the variables of one connector",
                DATA_CENTER.title, CLOUD.title,
            ));
        }
        (None, None) => {
            return Err(format!(
                "it is not for a Confluence connector: expected {} for {}, or {} for {}",
                DATA_CENTER.address, DATA_CENTER.title, CLOUD.address, CLOUD.title,
            ));
        }
    };
    // To the connector, a variable without a value is a missing variable. An unknown value may turn out to be set.
    let is_missing = |name: &&str| match variables.get(name) {
        Some(value) => *value == Some(""),
        None => true,
    };
    if is_missing(&product.address) {
        return Err(format!(
            "{} is missing: set it to the URL of {}, such as {}",
            product.address, product.title, product.example,
        ));
    }
    let missing: Vec<_> = CREDENTIAL.into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(product);
    }
    Err(format!(
        "{} missing: the connector requires its client ID and secret to sign in to ConductorOne. The environment attribute of \
         a confluence_datacenter_integration or confluence_self_hosted_integration contains both; for any other connector, \
         ConductorOne shows them once on the connector's page when it issues them",
        match missing.as_slice() {
            [one] => format!("{one} is"),
            several => format!("{} are", several.join(" and ")),
        },
    ))
}

/// Returns whether `name` can be an environment variable of a container with any shell.
fn is_variable_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(allowed)
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
}
