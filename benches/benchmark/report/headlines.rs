//! The numbers at the top of the page, most of which the first chart also shows.

use super::results::{Case, Found, Metric, Program, Results, Step};
use super::units::Unit;

/// A number and its description.
#[derive(Debug)]
pub(crate) struct Headline {
    /// The description for readers, in Markdown.
    pub(crate) what: &'static str,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Start,
    Binary,
    Schema,
    /// A command with this number of connectors and this parallelism.
    Command(Step, usize, usize, Metric),
}

const fn headline(what: &'static str, source: Source) -> Headline {
    Headline { what, source }
}

use Source::{Binary, Command, Schema, Start};

const ALL: &[Headline] = &[
    headline("Start to handshake line", Start),
    headline(
        "`terraform validate`",
        Command(Step::Validate, 1, 10, Metric::Wall),
    ),
    headline(
        "Plan of 100 unchanged connectors",
        Command(Step::Plan, 100, 10, Metric::Wall),
    ),
    headline(
        "Apply of 100 new connectors",
        Command(Step::Apply, 100, 10, Metric::Wall),
    ),
    headline(
        "Plan of 500 unchanged, `-parallelism=100`",
        Command(Step::Plan, 500, 100, Metric::Wall),
    ),
    headline(
        "Apply of 500 new, `-parallelism=100`",
        Command(Step::Apply, 500, 100, Metric::Wall),
    ),
    headline(
        "Apply of 400 more onto 100, `-parallelism=100`",
        Command(Step::ApplyMore, 500, 100, Metric::Wall),
    ),
    headline(
        "Destroy of 500, `-parallelism=100`",
        Command(Step::Destroy, 500, 100, Metric::Wall),
    ),
    headline(
        "CPU time of the provider, apply of 500",
        Command(Step::Apply, 500, 100, Metric::Cpu),
    ),
    headline(
        "Peak memory of the provider, apply of 500",
        Command(Step::Apply, 500, 100, Metric::Peak),
    ),
    headline(
        "Requests of the plan of 500",
        Command(Step::Plan, 500, 100, Metric::Requests),
    ),
    headline(
        "Requests of the apply of 500",
        Command(Step::Apply, 500, 100, Metric::Requests),
    ),
    headline(
        "Connections of the apply of 500",
        Command(Step::Apply, 500, 100, Metric::Connections),
    ),
    headline(
        "Access tokens of the apply of 500",
        Command(Step::Apply, 500, 100, Metric::Tokens),
    ),
    headline("Size of the binary", Binary),
    headline("Size of the schema as JSON", Schema),
];

impl Headline {
    /// Returns whether the chart shows the number. The chart of growth shows requests.
    pub(crate) fn is_drawn(&self) -> bool {
        use Metric::{Connections, Requests, Tokens};
        !matches!(self.source, Command(.., Requests | Connections | Tokens))
    }

    pub(crate) fn unit(&self) -> Unit {
        match self.source {
            Start => Unit::Milliseconds,
            Binary => Unit::Megabytes,
            Schema => Unit::Kilobytes,
            Command(.., metric) => metric.unit(),
        }
    }

    pub(crate) fn found(&self, results: &Results, program: Program) -> Found {
        let traits = results.traits(program);
        match self.source {
            Start => traits.and_then(|it| it.start_ms.median()).into(),
            Binary => traits.and_then(|it| it.binary_mb).into(),
            Schema => traits.and_then(|it| it.schema_kb).into(),
            Command(step, connectors, parallelism, metric) => {
                let latency_ms = results.latency_ms();
                let case = Case {
                    step,
                    connectors,
                    parallelism,
                    latency_ms,
                };
                results.found(program, case, metric)
            }
        }
    }
}

/// Returns the headlines that this run has measured.
pub(crate) fn of(results: &Results) -> impl Iterator<Item = &'static Headline> {
    ALL.iter()
        .filter(|it| it.found(results, Program::This) != Found::Nothing)
}
