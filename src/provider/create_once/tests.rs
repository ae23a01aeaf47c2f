//! Which object a creation takes, among those that other runs, other resources and people have created.

use std::sync::Arc;
use std::time::Duration;

use http::Method;

use super::*;
use crate::conductorone::{BaseUrl, CallError, Cause};
use crate::provider::provider_data::ProviderData;
use crate::provider::terraform_run::TerraformRun;
use crate::terraform::diagnostics::Severity;

/// An object of the server.
#[derive(Clone, Debug, PartialEq)]
struct Thing {
    id: &'static str,
    mark: Option<CreationMark>,
    looks_requested: bool,
    is_in_use: bool,
}

impl CreatedObject for Thing {
    fn id(&self) -> &str {
        self.id
    }

    fn display_name(&self) -> &'static str {
        "a thing"
    }

    fn created_at(&self) -> Option<&str> {
        Some("2020-01-01T00:00:00Z")
    }

    fn mark(&self) -> Option<CreationMark> {
        self.mark.clone()
    }
}

/// A creation with a server that responds as the test says.
#[derive(Clone, Debug)]
struct Request {
    mark: CreationMark,
    /// The objects before the request.
    existing: Vec<Thing>,
    /// The result of the request, or `None` for no conclusive answer.
    response: Option<Thing>,
    /// The objects after the request.
    found: Vec<Thing>,
    adopts_leftovers: bool,
}

impl Creation for Request {
    type Object = Thing;
    const NOUN: &'static str = "thing";

    async fn list_existing(&self, _session: &Session) -> Result<Arc<[Thing]>, Error> {
        Ok(self.existing.clone().into())
    }

    async fn search(&self, _api: &Client) -> Result<Vec<Thing>, Error> {
        Ok(self.found.clone())
    }

    async fn get(&self, _api: &Client, id: &str) -> Result<Option<Thing>, Error> {
        Ok(self.found.iter().find(|thing| thing.id == id).cloned())
    }

    async fn send(&self, _api: &Client) -> Result<Thing, Error> {
        self.response.clone().ok_or_else(no_answer)
    }

    async fn delete(&self, _api: &Client, _id: &str) -> Result<(), Error> {
        Ok(())
    }

    fn mark(&self) -> &CreationMark {
        &self.mark
    }

    fn matches(&self, thing: &Thing) -> bool {
        thing.looks_requested
    }

    fn adopts_leftovers(&self) -> bool {
        self.adopts_leftovers
    }

    fn is_in_use(&self, thing: &Thing) -> bool {
        thing.is_in_use
    }

    fn import_command(&self, thing: &Thing) -> String {
        format!("import {}", thing.id)
    }

    fn being_created(&self, thing: &Thing, _age: &Age) -> Diagnostic {
        message(&format!("being created: {}", thing.id))
    }

    fn not_created(&self, _error: &Error) -> Diagnostic {
        message("not created")
    }

    fn maybe_created(&self, _error: &Error) -> Diagnostic {
        message("maybe created")
    }

    fn one_of_several_created(&self, import_commands: &str, _error: &Error) -> Diagnostic {
        message(&format!("one of several created:\n{import_commands}"))
    }
}

fn no_answer() -> Error {
    Error::Call(Box::new(CallError {
        method: Method::POST,
        server: BaseUrl::from_tenant_domain("acme").expect("a tenant"),
        path: "/things".to_owned(),
        attempts: 1,
        elapsed: Duration::ZERO,
        cause: Cause::Timeout(Duration::ZERO),
        may_have_happened: true,
    }))
}

fn message(summary: &str) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        summary: summary.to_owned(),
        cause: String::new(),
        remedy: String::new(),
        server_message: None,
        attribute: Path::default(),
        shared: None,
    }
}

/// Returns a session that never sends a request.
fn session() -> Session {
    let url = "https://acme.conductor.one";
    Session::of(ProviderData::for_server(url, "unused", Arc::default()))
}

/// Returns a mark of a run with another state.
fn theirs() -> CreationMark {
    CreationMark::new(&TerraformRun::new("00000000", Some("11111111")))
}

/// Returns an object that looks as requested.
fn thing(id: &'static str, mark: impl Into<Option<CreationMark>>) -> Thing {
    Thing {
        id,
        mark: mark.into(),
        looks_requested: true,
        is_in_use: false,
    }
}

fn request(session: &Session) -> Request {
    Request {
        mark: session.mark(),
        existing: Vec::new(),
        response: None,
        found: Vec::new(),
        adopts_leftovers: true,
    }
}

/// Returns the object and how the creation got it, or the summaries of its errors.
async fn outcome(session: &Session, request: &Request) -> String {
    match create(session, request).await {
        Ok(Created::New(thing)) => format!("new {}", thing.id),
        Ok(Created::Adopted(thing)) => format!("adopted {}", thing.id),
        Ok(Created::Replacement { deleted_id, object }) => {
            format!("{} for {deleted_id}", object.id)
        }
        Err(errors) => summaries(&errors),
    }
}

fn summaries(diagnostics: &Diagnostics) -> String {
    let summaries = diagnostics.iter().map(|it| it.summary.clone());
    summaries.collect::<Vec<_>>().join("; ")
}

#[tokio::test(start_paused = true)]
async fn without_an_answer_only_the_result_of_this_request_is_taken() {
    let session = session();
    let mark = session.mark();
    let other = Thing {
        looks_requested: false,
        ..thing("other", mark.clone())
    };
    session.claims().claim("claimed");
    let cases = [
        (vec![], "not created"),
        (vec![other], "not created"),
        (vec![thing("of-others", theirs())], "not created"),
        (vec![thing("finished", None)], "not created"),
        (vec![thing("existed", mark.clone())], "not created"),
        (vec![thing("claimed", mark.clone())], "not created"),
        (
            vec![thing("finished", None), thing("result", mark.clone())],
            "new result",
        ),
        (
            vec![thing("one", mark.clone()), thing("two", mark.clone())],
            "one of several created:\n  import one\n  import two",
        ),
    ];
    for (found, expected) in cases {
        let request = Request {
            existing: vec![thing("existed", mark.clone())],
            found: found.clone(),
            ..request(&session)
        };
        assert_eq!(outcome(&session, &request).await, expected, "{found:?}");
    }
    assert!(session.claims().is_claimed("result"));
}

#[tokio::test(start_paused = true)]
async fn a_leftover_is_taken_unless_somebody_needs_it() {
    let session = session();
    let left = thing("left", theirs());
    let in_use = Thing {
        is_in_use: true,
        ..left.clone()
    };
    let other = Thing {
        looks_requested: false,
        ..left.clone()
    };
    let finished = thing("left", None);
    let new = Some(thing("new", session.mark()));
    // The objects of the list, and the same object when it is read afterwards.
    let cases = [
        (&left, Some(&left), "adopted left"),
        (&left, Some(&finished), "new new"),
        (&left, Some(&other), "new new"),
        (&left, None, "new new"),
        (&in_use, Some(&in_use), "new new"),
        (&other, Some(&other), "new new"),
        (&finished, Some(&finished), "new new"),
    ];
    for (listed, read, expected) in cases {
        let session = self::session();
        let request = Request {
            existing: vec![listed.clone()],
            found: read.into_iter().cloned().collect(),
            response: new.clone(),
            ..request(&session)
        };
        let found = outcome(&session, &request).await;
        assert_eq!(found, expected, "{listed:?}, {read:?}");
        assert!(session.claims().is_claimed("new") || expected == "adopted left");
    }
    let replaced = Request {
        existing: vec![left.clone()],
        found: vec![left],
        response: new,
        adopts_leftovers: false,
        ..request(&session)
    };
    assert_eq!(outcome(&session, &replaced).await, "new for left");
}

#[tokio::test(start_paused = true)]
async fn similar_objects_of_others_are_reported_once() {
    let session = session();
    session.claims().claim("claimed");
    let existing = [
        thing("similar", None),
        thing("marked", theirs()),
        thing("claimed", None),
        Thing {
            looks_requested: false,
            ..thing("different", None)
        },
    ];
    let report = async || {
        let is_similar = |thing: &Thing| thing.looks_requested;
        let name = |thing: &Thing, created: &str| message(&format!("{} of {created}", thing.id));
        summaries(&report_similar(&session, &existing, is_similar, name).await)
    };
    assert_eq!(report().await, "similar of 2020-01-01T00:00:00Z");
    assert_eq!(report().await, "");
}
