//! The faults: what is done to a request, and what a client can know about one that meets it.

use conductorone_emulator::FaultAction;

/// Longer than any client waits. The service forgets a request that nobody waits for any more.
const TOO_LONG_MS: u64 = 30_000;

/// One column of the matrix.
#[derive(Debug)]
pub(crate) struct Fault {
    /// What the page calls it.
    pub(crate) title: &'static str,
    /// What is done to the request.
    pub(crate) injection: Injection,
    /// Whether every attempt meets it, and not only the first one.
    pub(crate) lasting: bool,
    /// What the client can know.
    pub(crate) verdict: Verdict,
    /// Whether the request that meets it is carried out all the same.
    pub(crate) acts: Acts,
}

/// Whether a request is carried out although it gets no good answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acts {
    /// It is not.
    Never,
    /// At once.
    AtOnce,
    /// After the operation, when nobody waits for it any more.
    Late,
}

/// What is done to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Injection {
    /// The service answers with this HTTP status and does nothing.
    Status(u16),
    /// Nobody listens at the service's address.
    NobodyListens,
    /// The connection closes, and nothing is done.
    ResetBefore,
    /// The request is carried out, and the connection closes.
    ResetAfter,
    /// The service waits too long before it does anything.
    TimeoutBefore,
    /// The request is carried out, and the answer waits too long.
    TimeoutAfter,
    /// The service waits too long, and carries the request out in the end.
    TimeoutLate,
    /// The request is carried out, and the connection closes after half of the answer.
    Truncated,
    /// A web page with status 200, and nothing is done.
    Html,
}

/// What a client can know about a request that met a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It did not arrive. Another attempt may.
    Unreachable,
    /// Nothing was done. Another attempt may do better.
    NotNow,
    /// Nothing was done. A new access token may help, once.
    NewToken,
    /// Nothing was done, and another attempt would end the same way.
    Refused,
    /// The object does not exist.
    Gone,
    /// It may have been carried out. Another attempt may do better.
    Unclear,
    /// It may have been carried out. Another attempt would end the same way.
    UnclearForGood,
}

const fn fault(
    title: &'static str,
    injection: Injection,
    lasting: bool,
    verdict: Verdict,
    acts: Acts,
) -> Fault {
    Fault {
        title,
        injection,
        lasting,
        verdict,
        acts,
    }
}

const ONCE: bool = false;
const FOR_EVER: bool = true;

/// All faults, in the order of the page.
#[rustfmt::skip]
pub(crate) const FAULTS: [Fault; 17] = {
    use Acts::*;
    use Injection::*;
    use Verdict::*;
    [
        fault("429 once", Status(429), ONCE, NotNow, Never),
        fault("429 for ever", Status(429), FOR_EVER, NotNow, Never),
        fault("503 once", Status(503), ONCE, Unclear, Never),
        fault("503 for ever", Status(503), FOR_EVER, Unclear, Never),
        fault("connection refused", NobodyListens, FOR_EVER, Unreachable, Never),
        fault("reset before acting", ResetBefore, ONCE, Unclear, Never),
        fault("reset after acting", ResetAfter, ONCE, Unclear, AtOnce),
        fault("timeout before acting", TimeoutBefore, ONCE, Unclear, Never),
        fault("timeout after acting", TimeoutAfter, ONCE, Unclear, AtOnce),
        fault("timeout, acting later", TimeoutLate, ONCE, Unclear, Late),
        fault("truncated body", Truncated, ONCE, Unclear, AtOnce),
        fault("HTML with 200", Html, ONCE, UnclearForGood, Never),
        fault("401 once", Status(401), ONCE, NewToken, Never),
        fault("401 for ever", Status(401), FOR_EVER, NewToken, Never),
        fault("403", Status(403), FOR_EVER, Refused, Never),
        fault("404", Status(404), FOR_EVER, Gone, Never),
        fault("409", Status(409), FOR_EVER, Refused, Never),
    ]
};

impl Injection {
    /// What the emulator is told to do; none where it is not involved. `message` is what a refusal says.
    pub(crate) fn action(self, message: &str) -> Option<FaultAction> {
        Some(match self {
            Self::Status(code) => FaultAction::Status {
                code,
                retry_after: (code == 429).then(|| "0".to_owned()),
                message: message.to_owned(),
            },
            Self::NobodyListens => return None,
            Self::ResetBefore => FaultAction::DropBefore,
            Self::ResetAfter => FaultAction::DropAfter,
            Self::TimeoutBefore | Self::TimeoutLate => FaultAction::DelayBefore { ms: TOO_LONG_MS },
            Self::TimeoutAfter => FaultAction::DelayAfter { ms: TOO_LONG_MS },
            Self::Truncated => FaultAction::Truncate,
            Self::Html => FaultAction::Html,
        })
    }

    /// Whether the request runs out of time.
    pub(crate) fn is_timeout(self) -> bool {
        matches!(
            self,
            Self::TimeoutBefore | Self::TimeoutAfter | Self::TimeoutLate
        )
    }

    /// Whether the connection suffers, which HTTP/1.1 and HTTP/2 notice in different ways.
    pub(crate) fn hits_the_connection(self) -> bool {
        self.is_timeout() || matches!(self, Self::ResetBefore | Self::ResetAfter | Self::Truncated)
    }
}
