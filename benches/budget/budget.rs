//! The file with the budgets, and the comparison with it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use crate::measure::Found;

/// The file, relative to the root of the repository.
pub(crate) const FILE: &str = "benches/budget.yml";

const HEAD: &str = "\
# The counts that `make budget` compares with. `UPDATE_BUDGET=1 make budget` writes this file.
# They do not depend on the machine, but on the compiler and the target, and hold only for these.
";

/// What the counts depend on.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Compiler {
    /// The first line of `rustc --version`.
    rustc: String,
    /// The target that the compiler builds for.
    target: String,
}

impl Compiler {
    /// Returns the compiler that `make budget` has built the program with.
    pub(crate) fn current() -> Self {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc).arg("-vV").output().expect("rustc runs");
        let text = String::from_utf8(output.stdout).expect("text");
        let target = text.lines().find_map(|line| line.strip_prefix("host: "));
        Self {
            rustc: text.lines().next().expect("a version").to_owned(),
            target: target.expect("a target").to_owned(),
        }
    }
}

/// The contents of the file.
#[derive(Debug, Deserialize)]
pub(crate) struct Budget {
    #[serde(flatten)]
    compiler: Compiler,
    counts: BTreeMap<String, u64>,
}

impl Budget {
    pub(crate) fn read() -> Self {
        let text = std::fs::read_to_string(path()).expect(FILE);
        serde_saphyr::from_str(&text).expect(FILE)
    }

    pub(crate) fn write(compiler: &Compiler, found: &[Found]) {
        let Compiler { rustc, target } = compiler;
        let mut text = format!("{HEAD}rustc: {rustc}\ntarget: {target}\ncounts:\n");
        for Found { measure, count } in found {
            writeln!(text, "  {}: {count}", measure.key).expect("memory");
        }
        std::fs::write(path(), text).expect(FILE);
    }

    /// Returns what `found` exceeds, and whether it can be compared at all.
    pub(crate) fn problems(&self, compiler: &Compiler, found: &[Found]) -> Vec<String> {
        let mut problems = Vec::new();
        if self.compiler != *compiler {
            let Compiler { rustc, target } = &self.compiler;
            problems.push(format!(
                "The budgets hold for {rustc} on {target}, but this is {} on {}.",
                compiler.rustc, compiler.target
            ));
        }
        for Found { measure, count } in found {
            let budget = self.of(measure.key);
            if count * 100 > budget * (100 + measure.limit) {
                problems.push(format!(
                    "{}: more than {} % over the budget.",
                    measure.what, measure.limit
                ));
            }
        }
        if !problems.is_empty() {
            problems.push("If this is intended, run `UPDATE_BUDGET=1 make budget`.".to_owned());
        }
        problems
    }

    /// Returns the table for readers.
    pub(crate) fn table(&self, found: &[Found]) -> String {
        let mut table = format!(
            "{:64} {:>13} {:>13} {:>9} {:>7}",
            "", "Measured", "Budget", "Change", "Limit"
        );
        for Found { measure, count } in found {
            let budget = self.of(measure.key);
            let _ = write!(
                table,
                "\n{:64} {count:>13} {budget:>13} {:>9} {:>7}",
                measure.what,
                change(*count, budget),
                format!("+{} %", measure.limit)
            );
        }
        table
    }

    fn of(&self, key: &str) -> u64 {
        *self
            .counts
            .get(key)
            .unwrap_or_else(|| panic!("{FILE} has no count {key}"))
    }
}

/// Returns the change in percent.
fn change(count: u64, budget: u64) -> String {
    let sign = if count < budget { '-' } else { '+' };
    let hundredths = count.abs_diff(budget) * 10_000 / budget.max(1);
    format!("{sign}{}.{:02} %", hundredths / 100, hundredths % 100)
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(FILE)
}
