//! Environment variables. A variable that cannot be used is an error.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;

use crate::conductorone::check_certificates;
use crate::provider::config::messages;
use crate::terraform::diagnostics::Diagnostics;

/// The environment of this process while the provider is configured.
#[derive(Debug)]
pub(crate) struct Environment<R> {
    read: R,
    /// The requested variables that are not text.
    unreadable: RefCell<BTreeSet<String>>,
}

impl<R: Fn(&str) -> Option<OsString>> Environment<R> {
    /// Makes the environment. `read` returns the value of a variable, which may not be text.
    pub(crate) fn new(read: R) -> Self {
        Self {
            read,
            unreadable: RefCell::default(),
        }
    }

    /// Returns the value of a variable. [`check`](Self::check) reports a value that is not text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = (self.read)(name)?.into_string().ok();
        if text.is_none() {
            self.unreadable.borrow_mut().insert(name.to_owned());
        }
        text
    }

    /// Returns the result of the configuration, unless a variable that it depends on cannot be used.
    pub(crate) fn check<T>(&self, configured: Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        let unreadable = self.unreadable.borrow();
        let not_text = |name: &String| messages::unusable_variable(name, "its value is not UTF-8");
        let mut unusable: Diagnostics = unreadable.iter().map(not_text).collect();
        if let Err(error) = check_certificates(&self.read) {
            let reason = error.to_string();
            unusable.push(messages::unusable_certificates(error.variable, &reason));
        }
        // A missing value may be the one that cannot be used, so other errors would be misleading.
        if unusable.has_errors() {
            return Err(unusable);
        }
        configured
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;
    use crate::terraform::diagnostics::Diagnostic;

    fn read(name: &str) -> Option<OsString> {
        match name {
            "TEXT" => Some("text".into()),
            "BYTES" => Some(OsString::from_vec(vec![b'a', 0xff])),
            _ => None,
        }
    }

    #[test]
    fn what_is_not_text_is_an_error_that_names_the_variable() {
        let environment = Environment::new(read);
        assert_eq!(environment.text("TEXT").as_deref(), Some("text"));
        assert_eq!(environment.text("UNSET"), None);
        assert_eq!(environment.check(Ok(7)), Ok(7));

        assert_eq!(environment.text("BYTES"), None);
        // It may be why something seems to be missing, so nothing else is said.
        let missing: Result<(), Diagnostics> = Err(messages::missing_credentials().into());
        for configured in [Ok(()), missing] {
            let causes = environment.check(configured).map_err(|said| {
                let causes = said.iter().map(|it| it.cause.clone());
                causes.collect::<Vec<_>>().join("; ")
            });
            let expected = "BYTES is set, but its value is not UTF-8.".to_owned();
            assert_eq!(causes, Err(expected));
        }
    }

    #[test]
    fn certificates_that_cannot_be_used_are_an_error() {
        let environment =
            Environment::new(|name| (name == "SSL_CERT_DIR").then(|| "/nowhere".into()));
        let said = environment.check(Ok(())).err().unwrap_or_default();
        let said: Vec<_> = said.iter().map(Diagnostic::detail).collect();
        let known = cfg!(not(target_vendor = "apple"));
        assert_eq!(said.len(), usize::from(known), "{said:?}");
        assert!(
            said.iter()
                .all(|it| it.contains("SSL_CERT_DIR") && it.contains("/nowhere"))
        );
    }
}
