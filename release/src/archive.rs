//! Reproducible zips.

use std::io::{Cursor, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::Result;

/// A file in a zip.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    name: String,
    content: Vec<u8>,
    permissions: u32,
}

impl Entry {
    /// Returns a file that is not executable.
    pub(crate) fn text(name: &str, content: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            content,
            permissions: 0o644,
        }
    }

    /// Returns an executable file. A zip built on Windows must also mark it as executable.
    pub(crate) fn program(name: String, content: Vec<u8>) -> Self {
        Self {
            name,
            content,
            permissions: 0o755,
        }
    }
}

/// Returns a zip of these files, sorted by name, all with this time.
pub(crate) fn zip(mut entries: Vec<Entry>, time: Timestamp) -> Result<Vec<u8>> {
    entries.sort();
    let time = dos_time(time)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(time)
            .unix_permissions(entry.permissions);
        zip.start_file(entry.name, options)?;
        zip.write_all(&entry.content)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Converts a time to the format of zips, which has no time zone and starts in 1980.
fn dos_time(time: Timestamp) -> Result<DateTime> {
    let time = time.to_zoned(TimeZone::UTC);
    let (date, clock) = (time.date(), time.time());
    let part = |part: i8| u8::try_from(part);
    Ok(DateTime::from_date_and_time(
        u16::try_from(date.year())?,
        part(date.month())?,
        part(date.day())?,
        part(clock.hour())?,
        part(clock.minute())?,
        part(clock.second())?,
    )
    .unwrap_or_default())
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_files_makes_no_difference() {
        let time = Timestamp::from_second(1_700_000_001).expect("a time");
        let readme = Entry::text("README.md", b"Read me".to_vec());
        let program = Entry::program("program".to_owned(), vec![7; 5000]);
        let one = zip(vec![readme.clone(), program.clone()], time).expect("a zip");
        assert_eq!(one, zip(vec![program, readme], time).expect("a zip"));
    }

    #[test]
    fn times_before_zips_are_the_first_that_there_is() {
        let before = dos_time(Timestamp::UNIX_EPOCH).expect("a time");
        assert_eq!(before, DateTime::default());
        let after = dos_time(Timestamp::from_second(1_700_000_000).expect("a time"));
        let after = after.expect("a time");
        assert_eq!((after.year(), after.month(), after.day()), (2023, 11, 14));
    }
}
