//! Logs on standard error in the format that Terraform reads. Terraform crashes on some other formats.

use std::time::Duration;

use serde_json::Value;

use crate::plugin::{Launch, Plugin};

#[tokio::test]
async fn every_line_at_trace_level_is_a_json_object_that_terraform_can_read() {
    let plugin = Launch::like_terraform()
        .env("TF_LOG", "TRACE")
        .start()
        .await;
    let lines = lines_of_a_life(plugin).await;
    assert!(!lines.is_empty(), "nothing was logged");
    for line in lines {
        let fields: Value = serde_json::from_str(&line).expect(&line);
        let text = |key: &str| {
            fields[key]
                .as_str()
                .unwrap_or_else(|| panic!("{key}: {line}"))
        };
        assert!(!text("@message").is_empty(), "{line}");
        assert!(
            ["trace", "debug", "info", "warn", "error"].contains(&text("@level")),
            "{line}"
        );
        assert_timestamp(text("@timestamp"));
        assert!(line.len() < 64 * 1024, "a line of {} bytes", line.len());
    }
}

#[tokio::test]
async fn nothing_is_logged_unless_asked_for() {
    for level in ["", "OFF"] {
        let plugin = Launch::like_terraform().env("TF_LOG", level).start().await;
        assert_eq!(lines_of_a_life(plugin).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_providers_own_variable_beats_terraforms() {
    let launch = Launch::like_terraform().env("TF_LOG", "TRACE");
    let plugin = launch
        .env("TF_LOG_PROVIDER_CONFLUENCE", "OFF")
        .start()
        .await;
    assert_eq!(lines_of_a_life(plugin).await, Vec::<String>::new());
}

/// Returns the log of a process that refuses a client, is interrupted and ends.
async fn lines_of_a_life(mut plugin: Plugin) -> Vec<String> {
    let refused = plugin.health(Some(plugin.trusting(None))).await;
    refused.expect_err("only Terraform's client may be served");
    plugin.signal("INT");
    plugin
        .health(Some(plugin.trusting(Some(plugin.identity()))))
        .await
        .expect("an answer");
    plugin.signal("TERM");
    plugin.exit_code(Duration::from_secs(5)).await;
    plugin.stderr.lines()
}

/// `YYYY-MM-DDTHH:MM:SS.ffffffZ`, with exactly six digits of a fraction.
fn assert_timestamp(text: &str) {
    let shape: String = text
        .chars()
        .map(|char| if char.is_ascii_digit() { '0' } else { char })
        .collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000000Z", "{text}");
}
