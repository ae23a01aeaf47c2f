//! The faults: what the emulator does to a request, and what a client can conclude from it.

use conductorone_emulator::FaultAction;

/// Longer than any client waits. The emulator drops a request when its client has gone.
const TOO_LONG_MS: u64 = 30_000;

/// One column of the matrix.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The name in the golden file.
    pub(crate) title: &'static str,
    /// What the emulator does to the request.
    pub(crate) injection: Injection,
    /// Whether the fault affects every attempt, and not only the first one.
    pub(crate) lasting: bool,
    /// What the client can conclude.
    pub(crate) verdict: Verdict,
    /// Whether ConductorOne carries out the request nevertheless.
    pub(crate) acts: Acts,
}

/// Whether ConductorOne carries out a request although its response is lost or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acts {
    /// Never.
    Never,
    /// Immediately.
    AtOnce,
    /// After the operation has ended.
    Late,
}

/// What the emulator does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Injection {
    /// Responds with this HTTP status and does nothing.
    Status(u16),
    /// No server listens at the address.
    ConnectionRefused,
    /// Closes the connection and does nothing.
    ResetBefore,
    /// Carries out the request, then closes the connection.
    ResetAfter,
    /// Waits longer than the client before it does anything.
    TimeoutBefore,
    /// Carries out the request, then delays the response longer than the client waits.
    TimeoutAfter,
    /// Waits longer than the client and carries out the request afterwards.
    TimeoutLate,
    /// Carries out the request and closes the connection after half of the response.
    Truncated,
    /// Responds with a web page and status 200, and does nothing.
    Html,
}

/// What a client can conclude about a request that met a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The request did not arrive. Another attempt may arrive.
    Unreachable,
    /// The request had no effect. Another attempt may succeed.
    NotNow,
    /// The request had no effect. One attempt with a new access token may succeed.
    NewToken,
    /// The request had no effect, and another attempt would fail in the same way.
    Refused,
    /// The object does not exist.
    Gone,
    /// The request may have had an effect. Another attempt may succeed.
    Unclear,
    /// The request may have had an effect. Another attempt would fail in the same way.
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
const ALWAYS: bool = true;

/// All faults, in the order of the golden file.
#[rustfmt::skip]
pub(crate) const FAULTS: [Fault; 17] = {
    use Acts::*;
    use Injection::*;
    use Verdict::*;
    [
        fault("429 once", Status(429), ONCE, NotNow, Never),
        fault("429 always", Status(429), ALWAYS, NotNow, Never),
        fault("503 once", Status(503), ONCE, Unclear, Never),
        fault("503 always", Status(503), ALWAYS, Unclear, Never),
        fault("connection refused", ConnectionRefused, ALWAYS, Unreachable, Never),
        fault("reset before acting", ResetBefore, ONCE, Unclear, Never),
        fault("reset after acting", ResetAfter, ONCE, Unclear, AtOnce),
        fault("timeout before acting", TimeoutBefore, ONCE, Unclear, Never),
        fault("timeout after acting", TimeoutAfter, ONCE, Unclear, AtOnce),
        fault("timeout, acting later", TimeoutLate, ONCE, Unclear, Late),
        fault("truncated body", Truncated, ONCE, Unclear, AtOnce),
        fault("HTML with 200", Html, ONCE, UnclearForGood, Never),
        fault("401 once", Status(401), ONCE, NewToken, Never),
        fault("401 always", Status(401), ALWAYS, NewToken, Never),
        fault("403", Status(403), ALWAYS, Refused, Never),
        fault("404", Status(404), ALWAYS, Gone, Never),
        fault("409", Status(409), ALWAYS, Refused, Never),
    ]
};

impl Injection {
    /// Returns the emulator's fault, or none if the emulator is not involved. `message` is the text of a refusal.
    pub(crate) fn action(self, message: &str) -> Option<FaultAction> {
        Some(match self {
            Self::Status(code) => FaultAction::Status {
                code,
                retry_after: (code == 429).then(|| "0".to_owned()),
                message: message.to_owned(),
            },
            Self::ConnectionRefused => return None,
            Self::ResetBefore => FaultAction::DropBefore,
            Self::ResetAfter => FaultAction::DropAfter,
            Self::TimeoutBefore | Self::TimeoutLate => FaultAction::DelayBefore { ms: TOO_LONG_MS },
            Self::TimeoutAfter => FaultAction::DelayAfter { ms: TOO_LONG_MS },
            Self::Truncated => FaultAction::Truncate,
            Self::Html => FaultAction::Html,
        })
    }

    /// Returns whether the request times out.
    pub(crate) fn is_timeout(self) -> bool {
        matches!(
            self,
            Self::TimeoutBefore | Self::TimeoutAfter | Self::TimeoutLate
        )
    }

    /// Returns whether the fault breaks the connection. HTTP/1.1 and HTTP/2 detect that in different ways.
    pub(crate) fn breaks_the_connection(self) -> bool {
        self.is_timeout() || matches!(self, Self::ResetBefore | Self::ResetAfter | Self::Truncated)
    }
}
