//! The rules of the workflows. The release keeps the signing key away from third-party code.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::files::{below, exists, extension, read};

const RELEASE: &str = ".github/workflows/release.yml";
const BUILD: &str = ".github/workflows/build.yml";
/// The job with the key.
const SIGN: &str = "sign";
/// The job that creates the draft.
const PUBLISH: &str = "publish";

/// A job of the release, or a step of a job.
pub(crate) fn parse(path: &str) -> Value {
    serde_saphyr::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn jobs() -> Map<String, Value> {
    let release = parse(RELEASE);
    release["jobs"].as_object().expect("jobs").clone()
}

fn steps(job: &Value) -> &[Value] {
    job["steps"].as_array().map_or(&[], Vec::as_slice)
}

/// Returns the texts in a value, including field names.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| std::iter::once(name.as_str()).chain(texts(value)))
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns the actions and workflows that jobs and steps use.
fn uses(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(uses).collect(),
        Value::Object(fields) => {
            let own = fields.get("uses").and_then(Value::as_str);
            own.into_iter()
                .chain(fields.values().flat_map(uses))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the programs that a script starts: the first word of each command outside single quotes.
fn programs(script: &str) -> BTreeSet<String> {
    const KEYWORDS: [&str; 8] = ["if", "then", "fi", "while", "do", "done", "{", "}"];
    let lines = script
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let script = lines.collect::<Vec<_>>().join("\n");
    let script: String = script.split('\'').step_by(2).collect();
    let commands = script.split(['|', ';', '(', '&', '\n']);
    let first = |command: &str| {
        let mut words = command.split_whitespace();
        let word = words.find(|word| !KEYWORDS.contains(word) && !word.starts_with('<'))?;
        (!word.contains('=')).then(|| word.to_owned())
    };
    commands.filter_map(first).collect()
}

#[test]
fn only_the_signing_job_has_secrets() {
    for path in below(".github/workflows") {
        let workflow = parse(&path);
        for (name, job) in workflow["jobs"].as_object().expect("jobs") {
            let has = texts(job).iter().any(|text| text.contains("secrets"));
            let may = path == RELEASE && name == SIGN;
            assert_eq!(has, may, "{path}: {name}");
            let environment = !job["environment"].is_null();
            assert_eq!(environment, may, "{path}: {name}");
        }
        let mut others = workflow.clone();
        others["jobs"] = Value::Null;
        for text in texts(&others) {
            assert!(!text.contains("secrets"), "{path}: {text}");
        }
    }
}

/// The job uses no action either, because the checksums are text.
#[test]
fn the_job_that_signs_runs_nothing_but_gpg() {
    let jobs = jobs();
    let sign = &jobs[SIGN];
    assert_eq!(uses(sign), Vec::<&str>::new());
    assert_eq!(sign["permissions"], json!({}));
    for absent in ["container", "services", "strategy"] {
        assert!(sign[absent].is_null(), "{absent}");
    }
    let allowed = [
        "awk", "base64", "cd", "echo", "export", "gpg", "gpgconf", "mktemp", "printf", "trap",
        "umask",
    ];
    let scripts = steps(sign).iter().filter_map(|step| step["run"].as_str());
    let found: BTreeSet<_> = scripts.flat_map(programs).collect();
    assert!(found.contains("gpg"), "{found:?}");
    for program in &found {
        assert!(allowed.contains(&program.as_str()), "{program}");
    }
}

#[test]
fn jobs_with_write_access_compile_nothing() {
    let jobs = jobs();
    let publish = &jobs[PUBLISH];
    for job in ["checksums", PUBLISH] {
        let scripts = steps(&jobs[job])
            .iter()
            .filter_map(|step| step["run"].as_str());
        let programs: BTreeSet<_> = scripts.flat_map(programs).collect();
        for tool in ["cargo", "make", "rustup", "curl", "apt-get", "sudo"] {
            assert!(!programs.contains(tool), "{job}: {tool}");
        }
        let local = uses(&jobs[job]).into_iter().find(|it| it.starts_with("./"));
        assert_eq!(local, None, "{job}");
    }
    let checkout = uses(publish).into_iter().find(|it| it.contains("checkout"));
    assert_eq!(checkout, None);
}

#[test]
fn permissions_are_the_least() {
    for path in below(".github/workflows") {
        let workflow = parse(&path);
        assert_eq!(
            workflow["permissions"],
            json!({"contents": "read"}),
            "{path}"
        );
        for (name, job) in workflow["jobs"].as_object().expect("jobs") {
            let expected = match (path.as_str(), name.as_str()) {
                (RELEASE, SIGN) => json!({}),
                (RELEASE, PUBLISH) => {
                    json!({"contents": "write", "id-token": "write", "attestations": "write"})
                }
                _ => Value::Null,
            };
            assert_eq!(job["permissions"], expected, "{path}: {name}");
            for step in steps(job) {
                if step["uses"]
                    .as_str()
                    .is_some_and(|it| it.contains("/checkout@"))
                {
                    assert_eq!(step["with"]["persist-credentials"], false, "{path}: {name}");
                }
            }
        }
    }
}

#[test]
fn actions_are_pinned_by_their_full_hash() {
    let mut count = 0;
    for path in below(".github")
        .into_iter()
        .filter(|it| extension(it) == "yml")
    {
        for name in uses(&parse(&path)) {
            count += 1;
            if let Some(local) = name.strip_prefix("./") {
                assert!(exists(local), "{path}: {name}");
                continue;
            }
            let (_, hash) = name.split_once('@').expect("a version");
            let is_hash = hash.len() == 40 && hash.chars().all(|it| it.is_ascii_hexdigit());
            assert!(is_hash, "{path}: {name}");
            let line = format!("uses: {name} # v");
            assert!(
                read(&path).contains(&line),
                "{path}: {name} names no version"
            );
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn artifacts_are_fetched_by_name_and_compared_with_outputs() {
    let jobs = jobs();
    let mut given = BTreeSet::from(["notes".to_owned(), "release".to_owned()]);
    let mut platforms = BTreeSet::new();
    for (name, job) in &jobs {
        if job["uses"] == format!("./{BUILD}") {
            assert_eq!(job["with"]["platform"], *name);
            given.insert(format!("files-{name}"));
            platforms.insert(name.as_str());
        }
    }
    assert_eq!(platforms.len(), 6, "{platforms:?}");
    let mut fetched = BTreeSet::new();
    for (name, job) in &jobs {
        let downloads = steps(job).iter().filter(|step| {
            let action = step["uses"].as_str();
            action.is_some_and(|it| it.starts_with("actions/download-artifact@"))
        });
        for step in downloads {
            let options = step["with"].as_object().expect("options");
            let known = ["name", "path"];
            assert!(
                options.keys().all(|it| known.contains(&it.as_str())),
                "{name}: {step}"
            );
            let artifact = options["name"].as_str().expect("a name");
            assert!(given.contains(artifact), "{name}: {artifact}");
            fetched.insert(artifact.to_owned());
            let strict = |step: &Value| {
                let script = step["run"].as_str().unwrap_or_default();
                script.contains("sha256sum --check --strict")
            };
            assert!(steps(job).iter().any(strict), "{name} compares nothing");
        }
    }
    assert_eq!(fetched, given);
    let all = |job: &str| texts(&jobs[job]).concat();
    for platform in platforms {
        for output in ["zip", "bill"] {
            let output = format!("needs.{platform}.outputs.{output} ");
            assert!(all("checksums").contains(&output), "{output}");
        }
    }
    for output in [
        "version.outputs.notes",
        "checksums.outputs.sums",
        "sign.outputs.signature",
    ] {
        assert!(
            all(PUBLISH).contains(&format!("needs.{output} ")),
            "{output}"
        );
    }
}

#[test]
fn a_release_comes_from_main_and_passes_all_tests() {
    let jobs = jobs();
    let first = texts(&jobs["version"]).concat();
    let check = "git merge-base --is-ancestor \"$GITHUB_SHA\" refs/remotes/origin/main";
    assert!(first.contains(check), "{first}");
    let needs = |job: &str| -> BTreeSet<&str> {
        let needs = texts(&jobs[job]["needs"]);
        needs.into_iter().collect()
    };
    for name in jobs.keys().filter(|name| *name != "version") {
        let mut above = needs(name);
        let further: Vec<_> = above.iter().flat_map(|job| needs(job)).collect();
        above.extend(further);
        assert!(
            above.contains("version"),
            "{name} does not wait for the check"
        );
        assert!(jobs[name]["if"].is_null(), "{name} may run after a failure");
    }
    assert!(needs(SIGN).contains("test") && needs(PUBLISH).contains("test"));
}

/// Caches may contain files of other runs, and a name in a script may be a command.
#[test]
fn a_release_contains_nothing_from_other_runs() {
    for path in [RELEASE, BUILD] {
        let workflow = parse(path);
        for (name, job) in workflow["jobs"].as_object().expect("jobs") {
            for step in steps(job) {
                let script = step["run"].as_str().unwrap_or_default();
                assert!(!script.contains("${{"), "{path}: {name}: {script}");
                if step["uses"] == "./.github/actions/rust" {
                    assert_eq!(step["with"]["cache"], "false", "{path}: {name}");
                }
                let cache = step["uses"]
                    .as_str()
                    .is_some_and(|it| it.contains("cache@"));
                assert!(!cache, "{path}: {name}");
            }
        }
    }
}

#[test]
fn a_release_is_attested_and_its_notes_name_the_build_tools() {
    let jobs = jobs();
    let publish = &jobs[PUBLISH];
    let attests = |action: &&str| action.starts_with("actions/attest-build-provenance@");
    assert!(uses(publish).iter().any(attests), "{publish}");
    let text = texts(publish).concat();
    for (platform, job) in &jobs {
        if job["uses"] == format!("./{BUILD}") {
            let tools = format!("needs.{platform}.outputs.tools");
            assert!(text.contains(&tools), "{tools}");
        }
    }
}

#[test]
fn advisories_are_checked_with_every_change_and_every_week() {
    let path = ".github/workflows/test.yml";
    let workflow = parse(path);
    // A field of YAML that is named `on`.
    let on = &workflow["on"];
    for event in ["pull_request", "push", "schedule"] {
        assert!(on.get(event).is_some(), "{event}: {on}");
    }
    assert!(
        texts(&on["schedule"])
            .iter()
            .any(|text| text.ends_with("* * 1")),
        "{on}"
    );
    let jobs = workflow["jobs"].as_object().expect("jobs");
    let denies = |job: &Value| {
        uses(job)
            .iter()
            .any(|it| it.contains("/cargo-deny-action@"))
    };
    assert!(jobs.values().any(denies), "{path}");
}
