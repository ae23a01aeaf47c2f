//! The bill of materials and the licenses.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::files::{VERSION, checkout, output, release};
use crate::terraform::platform;

fn bill() -> Value {
    let bill = release().read(&format!("{}.cdx.json", platform()));
    serde_json::from_slice(&bill).expect("JSON")
}

/// Returns the packages of the bill in the format of `cargo tree`.
fn packages(bill: &Value) -> BTreeSet<String> {
    let components = bill["components"].as_array().expect("components");
    let packages = components.iter().filter(|it| !it["purl"].is_null());
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    packages
        .map(|it| format!("{} v{}", text(&it["name"]), text(&it["version"])))
        .collect()
}

/// Cargo's list comes from the manifests, and the bill from the compiled packages.
#[test]
fn the_bill_lists_what_is_linked_and_nothing_else() {
    let about = output(Command::new("rustc").arg("-vV"));
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let mut tree = Command::new(env!("CARGO"));
    tree.current_dir(checkout())
        .args([
            "tree",
            "--locked",
            "--package",
            "terraform-provider-confluence",
        ])
        .args([
            "--edges",
            "normal,no-proc-macro",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .args(["--target", host.expect("a host")]);
    if cfg!(target_os = "linux") {
        tree.env("RUSTFLAGS", "-Ctarget-feature=+crt-static");
    }
    let tree = output(&mut tree);
    let lines = tree
        .lines()
        .filter(|line| !line.starts_with("terraform-provider-"));
    let linked: BTreeSet<_> = lines
        .map(|line| line.split(" (").next().unwrap_or(line).trim().to_owned())
        .collect();
    let packages = packages(&bill());
    assert_eq!(packages, linked);
    let has = |name: &str| {
        packages
            .iter()
            .any(|it| it.starts_with(&format!("{name} v")))
    };
    assert!(has("rustls") && has("aws-lc-sys"), "{packages:?}");
    for absent in [
        "conductorone-emulator",
        "jsonschema",
        "protox",
        "zip",
        "serde_derive",
    ] {
        assert!(!has(absent), "{absent}");
    }
}

#[test]
fn the_bill_is_one_of_this_program() {
    let bill = bill();
    assert_eq!(bill["bomFormat"], "CycloneDX");
    assert_eq!(bill["specVersion"], "1.6");
    let program = &bill["metadata"]["component"];
    assert_eq!(program["name"], "terraform-provider-confluence");
    assert_eq!(program["version"], VERSION);
    // Tools that read bills refuse dangling references and duplicate names.
    let components = bill["components"].as_array().expect("components");
    let names: Vec<_> = components.iter().map(|it| it["bom-ref"].clone()).collect();
    let known: BTreeSet<_> = names
        .iter()
        .chain([&program["bom-ref"]])
        .map(Value::to_string)
        .collect();
    assert_eq!(known.len(), names.len() + 1);
    for edge in bill["dependencies"].as_array().expect("dependencies") {
        let uses = edge["dependsOn"].as_array().expect("references");
        for name in uses.iter().chain([&edge["ref"]]) {
            assert!(known.contains(&name.to_string()), "{name}");
        }
    }
}

#[test]
fn every_package_has_a_license() {
    let bill = bill();
    let zip = release().zip();
    let text = &zip.entries["THIRD-PARTY-LICENSES.txt"].content;
    let text = String::from_utf8_lossy(text);
    for package in packages(&bill) {
        let line = format!("\n{}: ", package.replacen(" v", " ", 1));
        assert!(text.contains(&line), "{package}");
    }
    for part in [
        "Apache License",
        "Permission is hereby granted",
        "The OpenSSL Project",
    ] {
        assert!(text.contains(part), "{part}");
    }
}
