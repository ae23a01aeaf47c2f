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

/// The beginning of the names of all providers, to which Linux truncates the name of a process. Only root can read the
/// link from a plugin to its program.
const NAME: &str = "terraform-provi";

/// The usage of the plugins of one command.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// CPU time of all of them, in seconds.
    pub(crate) cpu_s: f64,
    /// The peak memory of one plugin, in MiB.
    pub(crate) peak_mib: f64,
}

/// What is known about one process.
#[derive(Debug, Default)]
struct Sample {
    /// The last usage. Its CPU time is rounded down to [`TICKS`].
    usage: Usage,
    /// The last CPU time of each thread in seconds, which is exact, but may lack the end of threads that have ended.
    threads: HashMap<PathBuf, f64>,
}

impl Sample {
    fn usage(self) -> Usage {
        let exact: f64 = self.threads.values().sum();
        Usage {
            cpu_s: self.usage.cpu_s.max(exact),
            ..self.usage
        }
    }
}

/// Samples the children of a process that are providers, until it is stopped. Before a child runs the provider, it is a
/// copy of its parent.
#[derive(Debug)]
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Option<Usage>>,
}

impl Watch {
    pub(crate) fn children_of(process: u32) -> Self {
        let tasks = PathBuf::from(format!("/proc/{process}/task"));
        assert!(tasks.exists(), "only Linux tells what a process takes");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut found: HashMap<String, Sample> = HashMap::new();
            while !stopped.load(Ordering::Relaxed) {
                for child in children(&tasks) {
                    if let Some(usage) = usage(&child) {
                        let sample = found.entry(child.clone()).or_default();
                        sample.usage = usage;
                        sample.threads.extend(threads(&child));
                    }
                }
                std::thread::sleep(INTERVAL);
            }
            let usages = found.into_values().map(Sample::usage);
            usages.reduce(|one, other| Usage {
                cpu_s: one.cpu_s + other.cpu_s,
                peak_mib: one.peak_mib.max(other.peak_mib),
            })
        });
        Self { stop, thread }
    }

    /// Returns the usage so far, or none if no sample has found a provider.
    pub(crate) fn end(self) -> Option<Usage> {
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

/// Returns the CPU times of the threads of a process in seconds, if the kernel counts them.
fn threads(process: &str) -> Vec<(PathBuf, f64)> {
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    let threads = threads.into_iter().flatten().flatten();
    let times = threads.filter_map(|thread| {
        let path = thread.path();
        // The first number is the CPU time in nanoseconds.
        let times = fs::read_to_string(path.join("schedstat")).ok()?;
        let time: f64 = times.split(' ').next()?.parse().ok()?;
        Some((path, time / 1e9))
    });
    times.collect()
}

/// Returns the usage of a process, or none if it has ended or does not run a provider yet.
fn usage(process: &str) -> Option<Usage> {
    let read = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).ok();
    if read("comm")?.trim_end() != NAME {
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
        cpu_s: ticks.sum::<f64>() / TICKS,
        peak_mib: kib / 1024.0,
    })
}
