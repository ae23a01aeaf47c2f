//! What the plugins of a command take, as Linux tells it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two looks. What happens after the last one is missed.
const INTERVAL: Duration = Duration::from_millis(4);
/// The clock ticks of a second in `/proc`, on every Linux there is.
const TICKS: f64 = 100.0;

/// How much of a program's name Linux keeps.
const NAME_LENGTH: usize = 15;

/// What the plugins of one command took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// CPU time of all of them, in seconds.
    pub(crate) cpu: f64,
    /// The most memory that one of them had, in MiB.
    pub(crate) peak: f64,
}

/// Looks at those children of a process that run `program`, until it is told to stop. Before a child becomes that, it is a
/// copy of its parent.
#[derive(Debug)]
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Usage>,
}

impl Watch {
    pub(crate) fn children_of(process: u32, program: PathBuf) -> Self {
        let tasks = PathBuf::from(format!("/proc/{process}/task"));
        assert!(tasks.exists(), "only Linux tells what a process takes");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut found = HashMap::new();
            while !stopped.load(Ordering::Relaxed) {
                for child in children(&tasks) {
                    if let Some(usage) = usage(&child, &program) {
                        found.insert(child, usage);
                    }
                }
                std::thread::sleep(INTERVAL);
            }
            let sum = |sum: Usage, one: &Usage| Usage {
                cpu: sum.cpu + one.cpu,
                peak: sum.peak.max(one.peak),
            };
            found.values().fold(Usage::default(), sum)
        });
        Self { stop, thread }
    }

    /// What they took so far.
    pub(crate) fn end(self) -> Usage {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("the watch does not panic")
    }
}

/// The processes that these threads have started.
fn children(tasks: &Path) -> Vec<String> {
    let tasks = fs::read_dir(tasks).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What a process took so far; none where it is no more, or not yet this program.
fn usage(process: &str, program: &Path) -> Option<Usage> {
    let read = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).ok();
    // The start of the program's name. Not the link to the program: the plugin lets nobody but root read it.
    let name = program.file_name()?.to_str()?;
    if read("comm")?.trim_end() != name.get(..NAME_LENGTH).unwrap_or(name) {
        return None;
    }
    // Behind the name, which may hold anything, user and system time are the twelfth and thirteenth field.
    let stat = read("stat")?;
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    let ticks = fields
        .skip(11)
        .take(2)
        .filter_map(|it| it.parse::<f64>().ok());
    let status = read("status")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = peak.trim_end_matches("kB").trim().parse().ok()?;
    Some(Usage {
        cpu: ticks.sum::<f64>() / TICKS,
        peak: kib / 1024.0,
    })
}
