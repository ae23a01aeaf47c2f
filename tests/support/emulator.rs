//! An emulator for tests that checks every exchange against the API's description.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use conductorone_emulator::{Emulator, Exchange, Observer, Options};

use crate::contract::{Description, Finding};

/// An emulator that fails its test on drop if a request or a response did not match the API's description.
#[derive(Debug)]
pub(crate) struct CheckedEmulator {
    emulator: Emulator,
    findings: Arc<Mutex<Vec<Finding>>>,
}

impl CheckedEmulator {
    /// Starts an emulator. It sets its own observer.
    pub(crate) async fn start(options: Options) -> Self {
        let findings: Arc<Mutex<Vec<Finding>>> = Arc::default();
        let found = Arc::clone(&findings);
        let observer = Observer::new(move |exchange: &Exchange| {
            let finding = Description::published().check(exchange);
            found.lock().expect("no poison").push(finding);
        });
        let options = Options {
            observer: Some(observer),
            ..options
        };
        Self {
            emulator: Emulator::start(options).await.expect("the emulator starts"),
            findings,
        }
    }

    /// Returns the operations so far, for example `get /api/v1/apps/{id}`.
    pub(crate) fn operations(&self) -> Vec<String> {
        let findings = self.findings.lock().expect("no poison");
        findings.iter().map(|it| it.operation.clone()).collect()
    }

    fn errors(&self) -> Vec<String> {
        let findings = self.findings.lock().expect("no poison");
        let lines = findings.iter().flat_map(|finding| {
            let line = |error| format!("{}: {error}", finding.operation);
            finding.errors.iter().map(line)
        });
        lines.collect()
    }
}

impl Deref for CheckedEmulator {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.emulator
    }
}

impl Drop for CheckedEmulator {
    fn drop(&mut self) {
        let errors = self.errors().join("\n");
        if std::thread::panicking() {
            eprintln!("--- the operations\n{}", self.operations().join("\n"));
            eprintln!("--- against the API's description\n{errors}");
        } else {
            assert!(
                errors.is_empty(),
                "against the API's description:\n{errors}"
            );
        }
    }
}
