//! The picture of a terminal in the README, which shows Terraform's output for the configuration above it.
//!
//! By default, the test checks that the picture is up to date. With `UPDATE_PICTURES=1`, which `make pictures` sets, it
//! updates the picture first.

use std::path::{Path, PathBuf};

use anstyle_svg::{Term, WIN10_CONSOLE};
use regex_lite::Regex;

use crate::scene::Scene;
use crate::terraform::{Workspace, cli, skip};

/// The version of the picture. Other versions may print different text.
const DRAWN_WITH: &str = "Terraform v1.11.";
const PICTURE: &str = "docs/images/apply.svg";

/// The configuration that a folder requires in addition to the README's.
const REST: &str = r#"
terraform {
  required_providers {
    confluence = {
      source = "conductorone/confluence"
    }
  }
}

variable "app_id" {
  type = string
}

variable "confluence_api_token" {
  type      = string
  sensitive = true
  ephemeral = true
}
"#;

/// Fixed IDs in the picture instead of the IDs of a run.
const APP: &str = "2xKpPzZz9y8x7w6v5u4t3s2r1q0";
const CONNECTOR: &str = "2yBqR7tVwXzA4cD6eF8gH1jK3mN";
const OWNER: &str = "2xKpAbCdEfGhIjKlMnOpQrStUvW";
/// The owner in the README.
const EMAIL: &str = "alice@acme.com";

/// The window, and the colors of the text on light pages. A reader can choose a light page on a dark system, so the window
/// has a background of its own.
const COLORS: &str = "
    .page { fill: #0D1117; stroke: #3D444D }
    @media (prefers-color-scheme: light) {
      .page { fill: #FFFFFF; stroke: #D1D9E0 }
      .fg { fill: #1F2328 }
      .fg-green { fill: #1A7F37 }
    }
";

#[tokio::test]
async fn the_picture_in_the_readme_is_what_terraform_prints() {
    let scene = or_skip!(Scene::new());
    if !scene.workspace.version().await.starts_with(DRAWN_WITH) {
        skip(&format!(
            "the picture in the README was drawn with {DRAWN_WITH}x"
        ));
        return;
    }
    let drawn = draw(&session(&scene).await);
    let path = file(PICTURE);
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, &drawn).expect("a file");
    }
    let kept = std::fs::read_to_string(&path).expect("run `make pictures`");
    let differs = drawn
        .lines()
        .zip(kept.lines())
        .find(|(new, old)| new != old);
    assert!(drawn == kept, "run `make pictures`: {differs:#?}");
}

/// Returns both commands and the relevant part of their output, with its colors.
async fn session(scene: &Scene) -> String {
    let workspace = workspace(scene);
    workspace.run(&["init"]).await.succeeded();
    let apply = workspace.run(&["apply", "-auto-approve"]).await.succeeded();
    let plan = workspace.run(&["plan"]).await.succeeded();
    for run in [&apply, &plan] {
        assert!(!run.text().contains("Warning"), "{run}");
    }
    let seen = [
        prompt("apply -auto-approve"),
        part(&apply.stdout, "Terraform will perform", "Apply complete!"),
        String::new(),
        prompt("plan"),
        part(&plan.stdout, "Refreshing state", "No changes."),
    ];
    let waiting = Regex::new(r"(?m)^.*Still creating.*\n").expect("a pattern");
    let duration = Regex::new(r"after \d+s").expect("a pattern");
    let text = seen.join("\n");
    let text = duration
        .replace_all(&waiting.replace_all(&text, ""), "after 1s")
        .into_owned();
    let mut users = scene.emulator.users().into_iter();
    let owner = users.find(|user| user.email == EMAIL).expect("the owner");
    text.replace(&scene.emulator.app_id(), APP)
        .replace(&scene.connector().id, CONNECTOR)
        .replace(&owner.id, OWNER)
}

/// Returns a folder with the first configuration of the README.
fn workspace(scene: &Scene) -> Workspace {
    let readme = std::fs::read_to_string(file("README.md")).expect("a file");
    let first = readme.split("```terraform\n").nth(1);
    let first = first.and_then(|rest| rest.split("```").next());
    let roles = ["Connector Administrator"];
    scene.emulator.add_user("Alice Adams", EMAIL, &roles);
    let cli = cli().expect("the scene has one");
    let mut workspace = Workspace::installed(cli).of_tenant(&scene.emulator);
    workspace.env("TF_VAR_app_id", &scene.emulator.app_id());
    workspace.env("TF_VAR_confluence_api_token", "an-api-token");
    for (name, text) in [
        ("main.tf", first.expect("a configuration")),
        ("rest.tf", REST),
    ] {
        std::fs::write(workspace.path(name), text).expect("a file");
    }
    workspace
}

fn prompt(arguments: &str) -> String {
    format!("\x1b[0m\x1b[1m$ terraform {arguments}\x1b[0m")
}

/// Returns the output between the lines with these texts.
fn part(output: &str, first: &str, last: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    let place = |words: &str| lines.iter().position(|line| line.contains(words));
    let (first, last) = (place(first).expect(first), place(last).expect(last));
    lines[first..=last].join("\n")
}

/// Returns a window with this text.
fn draw(text: &str) -> String {
    const BAR: u32 = 28;
    const MARGIN: u32 = 6;
    let terminal = Term::new().palette(WIN10_CONSOLE).background(false);
    let terminal = terminal.min_width_px(room(text)).render_svg(text);
    let size = |name: &str| -> u32 {
        let value = terminal.split(&format!("{name}=\"")).nth(1);
        let value = value.and_then(|rest| rest.split("px").next());
        value.and_then(|digits| digits.parse().ok()).expect(name)
    };
    let (width, height) = (size("width"), BAR + size("height") + MARGIN);
    let buttons = [("#FF5F57", 18), ("#FEBC2E", 38), ("#28C840", 58)]
        .map(|(color, x)| format!("  <circle cx=\"{x}\" cy=\"18\" r=\"6\" fill=\"{color}\" />\n"));
    // The colors are at the end, because they replace those of the terminal.
    format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\">\n  \
         <rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\" class=\"page\" />\n{}\
         <g transform=\"translate(0 {BAR})\">\n{terminal}</g>\n<style>{COLORS}</style>\n</svg>\n",
        width - 1,
        height - 1,
        buttons.concat(),
    )
}

/// Returns the width that the longest line may take.
fn room(text: &str) -> usize {
    let codes = Regex::new("\x1b\\[[0-9;]*m").expect("a pattern");
    let plain = codes.replace_all(text, "");
    let longest = plain.lines().map(|line| line.chars().count()).max();
    // SF Mono, the widest of the usual fonts, needs 8.66 pixels for a character.
    longest.unwrap_or_default() * 87 / 10 + 1
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
