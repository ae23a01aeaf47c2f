//! Checks of the network, up to the first response.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::conductorone::{
    Cause, ClientSettings, ServerCertificate, find_addresses, greet, open_connection,
    presented_certificate,
};
use crate::provider::api_errors;

use super::facts::Facts;
use super::messages;
use super::outcome::Outcome;

/// A certificate that expires earlier causes a warning.
const MIN_DAYS: i64 = 14;
/// A larger difference of the clocks causes a warning. A signed request is valid for two minutes.
const MAX_OFFSET: SignedDuration = SignedDuration::from_mins(1);

/// Checks that the host has an address.
pub(super) async fn dns(facts: &mut Facts) -> Outcome {
    let Some(settings) = facts.settings() else {
        return no_host();
    };
    match find_addresses(&settings).await {
        Ok(found) => {
            let v4 = found.iter().filter(|address| address.is_ipv4()).count();
            let v6 = found
                .iter()
                .filter(|address| IpAddr::is_ipv6(address))
                .count();
            let of = next_hop(&settings);
            Outcome::ok(&format!("{of} has {v4} IPv4 and {v6} IPv6 addresses"))
        }
        Err(cause) => Outcome::from(&cause),
    }
}

/// Checks that the host accepts a connection.
pub(super) async fn tcp(facts: &mut Facts) -> Outcome {
    let Some(settings) = facts.settings() else {
        return no_host();
    };
    match open_connection(&settings).await {
        Ok(()) => Outcome::ok(&format!("{} accepts connections", next_hop(&settings))),
        Err(cause) => Outcome::from(&cause),
    }
}

/// Checks that the host responds over a trusted connection.
pub(super) async fn tls(facts: &mut Facts) -> Outcome {
    let Some(settings) = facts.settings() else {
        return no_host();
    };
    let greeting = greet(&settings).await;
    if settings.base_url.url().scheme() != "https" && greeting.is_ok() {
        facts.ahead = greeting.unwrap_or_default();
        return Outcome::ok("no TLS: plain HTTP to this machine");
    }
    let certificate = presented_certificate(&settings).await;
    match greeting {
        Ok(ahead) => {
            facts.ahead = ahead;
            match certificate {
                Some(certificate) => describe(&certificate),
                None => Outcome::ok("the connection is trusted; its certificate cannot be read"),
            }
        }
        Err(cause @ Cause::Tls(_)) => {
            let issuer = certificate.map(|it| issued_by(&it)).unwrap_or_default();
            Outcome::from(&cause).adding(&issuer)
        }
        Err(cause) => Outcome::from(&cause),
    }
}

/// Compares the clocks.
pub(super) async fn clock(facts: &mut Facts) -> Outcome {
    match facts.ahead {
        None => Outcome::skipped("the response had no date"),
        Some(ahead) if ahead.abs() > MAX_OFFSET => {
            messages::clocks_differ(&api_errors::clock_off(ahead)).into()
        }
        Some(_) => {
            Outcome::ok("this machine's clock and ConductorOne's differ by less than a minute")
        }
    }
}

fn describe(certificate: &ServerCertificate) -> Outcome {
    let left = certificate.valid_until.duration_since(Timestamp::now());
    let days = left.as_hours() / 24;
    if days < MIN_DAYS {
        let outcome = Outcome::from(messages::certificate_expires(&days));
        return outcome.adding(&issued_by(certificate));
    }
    let detail = format!(
        "{} It is valid for {days} more days.",
        issued_by(certificate)
    );
    Outcome::ok(&detail)
}

fn issued_by(certificate: &ServerCertificate) -> String {
    format!("The certificate was issued by: {}.", certificate.issuer)
}

/// Names the host that requests go to first.
fn next_hop(settings: &ClientSettings) -> String {
    match &settings.proxy {
        Some(proxy) => format!("the proxy {proxy}"),
        None => settings.base_url.to_string(),
    }
}

fn no_host() -> Outcome {
    Outcome::skipped("there is no host")
}
