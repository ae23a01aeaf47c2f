//! The bill of materials, in the format of [CycloneDX 1.6](https://cyclonedx.org/docs/1.6/json/).

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Result;
use crate::licenses::runtime;
use crate::packages::Package;
use crate::platform::Platform;
use crate::version::{NAME, Version};

/// Returns the bill of a program. It has no serial number, which would differ in each build.
pub(crate) fn bill(
    version: &Version,
    platform: &Platform,
    packages: &[Package],
    time: Timestamp,
) -> Result<Vec<u8>> {
    let version = version.to_string();
    let (own, others): (Vec<_>, Vec<_>) = packages.iter().partition(|package| package.is_own());
    let mut components: Vec<_> = others.iter().map(|package| component(package)).collect();
    components.extend(runtime(platform).into_iter().map(|(name, license)| {
        json!({
            "type": "library", "bom-ref": name, "name": name, "licenses": [{"expression": license}],
        })
    }));
    let uses = |package: &Package| {
        let used = package.uses.iter();
        used.map(|(name, version)| purl(name, version))
            .collect::<Vec<_>>()
    };
    let mut dependencies: Vec<_> = others
        .iter()
        .map(|it| json!({"ref": purl(&it.name, &it.version), "dependsOn": uses(it)}))
        .collect();
    let direct: Vec<_> = own.iter().flat_map(|package| uses(package)).collect();
    dependencies.insert(0, json!({"ref": purl(NAME, &version), "dependsOn": direct}));
    let bill = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": time.to_string(),
            "component": {
                "type": "application", "bom-ref": purl(NAME, &version), "name": NAME, "version": version,
                "licenses": [{"expression": "Apache-2.0"}],
                "properties": [{"name": "platform", "value": platform.to_string()}],
            },
        },
        "components": components,
        "dependencies": dependencies,
    });
    let mut text = serde_json::to_vec_pretty(&bill)?;
    text.push(b'\n');
    Ok(text)
}

fn component(package: &Package) -> Value {
    let purl = purl(&package.name, &package.version);
    let mut component = json!({
        "type": "library", "bom-ref": purl, "name": package.name, "version": package.version, "purl": purl,
    });
    if let Some(fields) = component.as_object_mut() {
        if let Some(license) = package.license() {
            fields.insert("licenses".to_owned(), json!([{"expression": license}]));
        }
        if let Some(url) = &package.repository {
            let reference = json!([{"type": "vcs", "url": url}]);
            fields.insert("externalReferences".to_owned(), reference);
        }
    }
    component
}

/// Returns the package URL.
fn purl(name: &str, version: &str) -> String {
    // "+" is the only character of a version that must be encoded.
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}
