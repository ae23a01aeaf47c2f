//! The emulator as a program, for demos and for tests in other languages.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use conductorone_emulator::{
    Confluence, ConfluenceAccount, ConfluenceOptions, ConfluenceProduct, ConfluenceSite, Emulator,
    Options,
};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

const HELP: &str = "\
An in-memory ConductorOne tenant.

Usage: conductorone-emulator [OPTIONS]

Options:
  --https          serve HTTPS on localhost with a new certificate authority
  --ca-file FILE   write that authority's certificate to FILE as PEM (requires --https)
  --port N         listen on this port of 127.0.0.1 instead of a free port
  --env-file FILE  write the settings for Terraform to FILE as shell exports
  --confluence TOKEN
                   also serve a Confluence Data Center whose administrator has this access token
  --switches JSON  the tenant's behavior, for example '{\"ownerDelayMs\": 2000, \"listOrder\": \"reversed\"}'
                   or '{\"rateLimit\": {\"requests\": 200, \"perMs\": 1000, \"retryAfter\": true}}'
  --help           print this text

When it is ready, it prints one line of JSON with these fields:
  url, client_id, client_secret, access_token, app_id, owner_id, ca_file, confluence_url
It serves until it receives SIGINT or SIGTERM.

The control endpoints require no token:
  GET    /_emulator/switches     list all switches and their values
  PUT    /_emulator/switches     change switches, for example {\"latencyMs\": 2000}
  POST   /_emulator/faults       make requests fail, for example
                                 {\"method\": \"POST\", \"path\": \"/create\", \"action\": {\"status\": {\"code\": 503}}}
  DELETE /_emulator/faults       remove all faults
  GET    /_emulator/journal      list the requests so far
  GET    /_emulator/connectors   list the connectors, including deleted ones
  GET    /_emulator/credentials  list the credentials, including revoked ones, and their sign-ins
  POST   /_emulator/connectors/ID
                                 change a connector outside Terraform, for example {\"displayName\": \"Wiki\"}
  POST   /_emulator/connectors/ID/sync
                                 end a sync of a self-hosted connector; {\"error\": \"text\"} makes it fail
  POST   /_emulator/connectors/ID/delete
                                 delete a connector outside Terraform; ?mode=hard removes it completely
";

type Failure = Box<dyn Error + Send + Sync>;

/// The command in the arguments.
enum Command {
    Help,
    Serve(Box<Serve>),
}

/// What to serve, and the files to write.
#[derive(Default)]
struct Serve {
    options: Options,
    ca_file: Option<PathBuf>,
    /// The file for settings as shell exports.
    env_file: Option<PathBuf>,
    /// The access token of the Confluence.
    confluence: Option<String>,
}

fn main() -> ExitCode {
    let (result, failed) = match parse(std::env::args().skip(1)) {
        Ok(Command::Help) => (
            std::io::stdout()
                .write_all(HELP.as_bytes())
                .map_err(Failure::from),
            ExitCode::FAILURE,
        ),
        Ok(Command::Serve(command)) => (run(*command), ExitCode::FAILURE),
        Err(error) => (Err(error), ExitCode::from(2)),
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    // If this fails, there is nowhere left to report it.
    let _ = writeln!(std::io::stderr(), "conductorone-emulator: {error}");
    failed
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command, Failure> {
    let mut command = Box::<Serve>::default();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or_else(|| format!("{argument} requires a value"))
        };
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--https" => command.options.tls = true,
            "--ca-file" => command.ca_file = Some(PathBuf::from(value()?)),
            "--env-file" => command.env_file = Some(PathBuf::from(value()?)),
            "--confluence" => command.confluence = Some(value()?),
            "--port" => {
                let port = value()?
                    .parse()
                    .map_err(|error| format!("--port: {error}"))?;
                command.options.port = Some(port);
            }
            "--switches" => {
                command.options.switches = serde_json::from_str(&value()?)
                    .map_err(|error| format!("--switches: {error}"))?;
            }
            _ => return Err(format!("unknown argument {argument:?}; --help lists them").into()),
        }
    }
    if command.ca_file.is_some() && !command.options.tls {
        return Err("--ca-file requires --https".into());
    }
    Ok(Command::Serve(command))
}

fn run(command: Serve) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(serve(command))
}

async fn serve(command: Serve) -> Result<(), Failure> {
    let Serve {
        options,
        ca_file,
        env_file,
        confluence,
    } = command;
    // Registered before the ready line, so that a signal right after it is not lost.
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    let emulator = Emulator::start(options).await?;
    if let (Some(file), Some(pem)) = (&ca_file, emulator.ca_pem()) {
        std::fs::write(file, pem)?;
    }
    let confluence = match confluence {
        Some(token) => Some(emulator.start_confluence(data_center(&token)).await?),
        None => None,
    };
    if let Some(file) = &env_file {
        let url = confluence.as_ref().map(Confluence::url);
        std::fs::write(file, exports(&emulator, ca_file.as_deref(), url))?;
    }
    let ready = json!({
        "url": emulator.url(), "client_id": emulator.client_id(), "client_secret": emulator.client_secret(),
        "access_token": emulator.access_token(), "app_id": emulator.app_id(), "owner_id": emulator.user_id("alice"),
        "ca_file": ca_file, "confluence_url": confluence.as_ref().map(Confluence::url),
    });
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{ready}")?;
    stdout.flush()?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    emulator.shut_down().await;
    Ok(())
}

/// Returns the settings for Terraform as shell exports, with the IDs as values of variables.
fn exports(emulator: &Emulator, ca_file: Option<&Path>, confluence_url: Option<&str>) -> String {
    // Terraform may run in another folder.
    let ca_file = ca_file.map(|file| std::path::absolute(file).unwrap_or_else(|_| file.to_owned()));
    let ca_file = ca_file.map(|file| file.display().to_string());
    let (app_id, owner_id) = (emulator.app_id(), emulator.user_id("alice"));
    let variables = [
        ("CONDUCTORONE_SERVER_URL", Some(emulator.url())),
        ("CONDUCTORONE_CLIENT_ID", Some(emulator.client_id())),
        ("CONDUCTORONE_CLIENT_SECRET", Some(emulator.client_secret())),
        ("SSL_CERT_FILE", ca_file.as_deref()),
        ("TF_VAR_app_id", Some(&app_id)),
        ("TF_VAR_owner_id", Some(&owner_id)),
        ("TF_VAR_confluence_url", confluence_url),
    ];
    let set = variables
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    let lines = set.map(|(name, value)| format!("export {name}='{value}'\n"));
    lines.collect::<Vec<_>>().concat()
}

/// Returns a Confluence Data Center whose administrator has this access token.
fn data_center(token: &str) -> ConfluenceOptions {
    ConfluenceOptions {
        site: ConfluenceSite {
            product: ConfluenceProduct::DataCenter,
            accounts: vec![ConfluenceAccount::administrator("admin", token)],
            groups: vec!["confluence-administrators".to_owned()],
            spaces: vec!["ENG".to_owned()],
            ..ConfluenceSite::default()
        },
        ..ConfluenceOptions::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, Failure> {
        parse(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn arguments_become_options() {
        let command = parsed(&[
            "--https",
            "--port",
            "8443",
            "--switches",
            r#"{"latencyMs": 5}"#,
            "--env-file",
            "emulator.env",
        ]);
        let Ok(Command::Serve(command)) = command else {
            unreachable!("the arguments are right")
        };
        let Serve {
            options,
            env_file,
            ca_file: None,
            confluence: None,
        } = *command
        else {
            unreachable!("the other options are not set")
        };
        assert!(options.tls);
        assert_eq!(env_file, Some(PathBuf::from("emulator.env")));
        assert_eq!((options.port, options.switches.latency_ms), (Some(8443), 5));
    }

    #[test]
    fn invalid_arguments_are_refused() {
        for arguments in [
            &["--nonsense"][..],
            &["--port"],
            &["--port", "x"],
            &["--ca-file", "ca.pem"],
            &["--switches", r#"{"nonsense": 1}"#],
        ] {
            assert!(parsed(arguments).is_err(), "{arguments:?}");
        }
        assert!(matches!(parsed(&["--help"]), Ok(Command::Help)));
    }
}
