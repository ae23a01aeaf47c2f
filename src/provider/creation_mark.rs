//! The mark of an object whose creation is not finished. It names the run that creates the object, so another run can
//! distinguish objects of ended runs from those of active runs.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp, Unit};

use super::terraform_run::{TerraformRun, is_token};

/// The description of an unfinished connector, or its beginning.
const DESCRIPTION: &str = "Being created by Terraform";
/// The annotation of an unfinished app, or its beginning.
const ANNOTATION: &str = "being-created-by-terraform";

/// The longest time that a run may take. The run of an older object has ended.
const LONGEST_RUN: SignedDuration = SignedDuration::from_hours(1);

/// A mark. Marks of earlier releases name no run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CreationMark {
    /// The place of the state of the run.
    origin: Option<String>,
    /// The ID of the run.
    run: Option<String>,
}

/// What is known about the run that creates an unfinished object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CreatorStatus {
    /// The run has ended, so the object belongs to nobody.
    Ended,
    /// The object belongs to this run, in this process or in the process of another provider configuration.
    ThisRun,
    /// The run may still be active.
    MaybeActive(Age),
}

/// The age of an object whose run may still be active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Age {
    /// When the object was created, for example `2 minutes ago`. ConductorOne's clock may be wrong, so the time may be in the
    /// future.
    pub(super) created: String,
    /// A clause that says when the run counts as ended.
    pub(super) limit: String,
}

/// What determines whether the run of an unfinished object has ended.
#[derive(Clone, Debug)]
pub(super) struct CreatorCheck<'a> {
    pub(super) run: &'a TerraformRun,
    /// The current time of the server.
    pub(super) now: Timestamp,
    /// When this process was configured, in the time of the server.
    pub(super) configured_at: Timestamp,
    /// The time limit of a creation.
    pub(super) longest_creation: Option<SignedDuration>,
}

impl CreationMark {
    /// Makes the mark of a run.
    pub(super) fn new(run: &TerraformRun) -> Self {
        Self {
            origin: Some(run.origin().to_owned()),
            run: run.id().map(str::to_owned),
        }
    }

    /// Returns the mark as the description of a connector.
    pub(super) fn to_description(&self) -> String {
        match (&self.run, &self.origin) {
            (Some(run), Some(origin)) => format!("{DESCRIPTION} (run {run} from {origin})"),
            (None, Some(origin)) => format!("{DESCRIPTION} (run from {origin})"),
            (_, None) => DESCRIPTION.to_owned(),
        }
    }

    /// Returns the mark as the value of an app's annotation.
    pub(super) fn to_annotation(&self) -> String {
        let mut text = ANNOTATION.to_owned();
        for token in [&self.origin, &self.run].into_iter().flatten() {
            // Writing to memory does not fail.
            let _ = write!(text, ":{token}");
        }
        text
    }

    /// Parses a description. `None` if it is not a mark.
    pub(super) fn from_description(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(DESCRIPTION)?;
        if rest.is_empty() {
            return Some(Self::default());
        }
        let inner = rest.strip_prefix(" (run ")?.strip_suffix(')')?;
        match inner.strip_prefix("from ") {
            Some(origin) => Self::from_tokens(origin, None),
            None => inner
                .split_once(" from ")
                .and_then(|(run, origin)| Self::from_tokens(origin, Some(run))),
        }
    }

    /// Parses the value of an annotation. `None` if it is not a mark.
    pub(super) fn from_annotation(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(ANNOTATION)?;
        if rest.is_empty() {
            return Some(Self::default());
        }
        let tokens = rest.strip_prefix(':')?;
        match tokens.split_once(':') {
            Some((origin, run)) => Self::from_tokens(origin, Some(run)),
            None => Self::from_tokens(tokens, None),
        }
    }

    fn from_tokens(origin: &str, run: Option<&str>) -> Option<Self> {
        (is_token(origin) && run.is_none_or(is_token)).then(|| Self {
            origin: Some(origin.to_owned()),
            run: run.map(str::to_owned),
        })
    }
}

impl CreatorCheck<'_> {
    /// Returns what is known about the run that created an object with this mark. An object without a known time of creation
    /// counts as new.
    ///
    /// Terraform locks the state, so another run with the same state has ended.
    pub(super) fn creator_status(
        &self,
        mark: &CreationMark,
        created_at: Option<&str>,
    ) -> CreatorStatus {
        let created: Option<Timestamp> = created_at.and_then(|time| time.parse().ok());
        if mark.origin.as_deref() == Some(self.run.origin()) {
            let before = || created.is_some_and(|created| created < self.configured_at);
            let ended = match (mark.run.as_deref(), self.run.id()) {
                (Some(theirs), Some(ours)) => theirs != ours,
                _ => before(),
            };
            return if ended {
                CreatorStatus::Ended
            } else {
                CreatorStatus::ThisRun
            };
        }
        let longest = (self.longest_creation).map_or(LONGEST_RUN, |it| it.max(LONGEST_RUN));
        let age = created.map(|created| self.now.duration_since(created));
        if age.is_some_and(|age| age >= longest) {
            return CreatorStatus::Ended;
        }
        let limit = created.and_then(|created| created.checked_add(longest).ok());
        CreatorStatus::MaybeActive(Age {
            created: created.map_or_else(
                || "at an unknown time".to_owned(),
                |created| ago(created, self.now),
            ),
            limit: limit.map_or_else(
                || {
                    "ConductorOne does not report when, so the provider cannot tell when that run has ended"
                        .to_owned()
                },
                |limit| format!("from {} on, the provider assumes that this run has ended", rounded_up(limit)),
            ),
        })
    }
}

/// Rounds a time up to whole seconds.
fn rounded_up(time: Timestamp) -> Timestamp {
    let rounding = jiff::TimestampRound::new()
        .smallest(Unit::Second)
        .mode(jiff::RoundMode::Ceil);
    time.round(rounding).unwrap_or(time)
}

fn ago(created: Timestamp, now: Timestamp) -> String {
    match now.duration_since(created).as_mins() {
        ..0 => format!("at {}, which is in the future,", rounded_up(created)),
        0 => "less than a minute ago".to_owned(),
        1 => "a minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use super::*;

    fn mark(origin: &str, run: Option<&str>) -> CreationMark {
        CreationMark {
            origin: Some(origin.to_owned()),
            run: run.map(str::to_owned),
        }
    }

    #[test]
    fn a_mark_comes_back_from_both_of_its_forms() {
        let marks = [
            CreationMark::default(),
            mark("3f9c2a1b", None),
            mark("3f9c2a1b", Some("7e21c3d0")),
        ];
        for mark in marks {
            let read = CreationMark::from_description(&mark.to_description());
            assert_eq!(read, Some(mark.clone()), "{}", mark.to_description());
            let read = CreationMark::from_annotation(&mark.to_annotation());
            assert_eq!(read, Some(mark.clone()), "{}", mark.to_annotation());
        }
        let text = mark("3f9c2a1b", Some("7e21c3d0")).to_description();
        assert_eq!(
            text,
            "Being created by Terraform (run 7e21c3d0 from 3f9c2a1b)"
        );
    }

    #[test]
    fn what_people_write_is_not_a_mark() {
        for text in [
            "",
            "Being created by Terraform, for the wiki",
            "Being created by Terraform (run from the office)",
            "Being created by Terraform (run 1 from 3f9c2a1b)",
            "being-created-by-terraform-too",
            "being-created-by-terraform:wiki",
        ] {
            assert_eq!(CreationMark::from_description(text), None, "{text}");
            assert_eq!(CreationMark::from_annotation(text), None, "{text}");
        }
    }

    #[test]
    fn only_what_a_dead_run_left_is_left_behind() {
        use CreatorStatus::{Ended, ThisRun};
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let here = TerraformRun::new("3f9c2a1b", Some("7e21c3d0"));
        let nameless = TerraformRun::new("3f9c2a1b", None);
        let check = |run| CreatorCheck {
            run,
            now: at("2026-01-01T12:00:00Z"),
            configured_at: at("2026-01-01T11:59:00Z"),
            longest_creation: None,
        };
        let (just_now, before) = (Some("2026-01-01T11:59:30Z"), Some("2026-01-01T11:58:00Z"));
        let (configured, long_ago) = (Some("2026-01-01T11:59:00Z"), Some("2026-01-01T11:00:00Z"));
        let elsewhere = mark("00000000", Some("7e21c3d0"));
        let cases = [
            (
                &here,
                mark("3f9c2a1b", Some("11111111")),
                just_now,
                Some(Ended),
            ),
            (&here, mark("3f9c2a1b", Some("11111111")), None, Some(Ended)),
            (
                &here,
                mark("3f9c2a1b", Some("7e21c3d0")),
                before,
                Some(ThisRun),
            ),
            // Without the ID of a run, the time decides.
            (&here, mark("3f9c2a1b", None), before, Some(Ended)),
            (&here, mark("3f9c2a1b", None), just_now, Some(ThisRun)),
            (&here, mark("3f9c2a1b", None), configured, Some(ThisRun)),
            (
                &nameless,
                mark("3f9c2a1b", Some("7e21c3d0")),
                before,
                Some(Ended),
            ),
            (&nameless, mark("3f9c2a1b", None), None, Some(ThisRun)),
            (&here, elsewhere.clone(), long_ago, Some(Ended)),
            (&here, elsewhere.clone(), before, None),
            (&here, elsewhere.clone(), None, None),
            (&here, CreationMark::default(), long_ago, Some(Ended)),
            (&here, CreationMark::default(), before, None),
        ];
        for (run, mark, created_at, expected) in cases {
            let found = check(run).creator_status(&mark, created_at);
            match expected {
                Some(expected) => assert_eq!(found, expected, "{mark:?}, {created_at:?}"),
                None => assert!(
                    matches!(found, CreatorStatus::MaybeActive(_)),
                    "{mark:?}: {found:?}"
                ),
            }
        }
        let patient = CreatorCheck {
            longest_creation: Some(SignedDuration::from_hours(2)),
            ..check(&here)
        };
        let age = Age {
            created: "60 minutes ago".to_owned(),
            limit: "from 2026-01-01T13:00:00Z on, the provider assumes that this run has ended"
                .to_owned(),
        };
        let found = patient.creator_status(&elsewhere, long_ago);
        assert_eq!(found, CreatorStatus::MaybeActive(age));
        let future = Age {
            created: "at 2036-01-01T12:00:00Z, which is in the future,".to_owned(),
            limit: "from 2036-01-01T13:00:00Z on, the provider assumes that this run has ended"
                .to_owned(),
        };
        let found = check(&here).creator_status(&elsewhere, Some("2036-01-01T12:00:00Z"));
        assert_eq!(found, CreatorStatus::MaybeActive(future));
    }
}
