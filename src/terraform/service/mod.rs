//! The gRPC service: maps each RPC of the protocol onto the traits that a provider implements.

mod calls;
mod identity;
mod listing;
mod provider;
mod reply;
mod resource;
mod rpcs;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use super::data_source::AnyDataSource;
use super::diagnostics::{Diagnostic, Diagnostics, Severity};
use super::function::Function;
use super::list_resource::AnyListResource;
use super::managed::{AnyResource, Environment, malformed};
use super::proto::DynamicValue;
use super::proto::provider_server::ProviderServer;
use super::provider::{Configured, Provider};
use super::schema::{LazySchema, Schema};
use super::value::{Data, Value};
use crate::terraform::problems;

/// The most that one message may hold, as servers written in Go have it.
const GREATEST_MESSAGE: usize = 256 << 20;

/// The gRPC service of a provider.
#[expect(
    missing_debug_implementations,
    reason = "neither field has anything to show"
)]
pub struct ProviderService {
    /// The gRPC routes.
    pub routes: Routes,
    /// Work that runs after Terraform has saved its state and before the process ends.
    pub shutdown_hook: BoxFuture<'static, ()>,
}

impl ProviderService {
    /// Creates the service of `provider`.
    pub fn new<P: Provider>(provider: P) -> Self {
        let served = Arc::new(Served::new(provider));
        let service = ProviderServer::new(rpcs::Service(Arc::clone(&served)))
            .max_decoding_message_size(GREATEST_MESSAGE)
            .max_encoding_message_size(GREATEST_MESSAGE);
        Self {
            routes: Routes::new(service),
            shutdown_hook: Box::pin(async move { served.before_shutdown().await }),
        }
    }
}

/// A provider being served.
pub(super) struct Served<P: Provider> {
    provider: P,
    config_schema: LazySchema<P::Config>,
    resources: BTreeMap<&'static str, Box<dyn AnyResource<P::Client>>>,
    data_sources: BTreeMap<&'static str, Box<dyn AnyDataSource<P::Client>>>,
    list_resources: BTreeMap<&'static str, Box<dyn AnyListResource<P::Client>>>,
    functions: BTreeMap<&'static str, Box<dyn Function>>,
    /// In debug mode, one process may be configured several times; the last configuration wins.
    configured: Mutex<Option<Configured<Arc<P::Client>>>>,
    /// The titles of the errors that other calls share and that were told in full since then.
    told: Mutex<BTreeSet<String>>,
    /// Cancels what is in flight; replaced by a fresh one when the user interrupts.
    running: Mutex<CancellationToken>,
    /// Whether the user has interrupted.
    stopped: AtomicBool,
}

impl<P: Provider> Served<P> {
    pub(super) fn new(provider: P) -> Self {
        let resources = provider.resources().into_iter();
        let data_sources = provider.data_sources().into_iter();
        let list_resources = provider.list_resources().into_iter();
        let functions = provider.functions().into_iter();
        Self {
            config_schema: LazySchema::new(0, P::FORMATS),
            resources: resources
                .map(|resource| (resource.type_name(), resource))
                .collect(),
            data_sources: data_sources
                .map(|source| (source.type_name(), source))
                .collect(),
            list_resources: list_resources
                .map(|list| (list.type_name(), list))
                .collect(),
            functions: functions
                .map(|function| (function.name(), function))
                .collect(),
            configured: Mutex::default(),
            told: Mutex::default(),
            running: Mutex::default(),
            stopped: AtomicBool::default(),
            provider,
        }
    }

    fn resource(&self, type_name: &str) -> Result<&dyn AnyResource<P::Client>, Diagnostic> {
        let found = self.resources.get(type_name).map(AsRef::as_ref);
        found.ok_or_else(|| problems::unknown_type("resource", type_name))
    }

    pub(super) fn data_source(
        &self,
        type_name: &str,
    ) -> Result<&dyn AnyDataSource<P::Client>, Diagnostic> {
        let found = self.data_sources.get(type_name).map(AsRef::as_ref);
        found.ok_or_else(|| problems::unknown_type("data source", type_name))
    }

    /// What calls may use, or `None` while the configuration is not known yet.
    pub(super) fn environment(&self) -> Result<Option<Environment<P::Client>>, Diagnostic> {
        match &*locked(&self.configured) {
            Some(Configured::Ready(client)) => Ok(Some(Environment {
                client: Arc::clone(client),
                cancellation: locked(&self.running).clone(),
                whole: None,
            })),
            Some(Configured::Unknown) => Ok(None),
            None => Err(problems::not_configured()),
        }
    }

    /// What is told of `diagnostics`: an error that other calls share in full only once. And what there is to say beside.
    fn tell(&self, diagnostics: Diagnostics) -> Diagnostics {
        let mut told = locked(&self.told);
        let once = |diagnostic: Diagnostic| {
            let is_shared = diagnostic.shared.is_some() && diagnostic.severity == Severity::Error;
            if is_shared && !told.insert(diagnostic.summary.clone()) {
                diagnostic.again()
            } else {
                diagnostic
            }
        };
        let mut all: Diagnostics = diagnostics.into_iter().map(once).collect();
        if let Some(Configured::Ready(client)) = &*locked(&self.configured) {
            all.append(P::notices(client));
        }
        all
    }

    /// Ends what is in flight. Calls that come later run.
    fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        std::mem::take(&mut *locked(&self.running)).cancel();
    }

    /// Tells the provider that everything is saved. After an interrupt nobody knows: a second one ends Terraform at once.
    async fn before_shutdown(&self) {
        if !self.stopped.load(Ordering::Relaxed) {
            self.provider.saved().await;
        }
    }
}

/// The value in a message, which must fit the schema. Empty and missing messages mean null.
fn read(message: Option<&DynamicValue>, schema: &Schema) -> Result<Value, Diagnostic> {
    DynamicValue::read(message, &schema.ty()).map_err(|error| malformed(&error))
}

/// The same for a block that may be left out: then all of its attributes are null.
fn read_block(message: Option<&DynamicValue>, schema: &Schema) -> Result<Value, Diagnostic> {
    Ok(match read(message, schema)? {
        Value::Null => Value::Known(Data::Map(BTreeMap::new())),
        block => block,
    })
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
