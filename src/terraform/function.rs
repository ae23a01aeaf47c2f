//! The trait for provider-defined functions.

use super::types::Type;
use super::value::Value;

/// A provider-defined function. The result depends only on the arguments: not on the network, the clock or the
/// configuration.
pub trait Function: Send + Sync + 'static {
    /// Returns the name, as in `provider::confluence::NAME`.
    fn name(&self) -> &'static str;
    /// Returns the parameters, the result type and the descriptions.
    fn signature(&self) -> Signature;
    /// Computes the result. The arguments have the types of the signature. An argument is not null and is wholly known,
    /// unless its parameter allows otherwise. Any argument may contain nulls.
    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError>;
}

/// The signature of a function.
#[derive(Debug, Clone)]
pub struct Signature {
    /// The parameters, in order.
    pub parameters: Vec<Parameter>,
    /// The type of the result.
    pub returns: Type,
    /// A one-line description.
    pub summary: &'static str,
    /// The full description, in Markdown.
    pub description: &'static str,
}

/// One parameter of a function.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name in the documentation.
    pub name: &'static str,
    /// The type of the argument.
    pub ty: Type,
    /// Whether the argument may be null.
    pub nullable: bool,
    /// Whether Terraform calls the function while the argument is not wholly known. If not, the result is unknown until
    /// the argument is known.
    pub takes_unknown: bool,
    /// The description, in Markdown.
    pub description: &'static str,
}

/// The error of a failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// The text for the user. Terraform shows it in the middle of a sentence and adds the full stop.
    pub text: String,
    /// The zero-based index of the argument that caused the error.
    pub argument: Option<usize>,
}
