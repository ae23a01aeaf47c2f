//! The CPU time and memory of a command's plugins on Linux.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// The time between two samples. Usage after the last sample is not counted.
const INTERVAL: Duration = Duration::from_millis(4);
/// The clock ticks per second in `/proc`, which are the same on every Linux.
const TICKS: f64 = 100.0;

/// The length to which Linux truncates a program's name.
const NAME_LENGTH: usize = 15;

/// The usage of the plugins of one command.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// CPU time of all of them, in seconds.
    pub(crate) cpu: f64,
    /// The peak memory of one plugin, in MiB.
    pub(crate) peak: f64,
}

/// Samples the children of a process that run `program`, until it is stopped. Before a child runs the program, it is a
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

    /// The usage so far.
    pub(crate) fn end(self) -> Usage {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("the watch does not panic")
    }
}

/// Returns the processes that these threads have started.
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

/// Returns the usage of a process, or none if it has ended or does not run this program yet.
fn usage(process: &str, program: &Path) -> Option<Usage> {
    let read = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).ok();
    // The beginning of the program's name. Only root can read the plugin's link to its program.
    let name = program.file_name()?.to_str()?;
    if read("comm")?.trim_end() != name.get(..NAME_LENGTH).unwrap_or(name) {
        return None;
    }
    // After the name, which may contain any character, user and system time are the twelfth and thirteenth field.
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
