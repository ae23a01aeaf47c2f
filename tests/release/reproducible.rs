//! Two builds of one source.

use std::fs;
use std::process::Command;

use crate::files::{Release, checkout, output, release, target};
use crate::terraform::skip;

/// A second clean build takes minutes, so it runs only in continuous integration or with `RELEASE_TWICE=1`.
#[test]
fn a_second_build_elsewhere_gives_the_same_bytes() {
    let set = |name: &str, to: &str| std::env::var(name).is_ok_and(|value| value == to);
    if !set("CI", "true") && !set("RELEASE_TWICE", "1") {
        skip(
            "no second release is built to be compared; RELEASE_TWICE=1 does that, in some minutes",
        );
        return;
    }
    let folder = tempfile::tempdir_in(target()).expect("a folder");
    let copy = folder.path().join("another").join("checkout");
    let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let list = output(Command::new("git").current_dir(checkout()).args(list));
    for name in list.lines().filter(|name| checkout().join(name).is_file()) {
        let to = copy.join(name);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(checkout().join(name), to).expect("a copy");
    }
    let mut git = Command::new("git");
    git.current_dir(checkout())
        .args(["log", "-1", "--format=%ct"]);
    let time = format!("SOURCE_DATE_EPOCH={}", output(&mut git).trim());
    let second = Release::make(&copy, &copy.join("target"), &[&time]);
    let (first, second) = (release().files(), second.files());
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        second.keys().collect::<Vec<_>>()
    );
    for (name, content) in &first {
        assert!(second[name] == *content, "{name}");
    }
}
