//! A provider while it is served: its resources by name, its configuration and its interrupts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use super::shared_errors::SharedErrors;
use crate::terraform::action::AnyAction;
use crate::terraform::context::ContextBuilder;
use crate::terraform::data_source::AnyDataSource;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::ephemeral_resource::AnyEphemeralResource;
use crate::terraform::function::Function;
use crate::terraform::list_resource::AnyListResource;
use crate::terraform::managed::AnyResource;
use crate::terraform::messages;
use crate::terraform::provider::{Configured, Provider};
use crate::terraform::schema::LazySchema;

/// A provider while it is served.
pub(in crate::terraform) struct ServedProvider<P: Provider> {
    pub(super) provider: P,
    pub(super) config_schema: LazySchema<P::Config>,
    pub(super) resources: BTreeMap<&'static str, Box<dyn AnyResource<P::Client>>>,
    pub(super) data_sources: BTreeMap<&'static str, Box<dyn AnyDataSource<P::Client>>>,
    pub(super) ephemeral_resources:
        BTreeMap<&'static str, Box<dyn AnyEphemeralResource<P::Client>>>,
    pub(super) list_resources: BTreeMap<&'static str, Box<dyn AnyListResource<P::Client>>>,
    pub(super) actions: BTreeMap<&'static str, Box<dyn AnyAction<P::Client>>>,
    pub(super) functions: BTreeMap<&'static str, Box<dyn Function>>,
    /// In debug mode, Terraform can configure a process several times. The last configuration applies.
    configured: Mutex<Option<Configured<Arc<P::Client>>>>,
    shared_errors: SharedErrors,
    /// Cancels the running calls. An interrupt replaces it with a new token.
    running: Mutex<CancellationToken>,
    interrupted: AtomicBool,
}

impl<P: Provider> ServedProvider<P> {
    pub(in crate::terraform) fn new(provider: P) -> Self {
        let resources = provider.resources().into_iter();
        let data_sources = provider.data_sources().into_iter();
        let ephemeral_resources = provider.ephemeral_resources().into_iter();
        let list_resources = provider.list_resources().into_iter();
        let actions = provider.actions().into_iter();
        let functions = provider.functions().into_iter();
        Self {
            config_schema: LazySchema::new(0, P::FORMATS),
            resources: resources
                .map(|resource| (resource.type_name(), resource))
                .collect(),
            data_sources: data_sources
                .map(|source| (source.type_name(), source))
                .collect(),
            ephemeral_resources: ephemeral_resources
                .map(|resource| (resource.type_name(), resource))
                .collect(),
            list_resources: list_resources
                .map(|list| (list.type_name(), list))
                .collect(),
            actions: actions.map(|action| (action.type_name(), action)).collect(),
            functions: functions
                .map(|function| (function.name(), function))
                .collect(),
            configured: Mutex::default(),
            shared_errors: SharedErrors::default(),
            running: Mutex::default(),
            interrupted: AtomicBool::default(),
            provider,
        }
    }

    pub(super) fn resource(
        &self,
        type_name: &str,
    ) -> Result<&dyn AnyResource<P::Client>, Diagnostic> {
        let found = self.resources.get(type_name).map(AsRef::as_ref);
        found.ok_or_else(|| messages::unknown_type("resource", type_name))
    }

    pub(in crate::terraform) fn data_source(
        &self,
        type_name: &str,
    ) -> Result<&dyn AnyDataSource<P::Client>, Diagnostic> {
        let found = self.data_sources.get(type_name).map(AsRef::as_ref);
        found.ok_or_else(|| messages::unknown_type("data source", type_name))
    }

    pub(super) fn list_resource_type(
        &self,
        type_name: &str,
    ) -> Result<&dyn AnyListResource<P::Client>, Diagnostic> {
        let found = self.list_resources.get(type_name).map(AsRef::as_ref);
        found.ok_or_else(|| messages::unknown_type("list resource", type_name))
    }

    pub(super) fn ephemeral_resource(
        &self,
        type_name: &str,
    ) -> Result<&dyn AnyEphemeralResource<P::Client>, Diagnostic> {
        let found = self.ephemeral_resources.get(type_name).map(AsRef::as_ref);
        found.ok_or_else(|| messages::unknown_type("ephemeral resource", type_name))
    }

    pub(super) fn action(&self, type_name: &str) -> Result<&dyn AnyAction<P::Client>, Diagnostic> {
        let found = self.actions.get(type_name).map(AsRef::as_ref);
        found.ok_or_else(|| messages::unknown_type("action", type_name))
    }

    /// Stores the result of a configuration.
    pub(super) fn set_configured(&self, configured: Configured<Arc<P::Client>>) {
        *locked(&self.configured) = Some(configured);
        self.shared_errors.reset();
    }

    /// Returns the context of calls, or `None` while the configuration is unknown. It is an error if Terraform has not
    /// configured the provider.
    pub(in crate::terraform) fn context(
        &self,
    ) -> Result<Option<ContextBuilder<P::Client>>, Diagnostic> {
        match &*locked(&self.configured) {
            Some(Configured::Ready(client)) => Ok(Some(ContextBuilder::new(
                Arc::clone(client),
                locked(&self.running).clone(),
            ))),
            Some(Configured::Unknown) => Ok(None),
            None => Err(messages::not_configured()),
        }
    }

    /// Returns the diagnostics to send to Terraform. Shared errors appear in full only once. The notices of the client are
    /// added.
    pub(super) fn report(&self, diagnostics: Diagnostics) -> Diagnostics {
        let mut reported = self.shared_errors.shorten_repeated(diagnostics);
        if let Some(Configured::Ready(client)) = &*locked(&self.configured) {
            reported.append(P::notices(client));
        }
        reported
    }

    /// Cancels the running calls. Later calls run normally.
    pub(super) fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
        std::mem::take(&mut *locked(&self.running)).cancel();
    }

    /// Runs the shutdown hook of the provider. An interrupt disables the hook, because a second interrupt ends Terraform
    /// before it saves its state.
    pub(super) async fn before_shutdown(&self) {
        if !self.interrupted.load(Ordering::Relaxed) {
            self.provider.before_shutdown().await;
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
