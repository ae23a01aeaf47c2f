//! Runs that are killed or interrupted at a random moment, with 30 resources of all types. One apply repairs everything
//! that Terraform and ConductorOne know of.
//!
//! A life is a tenant and a working folder with several rounds, whose choices follow from a seed. A round changes the
//! configuration, disrupts the apply, sometimes changes the configuration again or loses what the apply wrote to the state,
//! and applies once more. `make test` runs two short lives, and `make soak` hundreds of rounds.

mod disruption;
mod life;
#[cfg(target_os = "linux")]
mod long_run;
mod objects;
mod statistics;
mod wanted;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::JoinSet;

use life::Life;
use statistics::Statistics;

/// The rounds of a life.
const ROUNDS_PER_LIFE: u64 = 5;
/// The lives that run at the same time in `make soak`.
const LIVES_AT_ONCE: usize = 3;

#[tokio::test]
async fn one_apply_repairs_what_a_crash_left() {
    const ROUNDS: u64 = 2;
    for seed in [1, 2] {
        let mut life = or_skip!(Life::new(seed));
        life.run(ROUNDS).await;
    }
}

/// Returns the number in an environment variable.
fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok().filter(|it| !it.is_empty())?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{variable}={text} is not a number")))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes an hour: `make soak` runs it"]
async fn hundreds_of_rounds() {
    let rounds = number("SOAK_ROUNDS").unwrap_or(500);
    let first = number("SOAK_SEED").unwrap_or_else(|| fastrand::u64(..1 << 32));
    let next = Arc::new(AtomicU64::new(0));
    let mut lives = JoinSet::new();
    for _ in 0..LIVES_AT_ONCE {
        let next = Arc::clone(&next);
        lives.spawn(async move {
            let mut statistics = Statistics::default();
            loop {
                let done = next.fetch_add(ROUNDS_PER_LIFE, Ordering::Relaxed);
                if done >= rounds {
                    return statistics;
                }
                let life = Life::new(first + done / ROUNDS_PER_LIFE).await;
                let mut life = life.expect("terraform or tofu is installed");
                life.run(ROUNDS_PER_LIFE.min(rounds - done)).await;
                statistics.add(&life.statistics);
                eprintln!("{} rounds", done + ROUNDS_PER_LIFE);
            }
        });
    }
    let mut total = Statistics::default();
    while let Some(ended) = lives.join_next().await {
        // The message of a failed life names its seed.
        total.add(&ended.expect("a life without a failure"));
    }
    eprintln!("{total}");
}
