//! The trait for ephemeral resources, and the same interface without the types.

use std::time::SystemTime;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::catch_panic::catch_panic;
use super::context::{Context, ContextBuilder};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::model::{Model, to_model, to_object};
use super::private_state::PrivateState;
use super::schema::{Format, LazySchema, Schema};
use super::timeouts::TimedOperation;
use super::value::Value;

/// An ephemeral resource, which exists while Terraform runs. Terraform stores its values in neither plan nor state.
pub trait EphemeralResource: Send + Sync + Sized + 'static {
    /// The attributes.
    type Model: Model;
    /// The client for the remote API.
    type Client: Send + Sync + 'static;
    /// What a renewal must know. Terraform keeps it in memory.
    type Private: Serialize + DeserializeOwned + Default + Send;

    /// The full type name, for example `confluence_access_token`.
    const TYPE_NAME: &'static str;

    /// Validates rules between attributes of a configuration. Any value may be unknown.
    fn validate(&self, _config: &Self::Model, _diagnostics: &mut Diagnostics) {}

    /// Opens the resource. All values of `config` are known.
    fn open(
        &self,
        context: &Context<Self::Client>,
        config: &Self::Model,
    ) -> impl Future<Output = Result<(Self::Model, Lease<Self::Private>), Diagnostics>> + Send;

    /// Renews the resource. Terraform keeps the values that [`open`](Self::open) returned. Adds warnings to `diagnostics`.
    fn renew(
        &self,
        context: &Context<Self::Client>,
        private: Self::Private,
        diagnostics: &mut Diagnostics,
    ) -> impl Future<Output = Result<Lease<Self::Private>, Diagnostics>> + Send;
}

/// How long an open resource is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease<P> {
    /// When Terraform renews the resource, or `None` if it never does.
    pub renew_at: Option<SystemTime>,
    /// What the renewal must know.
    pub private: P,
}

impl<P: Serialize + Default> Lease<P> {
    fn encoded(&self) -> Lease<PrivateState> {
        Lease {
            renew_at: self.renew_at,
            private: PrivateState::from_resource(&self.private),
        }
    }
}

/// The result of a renewal.
#[derive(Debug)]
pub struct Renewed {
    pub(super) lease: Lease<PrivateState>,
    pub(super) warnings: Diagnostics,
}

/// An [`EphemeralResource`] of any type. Objects are dynamic values.
pub trait AnyEphemeralResource<C>: Send + Sync {
    /// Returns the full type name.
    fn type_name(&self) -> &'static str;
    /// Returns the schema.
    fn schema(&self) -> Result<&Schema, Diagnostic>;
    /// Validates a configuration.
    fn validate(&self, config: Value) -> Diagnostics;
    /// Opens the resource.
    fn open(
        &self,
        context: ContextBuilder<C>,
        config: Value,
    ) -> BoxFuture<'_, Result<(Value, Lease<PrivateState>), Diagnostics>>;
    /// Renews the resource.
    fn renew(
        &self,
        context: ContextBuilder<C>,
        private: PrivateState,
    ) -> BoxFuture<'_, Result<Renewed, Diagnostics>>;
}

/// Returns an ephemeral resource for [`Provider::ephemeral_resources`](super::provider::Provider::ephemeral_resources).
/// `formats` adds to the common formats.
pub fn ephemeral_resource<E: EphemeralResource>(
    resource: E,
    formats: &'static [Format],
) -> Box<dyn AnyEphemeralResource<E::Client>> {
    Box::new(Declared {
        resource,
        schema: LazySchema::new(0, formats),
    })
}

struct Declared<E: EphemeralResource> {
    resource: E,
    schema: LazySchema<E::Model>,
}

impl<E: EphemeralResource> AnyEphemeralResource<E::Client> for Declared<E> {
    fn type_name(&self) -> &'static str {
        E::TYPE_NAME
    }

    fn schema(&self) -> Result<&Schema, Diagnostic> {
        self.schema.get()
    }

    fn validate(&self, config: Value) -> Diagnostics {
        match self.schema() {
            Ok(schema) => schema.validate(config, |config, diagnostics| {
                self.resource.validate(config, diagnostics);
            }),
            Err(invalid) => invalid.into(),
        }
    }

    fn open(
        &self,
        context: ContextBuilder<E::Client>,
        config: Value,
    ) -> BoxFuture<'_, Result<(Value, Lease<PrivateState>), Diagnostics>> {
        Box::pin(async move {
            let context = context.context(TimedOperation::Open, &config);
            let config: E::Model = to_model(config)?;
            let (opened, lease) = catch_panic(self.resource.open(&context, &config)).await?;
            Ok((to_object(opened), lease.encoded()))
        })
    }

    fn renew(
        &self,
        context: ContextBuilder<E::Client>,
        private: PrivateState,
    ) -> BoxFuture<'_, Result<Renewed, Diagnostics>> {
        Box::pin(async move {
            // Terraform sends no configuration, so the default time limit applies.
            let context = context.context(TimedOperation::Open, &Value::Null);
            let mut warnings = Diagnostics::default();
            let private = private.resource_private();
            let renewal = self.resource.renew(&context, private, &mut warnings);
            let lease = catch_panic(renewal).await?.encoded();
            Ok(Renewed { lease, warnings })
        })
    }
}
