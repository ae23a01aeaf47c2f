//! Runs a program under callgrind, and reads the counts that it writes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The functions of the C library that allocate memory.
const ALLOCATORS: [&str; 5] = [
    "malloc",
    "calloc",
    "realloc",
    "posix_memalign",
    "aligned_alloc",
];

/// The counts of one process.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// The instructions of the program itself. Those of the dynamic loader and of the C library depend on the system.
    pub(crate) instructions: u64,
    /// The calls of the program that allocate memory.
    pub(crate) allocations: u64,
}

impl Counts {
    pub(crate) const MAX: Self = Self {
        instructions: u64::MAX,
        allocations: u64::MAX,
    };

    /// Returns the smaller of both counts of two runs.
    pub(crate) fn min(self, other: Self) -> Self {
        Self {
            instructions: self.instructions.min(other.instructions),
            allocations: self.allocations.min(other.allocations),
        }
    }
}

/// A run of a program under callgrind.
#[derive(Debug)]
pub(crate) struct Callgrind {
    folder: TempDir,
    program: PathBuf,
}

impl Callgrind {
    pub(crate) fn of(program: &Path) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            program: program.canonicalize().expect("the program"),
        }
    }

    /// Returns the command that runs the program.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new("valgrind");
        command
            .arg("--tool=callgrind")
            .arg(format!("--callgrind-out-file={}", self.file().display()))
            .arg(&self.program);
        command
    }

    /// Returns the counts. The program must have ended.
    pub(crate) fn counts(&self) -> Counts {
        let text = std::fs::read(self.file()).expect("callgrind has written its counts");
        let text = String::from_utf8_lossy(&text);
        let program = self.program.to_str().expect("a path in UTF-8");
        let counts = Reader::new(program).read(&text);
        assert!(counts.instructions > 0, "callgrind counted nothing");
        counts
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("counts")
    }
}

/// Reads the format that the callgrind manual describes. Names are in the file once, with a number that stands for them.
struct Reader<'a> {
    program: &'a str,
    objects: HashMap<&'a str, &'a str>,
    functions: HashMap<&'a str, &'a str>,
    is_program: bool,
    counts: Counts,
}

impl<'a> Reader<'a> {
    fn new(program: &'a str) -> Self {
        Self {
            program,
            objects: HashMap::new(),
            functions: HashMap::new(),
            is_program: false,
            counts: Counts::default(),
        }
    }

    fn read(mut self, text: &'a str) -> Counts {
        let mut lines = text.lines();
        let mut callee = "";
        while let Some(line) = lines.next() {
            match line.split_once('=') {
                Some(("ob", name)) => {
                    self.is_program = full(&mut self.objects, name) == self.program;
                }
                Some(("cob", name)) => {
                    full(&mut self.objects, name);
                }
                Some(("fn", name)) => {
                    full(&mut self.functions, name);
                }
                Some(("cfn", name)) => callee = full(&mut self.functions, name),
                Some(("calls", calls)) => {
                    if self.is_program && ALLOCATORS.contains(&callee) {
                        self.counts.allocations += number(calls.split(' ').next());
                    }
                    // The next line has the costs of the callee, which are also on lines of their own.
                    lines.next();
                }
                None if self.is_program
                    && line.starts_with([
                        '+', '-', '*', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
                    ]) =>
                {
                    self.counts.instructions += number(line.split(' ').nth(1));
                }
                _ => {}
            }
        }
        self.counts
    }
}

/// Returns the name of `(number) name` or `(number)`. A number may also have a suffix for the depth of a recursion, as in
/// `(number)'2`.
fn full<'a>(names: &mut HashMap<&'a str, &'a str>, text: &'a str) -> &'a str {
    let (number, name) = text.split_once(')').expect("a number");
    if let Some(name) = name.strip_prefix(' ') {
        names.insert(number, name);
    }
    names.get(number).expect("a name of the number")
}

fn number(text: Option<&str>) -> u64 {
    text.and_then(|text| text.parse().ok()).expect("a count")
}
