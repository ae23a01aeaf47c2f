//! Where the host and the credentials come from.

use secrecy::ExposeSecret as _;

use super::ProviderConfig;
use crate::conductorone::Credentials;
use crate::terraform::diagnostics::{Diagnostic, Diagnostics};
use crate::terraform::value::{Secret, Value};

/// A well-formed secret of a key that opens nothing.
const SECRET: &str = "secret-token:conductorone.com:v1:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IjJ6Y01LcWFYbHVtaXloT0Rpd0JNRUt2VUFSQ1BuZlZRdVJraVdPeHNMLUEiLCJkIjoiaGpJb291TnhRdElRcWdmZU1TdWFPUkN5am1HOGJHZXQyai1ocEs3ZXpaTSJ9";
const CLIENT_ID: &str = "plucky-heron-40417@acme.conductor.one/spc";

/// The configuration with these attributes; `?` is unknown.
fn config(attributes: &[(String, &str)]) -> ProviderConfig {
    let mut config = ProviderConfig::default();
    for (name, text) in attributes {
        let value = if *text == "?" {
            Value::Unknown
        } else {
            Value::Known((*text).to_owned())
        };
        let secret = value.clone().map(Secret::from);
        match name.as_str() {
            "tenant_domain" => config.tenant_domain = value,
            "server_url" => config.server_url = value,
            "client_id" => config.client_id = value,
            "client_secret" => config.client_secret = secret,
            "oidc_token" => config.oidc_token = secret,
            "access_token" => config.access_token = secret,
            _ => config.request_timeout = value,
        }
    }
    config
}

/// What comes out: the method and the host, `unknown`, or the error's attribute and summary.
fn outcome(attributes: &[(String, &str)], variables: &[(String, &str)]) -> String {
    let env = |name: &str| {
        let (_, value) = variables.iter().find(|(variable, _)| *variable == name)?;
        Some((*value).to_owned())
    };
    match config(attributes).resolve(env) {
        Ok(None) => "unknown".to_owned(),
        Ok(Some(connection)) => {
            let method = match connection.credentials {
                Credentials::AccessToken(_) => "access token",
                Credentials::OidcToken { .. } => "oidc token",
                Credentials::ClientCredentials { .. } => "client credentials",
            };
            format!("{method} at {}", connection.base_url)
        }
        Err(errors) => {
            let errors = errors
                .iter()
                .map(|error| format!("{}: {}", error.attribute, error.summary));
            errors.collect::<Vec<_>>().join("; ")
        }
    }
}

/// Attributes, variables (ID and SECRET are a good client ID and its secret), and what comes out.
const TABLE: &str = "
                                                      |                       | : Missing ConductorOne credentials
                                                      | ID SECRET             | client credentials at https://acme.conductor.one
    client_id= client_secret=                         | ID SECRET             | client credentials at https://acme.conductor.one
    tenant_domain=beta                                | ID SECRET             | client credentials at https://beta.conductor.one
    tenant_domain=beta.c1eu.ai                        | ID SECRET             | client credentials at https://beta.c1eu.ai
    server_url=https://a.b:8443/                      | ID SECRET             | client credentials at https://a.b:8443
    server_url=https://a.b                            | ID SECRET TENANT_DOMAIN=beta | client credentials at https://a.b
                                                      | ID SECRET TENANT_DOMAIN=beta SERVER_URL=https://a.b | client credentials at https://beta.conductor.one
                                                      | ID SECRET SERVER_URL=http://127.0.0.1:81 | client credentials at http://127.0.0.1:81
                                                      | ID SECRET SERVER_URL=http://a.b | : Invalid ConductorOne host
    server_url=http://a.b                             | ID SECRET             | server_url: Invalid ConductorOne host
    tenant_domain=acme server_url=https://acme.conductor.one | ID SECRET      | client credentials at https://acme.conductor.one
    tenant_domain=beta server_url=https://acme.conductor.one | ID SECRET      | server_url: Conflicting ConductorOne hosts
    access_token=t                                    | ID SECRET             | access token at https://acme.conductor.one
    access_token=t                                    |                       | tenant_domain: Missing ConductorOne tenant
                                                      | ID SECRET OIDC_TOKEN=t | oidc token at https://acme.conductor.one
                                                      | ID ACCESS_TOKEN=t OIDC_TOKEN=t | access token at https://acme.conductor.one
    oidc_token=t                                      |                       | client_id: Missing client ID
    tenant_domain=acme                                | ID OIDC_TOKEN=t       | oidc token at https://acme.conductor.one
    server_url=https://acme.conductor.one:8443        | ID OIDC_TOKEN=t       | oidc token at https://acme.conductor.one:8443
    server_url=http://localhost:81                    | ID OIDC_TOKEN=t       | oidc token at http://localhost:81
    server_url=https://127.0.0.1:81                   | ID OIDC_TOKEN=t       | oidc token at https://127.0.0.1:81
    tenant_domain=beta                                | ID OIDC_TOKEN=t       | tenant_domain: OIDC token for another host
    server_url=https://beta.conductor.one             | ID OIDC_TOKEN=t       | server_url: OIDC token for another host
    server_url=https://acme.conductor.one.evil.example | ID OIDC_TOKEN=t      | server_url: OIDC token for another host
    server_url=https://a.b client_id=nonsense         | OIDC_TOKEN=t          | server_url: OIDC token for another host
    oidc_token=t                                      | ID TENANT_DOMAIN=beta | : OIDC token for another host
    oidc_token=t                                      | ID SERVER_URL=https://a.b | : OIDC token for another host
    oidc_token=t access_token=t server_url=https://a.b | ID                   | access token at https://a.b
                                                      | SECRET                | client_id: Missing client ID
                                                      | ID                    | client_secret: Missing client secret
    client_secret=nonsense                            | ID                    | client_secret: Invalid client secret
    request_timeout=soon                              | ID SECRET             | request_timeout: Invalid request_timeout
    tenant_domain=?                                   |                       | unknown
";

#[test]
fn attributes_beat_variables_and_methods_have_an_order() {
    for row in TABLE.lines().filter(|row| !row.is_empty()) {
        let mut cells = row.split('|').map(str::trim);
        let mut settings = || {
            cells
                .next()
                .unwrap()
                .split_whitespace()
                .map(|setting| match setting {
                    "ID" => ("CONDUCTORONE_CLIENT_ID".to_owned(), CLIENT_ID),
                    "SECRET" => ("CONDUCTORONE_CLIENT_SECRET".to_owned(), SECRET),
                    other => {
                        let (name, value) = other.split_once('=').unwrap();
                        let prefix = if name.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
                            "CONDUCTORONE_"
                        } else {
                            ""
                        };
                        (format!("{prefix}{name}"), value)
                    }
                })
                .collect::<Vec<_>>()
        };
        let (attributes, variables) = (settings(), settings());
        assert_eq!(
            outcome(&attributes, &variables),
            cells.next().unwrap(),
            "{row}"
        );
    }
}

#[test]
fn a_refused_host_is_named_with_its_setting() {
    let variables = |name: &str| match name {
        "CONDUCTORONE_CLIENT_ID" => Some(CLIENT_ID.to_owned()),
        "CONDUCTORONE_SERVER_URL" => Some("https://evil.example:8443".to_owned()),
        "TFC_WORKLOAD_IDENTITY_TOKEN" => Some("hunter2".to_owned()),
        _ => None,
    };
    let errors = ProviderConfig::default().resolve(variables).err().unwrap();
    let said: String = errors.iter().map(Diagnostic::detail).collect();
    let begins = format!(
        "CONDUCTORONE_SERVER_URL names https://evil.example:8443, but the client ID is {CLIENT_ID}."
    );
    assert!(
        said.starts_with(&begins) && !said.contains("hunter2"),
        "{said}"
    );
}

#[test]
fn white_space_around_values_is_ignored() {
    let padded = |value: &str| format!(" {value}\r\n");
    let (id, secret) = (padded(CLIENT_ID), padded(SECRET));
    let variables = [
        ("CONDUCTORONE_CLIENT_ID", id.as_str()),
        ("CONDUCTORONE_CLIENT_SECRET", &secret),
        ("CONDUCTORONE_ACCESS_TOKEN", " \n"),
    ];
    let attributes = [
        ("client_id", id.as_str()),
        ("client_secret", &secret),
        ("oidc_token", "\n"),
    ];
    let owned = |values: &[(&str, &str)]| {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        values.collect::<Vec<_>>()
    };
    for (attributes, variables) in [(&[][..], &variables[..]), (&attributes, &[])] {
        let (attributes, variables) = (owned(attributes), owned(variables));
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(k, v)| (k.clone(), v.as_str()))
            .collect();
        let env = |name: &str| {
            let found = variables.iter().find(|(variable, _)| variable == name);
            found.map(|(_, value)| value.clone())
        };
        let connection = config(&attributes).resolve(env).unwrap().unwrap();
        match connection.credentials {
            Credentials::ClientCredentials { client_id, .. } => assert_eq!(client_id, CLIENT_ID),
            other => panic!("{other:?}"),
        }
    }
    let token = |name: &str| (name == "CONDUCTORONE_ACCESS_TOKEN").then(|| padded("token"));
    let connection = config(&[("tenant_domain".to_owned(), "acme")]).resolve(token);
    match connection.unwrap().unwrap().credentials {
        Credentials::AccessToken(token) => assert_eq!(token.expose_secret(), "token"),
        other => panic!("{other:?}"),
    }
}

/// The proxy for a host and the variable that names it, or the error.
fn proxy(server_url: &str, variables: &[(&str, &str)]) -> String {
    let attributes = [("server_url", server_url), ("access_token", "t")];
    let config = config(&attributes.map(|(name, value)| (name.to_owned(), value)));
    let env = |name: &str| {
        let (_, value) = variables.iter().find(|(variable, _)| *variable == name)?;
        Some((*value).to_owned())
    };
    match config.resolve(env) {
        Ok(connection) => match connection.unwrap().proxy {
            Some(proxy) => format!("{proxy} by {}", proxy.variable()),
            None => "none".to_owned(),
        },
        Err(errors) => errors.iter().map(Diagnostic::detail).collect(),
    }
}

#[test]
fn the_environment_names_the_proxy() {
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);
    let acme = "https://acme.example:8443";
    let (http, socks) = (
        "http://u:hunter2@proxy.corp:3128",
        "socks5://proxy.corp:1080",
    );
    let cases: [Case<'_>; 15] = [
        (acme, &[], "none"),
        (
            acme,
            &[("HTTPS_PROXY", http)],
            "http://proxy.corp:3128 by HTTPS_PROXY",
        ),
        (
            acme,
            &[("https_proxy", http)],
            "http://proxy.corp:3128 by https_proxy",
        ),
        (
            acme,
            &[("ALL_PROXY", socks)],
            "socks5://proxy.corp:1080 by ALL_PROXY",
        ),
        (
            acme,
            &[("HTTPS_PROXY", ""), ("all_proxy", socks)],
            "socks5://proxy.corp:1080 by all_proxy",
        ),
        (
            acme,
            &[("ALL_PROXY", socks), ("https_proxy", http)],
            "http://proxy.corp:3128 by https_proxy",
        ),
        (acme, &[("HTTP_PROXY", http)], "none"),
        (
            acme,
            &[("HTTPS_PROXY", http), ("NO_PROXY", "acme.example:8443")],
            "none",
        ),
        (
            acme,
            &[("HTTPS_PROXY", http), ("no_proxy", ".example")],
            "none",
        ),
        (
            acme,
            &[("HTTPS_PROXY", http), ("NO_PROXY", "acme.example:443")],
            "http://proxy.corp:3128 by HTTPS_PROXY",
        ),
        ("https://localhost:8443", &[("HTTPS_PROXY", http)], "none"),
        ("https://localhost.:8443", &[("HTTPS_PROXY", http)], "none"),
        ("https://c1.localhost", &[("HTTPS_PROXY", http)], "none"),
        (
            "http://127.0.0.1:8080",
            &[("HTTPS_PROXY", "ftp://x")],
            "none",
        ),
        (
            acme,
            &[("HTTPS_PROXY", "ftp://x"), ("NO_PROXY", "*")],
            "none",
        ),
    ];
    for (host, variables, expected) in cases {
        assert_eq!(proxy(host, variables), expected, "{host} {variables:?}");
    }
    let said = proxy(acme, &[("https_proxy", "ftp://u:hunter2@proxy.corp")]);
    let begins = "https_proxy is invalid: the scheme must be http, https, socks5 or socks5h";
    assert!(
        said.starts_with(begins) && !said.contains("hunter2"),
        "{said}"
    );
}

#[test]
fn a_wrong_secret_is_not_repeated() {
    let attributes = [("client_id", CLIENT_ID), ("client_secret", "hunter2")];
    let config = config(&attributes.map(|(name, value)| (name.to_owned(), value)));
    let errors = config.resolve(|_| None).map(|_| ());
    assert!(errors.is_err_and(|errors: Diagnostics| !format!("{errors:?}").contains("hunter2")));
}
