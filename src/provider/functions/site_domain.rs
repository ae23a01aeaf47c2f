//! `provider::confluence::site_domain`.

use crate::provider::site::{self, Site};
use crate::terraform::function::{Function, FunctionError, Parameter, Signature};
use crate::terraform::types::Type;
use crate::terraform::value::{Data, Value};

/// The function that returns the normal form of a Confluence Cloud site.
#[derive(Debug)]
pub(crate) struct SiteDomain;

impl Function for SiteDomain {
    fn name(&self) -> &'static str {
        "site_domain"
    }

    fn signature(&self) -> Signature {
        Signature {
            parameters: vec![Parameter {
                name: "site",
                ty: Type::String,
                nullable: false,
                takes_unknown: false,
                description: "The site in any spelling: `acme`, `acme.atlassian.net`, \
                              `https://acme.atlassian.net/wiki`, or a custom domain.",
            }],
            returns: Type::String,
            summary: "Normal form of a Confluence Cloud site",
            description: "Returns the host of a Confluence Cloud site, such as `acme.atlassian.net`, from any spelling of the site. \
                          A text that is not a site is an error.",
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let text = match arguments {
            [Value::Known(Data::String(text))] => text.as_str(),
            _ => "",
        };
        match text.parse::<Site>() {
            Ok(site) => Ok(Value::from(site.to_string().as_str())),
            Err(error) => Err(FunctionError {
                text: format!("expected {}, got {text:?}: {error}", site::FORMAT.expected),
                argument: Some(0),
            }),
        }
    }
}
