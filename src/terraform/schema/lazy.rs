//! Schemas that are created on first use.

use std::marker::PhantomData;
use std::sync::OnceLock;

use schemars::JsonSchema;

use super::declaration::InvalidSchema;
use super::definition::Schema;
use super::format::Format;
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::messages;

/// The schema that `M` declares, created on first use. Creating schemas is the slowest part of the start, and most
/// processes need only a few of them.
pub(in crate::terraform) struct LazySchema<M> {
    version: i64,
    formats: &'static [Format],
    schema: OnceLock<Result<Schema, InvalidSchema>>,
    declaration: PhantomData<fn() -> M>,
}

impl<M: JsonSchema> LazySchema<M> {
    pub(in crate::terraform) fn new(version: i64, formats: &'static [Format]) -> Self {
        Self {
            version,
            formats,
            schema: OnceLock::new(),
            declaration: PhantomData,
        }
    }

    /// Returns the schema. An error means that the declaration is wrong.
    pub(in crate::terraform) fn get(&self) -> Result<&Schema, Diagnostic> {
        self.schema
            .get_or_init(|| Schema::from_declaration::<M>(self.version, self.formats))
            .as_ref()
            .map_err(messages::invalid_schema)
    }
}
