//! The measures and their limits.

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Measure {
    /// The name in the budget file.
    pub(crate) key: &'static str,
    /// The description for readers.
    pub(crate) what: &'static str,
    /// The growth that still passes, in percent of the budget.
    pub(crate) limit: u64,
}

/// The result of a measure.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) measure: &'static Measure,
    pub(crate) count: u64,
}

impl Measure {
    pub(crate) fn found(&'static self, count: u64) -> Found {
        Found {
            measure: self,
            count,
        }
    }
}

const fn measure(key: &'static str, what: &'static str, limit: u64) -> Measure {
    Measure { key, what, limit }
}

pub(crate) static START: Measure = measure(
    "start",
    "Instructions of a start and shutdown without TLS",
    5,
);
/// The limit is larger because the C compiler of the machine compiles the cryptography library.
pub(crate) static TLS: Measure = measure(
    "tls",
    "More with mutual TLS: the key, its certificate, the connection",
    20,
);
pub(crate) static SCHEMA: Measure = measure("schema", "More for `GetProviderSchema`", 5);
pub(crate) static PLAN: Measure = measure("plan", "More for a plan of 100 unchanged connectors", 5);
pub(crate) static PLAN_ALLOCATIONS: Measure =
    measure("plan_allocations", "Memory allocations of that plan", 5);
pub(crate) static SCHEMA_BYTES: Measure =
    measure("schema_bytes", "Bytes of the schema as a message", 2);
pub(crate) static BINARY_BYTES: Measure = measure("binary_bytes", "Bytes of the binary", 1);
