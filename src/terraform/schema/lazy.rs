//! Schemas that are made when they are first needed.

use std::marker::PhantomData;
use std::sync::OnceLock;

use schemars::JsonSchema;

use super::describe::InvalidSchema;
use super::{Format, Schema};
use crate::terraform::diagnostics::Diagnostic;
use crate::terraform::problems;

/// The schema that `M` declares. Making it takes longer than everything else at start, and most processes that
/// Terraform starts need only a few.
pub(in crate::terraform) struct LazySchema<M> {
    version: i64,
    formats: &'static [Format],
    made: OnceLock<Result<Schema, InvalidSchema>>,
    declaration: PhantomData<fn() -> M>,
}

impl<M: JsonSchema> LazySchema<M> {
    pub(in crate::terraform) fn new(version: i64, formats: &'static [Format]) -> Self {
        Self {
            version,
            formats,
            made: OnceLock::new(),
            declaration: PhantomData,
        }
    }

    /// The schema; the error is a mistake in the declaration.
    pub(in crate::terraform) fn get(&self) -> Result<&Schema, Diagnostic> {
        self.made
            .get_or_init(|| Schema::of::<M>(self.version, self.formats))
            .as_ref()
            .map_err(problems::broken_schema)
    }
}
