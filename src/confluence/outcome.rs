//! The outcome of a check.

use std::time::Duration;

use crate::conductorone::{Cause, PeerText, ServerMessage};

/// The outcome of a check.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// The connector can sign in, and the account is an administrator.
    Accepted,
    /// The connector can sign in, but the account may not read groups, so it is not an administrator.
    NotAdministrator,
    /// The connector cannot sign in.
    Refused(Refusal),
    /// The check says nothing about the login.
    NotJudged(NotJudged),
}

/// Why a connector cannot sign in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    /// Confluence does not know the account, or the secret is wrong.
    WrongLogin,
    /// Confluence answers as to visitors who are not signed in, which it does instead of [`Refusal::WrongLogin`] where
    /// everybody may read.
    Anonymous,
    /// The account may not use Confluence.
    NoAccess,
    /// The account must solve a captcha in a browser after failed logins.
    Captcha,
    /// There is no Confluence at the address.
    NotConfluence(NotConfluence),
    /// The site has no space roles.
    RbacNotSupported,
    /// The site has space roles, but they are not switched on.
    RbacOff,
    /// The site's right to use space roles has run out.
    RbacExpired,
}

/// What is at an address instead of Confluence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum NotConfluence {
    /// The server does not know the path (404).
    NotFound,
    /// The server redirects to this host.
    Redirect(PeerText),
    /// The server redirects within the host without end, or to an unencrypted connection.
    RedirectLoop,
    /// The server answers with a web page.
    WebPage,
    /// The server answers with something else.
    OtherContent,
}

/// Why a check says nothing about a login.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum NotJudged {
    /// This machine got no answer.
    NoAnswer(Cause),
    /// Confluence limits the rate of requests, and asks to wait.
    RateLimited(Option<Duration>),
    /// Confluence answered with another status.
    Status(u16, ServerMessage),
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<NotConfluence> for Outcome {
    fn from(found: NotConfluence) -> Self {
        Refusal::NotConfluence(found).into()
    }
}

impl From<NotJudged> for Outcome {
    fn from(reason: NotJudged) -> Self {
        Self::NotJudged(reason)
    }
}
