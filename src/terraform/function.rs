//! What a provider-defined function implements.

use super::types::Type;
use super::value::Value;

/// A pure function of its arguments: no network, no clock, no configuration.
pub trait Function: Send + Sync + 'static {
    /// The bare name, as in `provider::confluence::NAME`.
    fn name(&self) -> &'static str;
    /// What it takes and gives.
    fn signature(&self) -> Signature;
    /// Computes the result. The arguments are of the types that the signature names. They are not null, and wholly known,
    /// except where the signature says otherwise; nulls may be inside any of them.
    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError>;
}

/// What a function takes and gives.
#[derive(Debug, Clone)]
pub struct Signature {
    /// The parameters, in order.
    pub parameters: Vec<Parameter>,
    /// The type of the result.
    pub returns: Type,
    /// One line about it.
    pub summary: &'static str,
    /// All about it, in Markdown.
    pub description: &'static str,
}

/// One parameter of a function.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name in the documentation.
    pub name: &'static str,
    /// The type of its argument.
    pub ty: Type,
    /// Whether its argument may be null.
    pub nullable: bool,
    /// Whether the function is called while its argument, or something in it, is not known yet. Otherwise the result is
    /// unknown then.
    pub takes_unknown: bool,
    /// What it means, in Markdown.
    pub description: &'static str,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// For the user, in the middle of a sentence: Terraform says before it what it is about, and ends it with a full stop.
    pub text: String,
    /// The position of the argument at fault, counted from 0.
    pub argument: Option<usize>,
}
