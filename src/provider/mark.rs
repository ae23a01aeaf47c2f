//! The mark of an object that is being created. It says which run makes the object, so that another run can tell what a
//! dead run left behind from what a living one still works on.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp, Unit};

use super::place::{Place, is_token};

/// The description of a connector that is being created, and what every such description begins with.
const DESCRIPTION: &str = "Being created by Terraform";
/// The same for the annotation of an app.
const ANNOTATION: &str = "being-created-by-terraform";

/// The longest time that a run is believed to need. The mark of an older object belongs to no living run.
const LONGEST_RUN: SignedDuration = SignedDuration::from_hours(1);

/// What a mark says. Marks of earlier releases say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// The place of the state of the run that made the object.
    origin: Option<String>,
    /// That run.
    run: Option<String>,
}

/// What is known about the run that made an unfinished object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It has ended, so the object belongs to nobody.
    LeftBehind,
    /// It is this very run, in this process or in that of another provider configuration.
    OfThisRun,
    /// It may still be at work.
    AtWork(Youth),
}

/// The age of an object whose run may still be at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Youth {
    /// How long ago the object was created, in words.
    pub(super) created: String,
    /// From when on it counts as left behind, in words.
    pub(super) limit: String,
}

/// By what an object's run is judged.
#[derive(Clone, Debug)]
pub(super) struct Observer<'a> {
    pub(super) place: &'a Place,
    /// The server's time.
    pub(super) now: Timestamp,
    /// When this process was configured, by the server's clock.
    pub(super) began: Timestamp,
    /// The longest time that a creation may take, if that is longer than a run is believed to need.
    pub(super) longest_creation: Option<SignedDuration>,
}

impl Mark {
    /// The mark that this run gives.
    pub(super) fn of(place: &Place) -> Self {
        Self {
            origin: Some(place.origin().to_owned()),
            run: place.run().map(str::to_owned),
        }
    }

    /// The mark as the description of a connector.
    pub(super) fn description(&self) -> String {
        match (&self.run, &self.origin) {
            (Some(run), Some(origin)) => format!("{DESCRIPTION} (run {run} from {origin})"),
            (None, Some(origin)) => format!("{DESCRIPTION} (run from {origin})"),
            (_, None) => DESCRIPTION.to_owned(),
        }
    }

    /// The mark as the value of an app's annotation.
    pub(super) fn annotation(&self) -> String {
        let mut text = ANNOTATION.to_owned();
        for token in [&self.origin, &self.run].into_iter().flatten() {
            // Writing to memory does not fail.
            let _ = write!(text, ":{token}");
        }
        text
    }

    /// Reads the mark from a description. `None` if the description is not a mark.
    pub(super) fn in_description(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(DESCRIPTION)?;
        if rest.is_empty() {
            return Some(Self::default());
        }
        let inner = rest.strip_prefix(" (run ")?.strip_suffix(')')?;
        match inner.strip_prefix("from ") {
            Some(origin) => Self::read(origin, None),
            None => inner
                .split_once(" from ")
                .and_then(|(run, origin)| Self::read(origin, Some(run))),
        }
    }

    /// Reads the mark from the value of an annotation. `None` if the value is not a mark.
    pub(super) fn in_annotation(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(ANNOTATION)?;
        if rest.is_empty() {
            return Some(Self::default());
        }
        let tokens = rest.strip_prefix(':')?;
        match tokens.split_once(':') {
            Some((origin, run)) => Self::read(origin, Some(run)),
            None => Self::read(tokens, None),
        }
    }

    fn read(origin: &str, run: Option<&str>) -> Option<Self> {
        (is_token(origin) && run.is_none_or(is_token)).then(|| Self {
            origin: Some(origin.to_owned()),
            run: run.map(str::to_owned),
        })
    }
}

impl Observer<'_> {
    /// Judges the run that gave an object this mark. An object without a known time of creation counts as young.
    ///
    /// A lock on the state keeps two runs of one place apart, so another run of this place has ended.
    pub(super) fn standing(&self, mark: &Mark, created_at: Option<&str>) -> Standing {
        let created: Option<Timestamp> = created_at.and_then(|time| time.parse().ok());
        if mark.origin.as_deref() == Some(self.place.origin()) {
            let before = || created.is_some_and(|created| created < self.began);
            let ended = match (mark.run.as_deref(), self.place.run()) {
                (Some(theirs), Some(ours)) => theirs != ours,
                _ => before(),
            };
            return if ended {
                Standing::LeftBehind
            } else {
                Standing::OfThisRun
            };
        }
        let longest = (self.longest_creation).map_or(LONGEST_RUN, |it| it.max(LONGEST_RUN));
        let age = created.map(|created| self.now.duration_since(created));
        if age.is_some_and(|age| age >= longest) {
            return Standing::LeftBehind;
        }
        let limit = created.and_then(|created| created.checked_add(longest).ok());
        Standing::AtWork(Youth {
            created: age.map_or_else(|| "at an unknown time".to_owned(), ago),
            limit: limit.map_or_else(
                || {
                    "ConductorOne does not report when, so it never counts as left behind"
                        .to_owned()
                },
                |limit| format!("it counts as left behind from {} on", rounded_up(limit)),
            ),
        })
    }
}

/// A time in whole seconds, none of which is too early.
fn rounded_up(time: Timestamp) -> Timestamp {
    let rounding = jiff::TimestampRound::new()
        .smallest(Unit::Second)
        .mode(jiff::RoundMode::Ceil);
    time.round(rounding).unwrap_or(time)
}

fn ago(age: SignedDuration) -> String {
    match age.as_mins() {
        ..=0 => "less than a minute ago".to_owned(),
        1 => "a minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed test is a panic")]

    use super::*;

    fn mark(origin: &str, run: Option<&str>) -> Mark {
        Mark {
            origin: Some(origin.to_owned()),
            run: run.map(str::to_owned),
        }
    }

    #[test]
    fn a_mark_comes_back_from_both_of_its_forms() {
        let marks = [
            Mark::default(),
            mark("3f9c2a1b", None),
            mark("3f9c2a1b", Some("7e21c3d0")),
        ];
        for mark in marks {
            let read = Mark::in_description(&mark.description());
            assert_eq!(read, Some(mark.clone()), "{}", mark.description());
            let read = Mark::in_annotation(&mark.annotation());
            assert_eq!(read, Some(mark.clone()), "{}", mark.annotation());
        }
        let text = mark("3f9c2a1b", Some("7e21c3d0")).description();
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
            assert_eq!(Mark::in_description(text), None, "{text}");
            assert_eq!(Mark::in_annotation(text), None, "{text}");
        }
    }

    #[test]
    fn only_what_a_dead_run_left_is_left_behind() {
        use Standing::{LeftBehind, OfThisRun};
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let here = Place::new("3f9c2a1b", Some("7e21c3d0"));
        let nameless = Place::new("3f9c2a1b", None);
        let observer = |place| Observer {
            place,
            now: at("2026-01-01T12:00:00Z"),
            began: at("2026-01-01T11:59:00Z"),
            longest_creation: None,
        };
        let (just_now, before) = (Some("2026-01-01T11:59:30Z"), Some("2026-01-01T11:58:00Z"));
        let long_ago = Some("2026-01-01T11:00:00Z");
        let elsewhere = mark("00000000", Some("7e21c3d0"));
        let cases = [
            (
                &here,
                mark("3f9c2a1b", Some("11111111")),
                just_now,
                Some(LeftBehind),
            ),
            (
                &here,
                mark("3f9c2a1b", Some("11111111")),
                None,
                Some(LeftBehind),
            ),
            (
                &here,
                mark("3f9c2a1b", Some("7e21c3d0")),
                before,
                Some(OfThisRun),
            ),
            // Without the name of a run, the time decides.
            (&here, mark("3f9c2a1b", None), before, Some(LeftBehind)),
            (&here, mark("3f9c2a1b", None), just_now, Some(OfThisRun)),
            (
                &nameless,
                mark("3f9c2a1b", Some("7e21c3d0")),
                before,
                Some(LeftBehind),
            ),
            (&nameless, mark("3f9c2a1b", None), None, Some(OfThisRun)),
            (&here, elsewhere.clone(), long_ago, Some(LeftBehind)),
            (&here, elsewhere.clone(), before, None),
            (&here, elsewhere.clone(), None, None),
            (&here, Mark::default(), long_ago, Some(LeftBehind)),
            (&here, Mark::default(), before, None),
        ];
        for (place, mark, created_at, expected) in cases {
            let found = observer(place).standing(&mark, created_at);
            match expected {
                Some(expected) => assert_eq!(found, expected, "{mark:?}, {created_at:?}"),
                None => assert!(matches!(found, Standing::AtWork(_)), "{mark:?}: {found:?}"),
            }
        }
        let patient = Observer {
            longest_creation: Some(SignedDuration::from_hours(2)),
            ..observer(&here)
        };
        let youth = Youth {
            created: "60 minutes ago".to_owned(),
            limit: "it counts as left behind from 2026-01-01T13:00:00Z on".to_owned(),
        };
        let found = patient.standing(&elsewhere, long_ago);
        assert_eq!(found, Standing::AtWork(youth));
    }
}
