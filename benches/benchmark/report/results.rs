//! The results of one run on one machine.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::units::{Samples, Unit};

/// The programs that a run compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Program {
    /// This provider.
    This,
    /// The vendor's provider.
    Peer,
    /// Terraform's built-in `terraform_data`, which needs no provider process and no server.
    Floor,
}

impl Program {
    /// All programs, in the order of tables and charts.
    pub(crate) const ALL: [Self; 3] = [Self::This, Self::Peer, Self::Floor];

    /// Returns the name for readers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::This => "this provider",
            Self::Peer => "vendor's",
            Self::Floor => "floor",
        }
    }
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    Validate,
    /// A creation.
    Apply,
    /// A plan of unchanged objects.
    Plan,
    /// A plan of unchanged objects with `-refresh=false`.
    PlanWithoutRefresh,
    /// A change of one setting of each object.
    Update,
    Destroy,
    /// A creation of 400 objects in addition to 100 existing ones.
    ApplyMore,
}

impl Step {
    /// The steps of a round, in their order. Each starts with what the step before it has left.
    pub(crate) const ROUND: [Self; 6] = [
        Self::Validate,
        Self::Apply,
        Self::Plan,
        Self::PlanWithoutRefresh,
        Self::Update,
        Self::Destroy,
    ];
    /// All steps, in the order of tables.
    pub(crate) const ALL: [Self; 7] = [
        Self::Validate,
        Self::Plan,
        Self::PlanWithoutRefresh,
        Self::Apply,
        Self::ApplyMore,
        Self::Update,
        Self::Destroy,
    ];

    /// Returns the name for readers, in Markdown.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Validate => "`validate`",
            Self::Plan => "`plan`, unchanged",
            Self::PlanWithoutRefresh => "`plan`, no refresh",
            Self::Apply => "`apply`, creation",
            Self::ApplyMore => "`apply`, 400 more onto 100",
            Self::Update => "`apply`, one setting of each",
            Self::Destroy => "`destroy`",
        }
    }
}

/// What a command costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metric {
    /// The time from the start of the command to its end.
    Wall,
    /// The CPU time of all provider processes of the command.
    Cpu,
    /// The peak memory of one provider process.
    Peak,
    /// The requests that the server received, including those for access tokens.
    Requests,
    /// The connections that the server accepted.
    Connections,
    /// The access tokens that the server issued.
    Tokens,
}

impl Metric {
    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Wall | Self::Cpu => Unit::Seconds,
            Self::Peak => Unit::Mebibytes,
            Self::Requests | Self::Connections | Self::Tokens => Unit::Pieces,
        }
    }
}

/// What a command does, and under which conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) step: Step,
    /// The number of connectors at the end of the command, or at its beginning if it destroys them.
    pub(crate) connectors: usize,
    /// Terraform's `-parallelism`.
    pub(crate) parallelism: usize,
    /// The time until the server answers. The floor has no server.
    pub(crate) latency_ms: u64,
}

/// The results of one program in one case. The floor only has times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cell {
    pub(crate) program: Program,
    #[serde(flatten)]
    pub(crate) case: Case,
    pub(crate) wall_s: Samples,
    pub(crate) cpu_s: Samples,
    pub(crate) peak_mib: Samples,
    pub(crate) requests: Samples,
    pub(crate) connections: Samples,
    pub(crate) access_tokens: Samples,
    /// How the command failed, if it did at least once.
    pub(crate) failure: Option<String>,
}

impl Cell {
    pub(crate) fn new(program: Program, case: Case) -> Self {
        Self {
            program,
            case,
            wall_s: Samples::default(),
            cpu_s: Samples::default(),
            peak_mib: Samples::default(),
            requests: Samples::default(),
            connections: Samples::default(),
            access_tokens: Samples::default(),
            failure: None,
        }
    }

    fn samples(&self, metric: Metric) -> &Samples {
        match metric {
            Metric::Wall => &self.wall_s,
            Metric::Cpu => &self.cpu_s,
            Metric::Peak => &self.peak_mib,
            Metric::Requests => &self.requests,
            Metric::Connections => &self.connections,
            Metric::Tokens => &self.access_tokens,
        }
    }

    pub(crate) fn found(&self, metric: Metric) -> Found {
        match (&self.failure, self.samples(metric).median()) {
            (Some(failure), _) => Found::Failed(failure.clone()),
            (None, Some(median)) => Found::Median(median),
            (None, None) => Found::Nothing,
        }
    }
}

/// What is known about a number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    Median(f64),
    Failed(String),
    /// It was not measured, or there is nothing to measure.
    Nothing,
}

impl Found {
    pub(crate) fn median(&self) -> Option<f64> {
        match self {
            Self::Median(median) => Some(*median),
            Self::Failed(_) | Self::Nothing => None,
        }
    }

    /// Returns the text for readers.
    pub(crate) fn show(&self, unit: Unit) -> String {
        match self {
            Self::Median(median) => unit.show(*median),
            Self::Failed(failure) => format!("failed: {failure}"),
            Self::Nothing => "–".to_owned(),
        }
    }
}

impl From<Option<f64>> for Found {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Nothing, Self::Median)
    }
}

/// What belongs to a program and not to a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Traits {
    pub(crate) program: Program,
    /// The time from the start of the process to its first line. For the floor, the process is `echo`.
    pub(crate) start_ms: Samples,
    /// The size of the program. None for the floor.
    pub(crate) binary_mb: Option<f64>,
    /// The size of the output of `providers schema -json`. None for the floor.
    pub(crate) schema_kb: Option<f64>,
}

/// The results of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    /// The time of the start, which identifies the run, for example `2027-03-05 14:03 UTC`.
    pub(crate) run: String,
    /// What readers have to know about this run, for example that the machine was busy.
    pub(crate) note: Option<String>,
    pub(crate) cores: usize,
    /// The command line tool and its version, for example `Terraform v1.11.4`.
    pub(crate) cli: String,
    /// The version of the vendor's provider in its requests, if it sent any.
    pub(crate) peer_version: Option<String>,
    pub(crate) programs: Vec<Traits>,
    pub(crate) cells: Vec<Cell>,
}

impl Results {
    /// Returns the results as JSON. Each item of a list is a line, so that a comparison of two runs is readable.
    pub(crate) fn json(&self) -> serde_json::Result<String> {
        let fields = serde_json::to_value(self)?;
        let fields = fields.as_object().into_iter().flatten();
        let fields = fields.map(|(name, value)| {
            let value = match value {
                Value::Array(items) => {
                    let items: Vec<_> = items.iter().map(|item| format!("    {item}")).collect();
                    format!("[\n{}\n  ]", items.join(",\n"))
                }
                other => other.to_string(),
            };
            format!("  {name:?}: {value}")
        });
        let fields: Vec<_> = fields.collect();
        Ok(format!("{{\n{}\n}}\n", fields.join(",\n")))
    }

    /// Returns the measured programs, in the order of tables and charts.
    pub(crate) fn programs(&self) -> Vec<Program> {
        let is_measured = |program: &Program| self.programs.iter().any(|it| it.program == *program);
        Program::ALL.into_iter().filter(is_measured).collect()
    }

    pub(crate) fn traits(&self, program: Program) -> Option<&Traits> {
        self.programs.iter().find(|it| it.program == program)
    }

    /// Returns the results of a program in a case. Those of the floor are the same for all latencies.
    pub(crate) fn cell(&self, program: Program, case: Case) -> Option<&Cell> {
        self.cells.iter().find(|cell| {
            let latency_ms = match program {
                Program::Floor => cell.case.latency_ms,
                Program::This | Program::Peer => case.latency_ms,
            };
            cell.program == program && cell.case == Case { latency_ms, ..case }
        })
    }

    pub(crate) fn found(&self, program: Program, case: Case, metric: Metric) -> Found {
        self.cell(program, case)
            .map_or(Found::Nothing, |cell| cell.found(metric))
    }

    /// Returns the results of a case for adding to them.
    pub(crate) fn cell_mut(&mut self, program: Program, case: Case) -> Option<&mut Cell> {
        let is_this = |cell: &Cell| cell.program == program && cell.case == case;
        if !self.cells.iter().any(is_this) {
            self.cells.push(Cell::new(program, case));
        }
        self.cells.iter_mut().find(|cell| is_this(cell))
    }

    /// Returns the different values of a field of the measured cases, in ascending order.
    pub(crate) fn values<T: Ord>(&self, field: impl Fn(Case) -> T) -> Vec<T> {
        let own = self.cells.iter().filter(|it| it.program == Program::This);
        let mut values: Vec<_> = own.map(|cell| field(cell.case)).collect();
        values.sort();
        values.dedup();
        values
    }

    /// Returns the latency of the charts: 20 ms if it was measured, else the greatest.
    pub(crate) fn latency_ms(&self) -> u64 {
        preferred(20, &self.values(|case| case.latency_ms))
    }

    /// Returns the parallelism of the growth chart: Terraform's default if it was measured with the most connectors, else the
    /// greatest.
    pub(crate) fn parallelism(&self) -> usize {
        let with_most = self.values(|case| (case.connectors, case.parallelism));
        let most = with_most.last().map(|(connectors, _)| *connectors);
        let with_most = with_most.into_iter().filter(|it| Some(it.0) == most);
        preferred(10, &with_most.map(|it| it.1).collect::<Vec<_>>())
    }
}

fn preferred<T: Copy + PartialEq + Default>(value: T, measured: &[T]) -> T {
    let found = measured.iter().find(|it| **it == value);
    found.or(measured.last()).copied().unwrap_or_default()
}
