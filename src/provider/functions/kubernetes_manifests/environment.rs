//! The first argument: the variables that the connector process reads.

use std::collections::BTreeMap;

use super::product::{CLOUD, DATA_CENTER, Product};
use crate::terraform::value::{Data, Value};

/// The variable that tells instances of a connector apart.
pub(super) const HOST_ID: &str = "BATON_HOST_ID";
const CREDENTIAL: [&str; 2] = ["BATON_CLIENT_ID", "BATON_CLIENT_SECRET"];

/// Values by the name of their variable.
pub(super) type Variables<'a> = BTreeMap<&'a str, &'a str>;

/// Variables, secrets among them, and the connector that they are for.
pub(super) struct Environment<'a> {
    /// By name; none for a value that is not known yet.
    variables: BTreeMap<&'a str, Option<&'a str>>,
    /// The connector.
    pub(super) product: &'static Product,
}

impl<'a> Environment<'a> {
    /// Reads the argument, or says what is wrong with it without any value of it. Before the connector and its
    /// credential exist, the argument is unknown or null, and there is no environment.
    pub(super) fn read(argument: &'a Value) -> Result<Option<Self>, String> {
        let Value::Known(data) = argument else {
            return Ok(None);
        };
        let Data::Map(entries) = data else {
            return Err("a map of variables is expected".to_owned());
        };
        if entries.is_empty() {
            return Err(
                "it is empty; pass the attribute environment of a confluence_datacenter_integration"
                    .to_owned(),
            );
        }
        let mut variables = BTreeMap::new();
        for (name, value) in entries {
            if !is_variable_name(name) {
                return Err(format!(
                    "{name:?} is no name of a variable: expected letters, digits and _, not beginning with a digit, \
                     such as BATON_HOSTNAME"
                ));
            }
            let value = match value {
                Value::Known(Data::String(value)) => Some(value.as_str()),
                Value::Unknown => None,
                _ => return Err(format!("{name} is null; give it a value or leave it out")),
            };
            variables.insert(name.as_str(), value);
        }
        let product = product(&variables)?;
        Ok(Some(Self { variables, product }))
    }

    /// Whether there is a variable of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// The variables by name, once all values are known.
    pub(super) fn known(&self) -> Option<Variables<'a>> {
        let variables = self.variables.iter();
        variables
            .map(|(name, value)| Some((*name, (*value)?)))
            .collect()
    }
}

/// The connector that these variables are complete for.
fn product(variables: &BTreeMap<&str, Option<&str>>) -> Result<&'static Product, String> {
    let recognise = |product: &Product| product.recognise(variables.keys().copied());
    let product = match (recognise(&DATA_CENTER), recognise(&CLOUD)) {
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
                "it belongs to no connector for Confluence: expected {} for {}, or {} for {}",
                DATA_CENTER.address, DATA_CENTER.title, CLOUD.address, CLOUD.title,
            ));
        }
    };
    // The connector takes a variable without a value for a missing one. A value that is not known yet may be any.
    let is_missing = |name: &&str| match variables.get(name) {
        Some(value) => *value == Some(""),
        None => true,
    };
    if is_missing(&product.address) {
        return Err(format!(
            "{} is missing: set it to the address of {}, such as {}",
            product.address, product.title, product.example,
        ));
    }
    let missing: Vec<_> = CREDENTIAL.into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(product);
    }
    Err(format!(
        "{} missing: the connector signs in to ConductorOne with the client ID and secret that were issued for it. The \
         attribute environment of a confluence_datacenter_integration holds both; for any other connector, ConductorOne \
         shows them once, on the connector's page, when they are issued",
        match missing.as_slice() {
            [one] => format!("{one} is"),
            several => format!("{} are", several.join(" and ")),
        },
    ))
}

/// Whether `name` can be a variable of a container, whatever its shell.
fn is_variable_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(allowed)
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
}
