//! What an app needs beyond its attributes: how it is created or promoted exactly once, annotated and owned.

mod annotations;
mod creation;
mod ledger;
mod leftovers;
mod owners;
mod promotion;
mod session;

pub(super) use annotations::{Annotations, Stamps, mistakes, observed, outline, stamped};
pub(super) use ledger::AppLedger;
pub(super) use session::{Made, Session};
