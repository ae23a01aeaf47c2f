//! The emulator as a program, for demos and for tests in other languages.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
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
  GET    /_emulator/credentials  list the credentials, including revoked ones
  POST   /_emulator/connectors/ID
                                 change a connector outside Terraform, for example {\"displayName\": \"Wiki\"}
  POST   /_emulator/connectors/ID/delete
                                 delete a connector outside Terraform; ?mode=hard removes it completely
";

type Failure = Box<dyn Error + Send + Sync>;

/// The command in the arguments.
enum Command {
    Help,
    Serve {
        options: Box<Options>,
        ca_file: Option<PathBuf>,
        /// The access token of the Confluence.
        confluence: Option<String>,
    },
}

fn main() -> ExitCode {
    let (result, failed) = match parse(std::env::args().skip(1)) {
        Ok(Command::Help) => (
            std::io::stdout()
                .write_all(HELP.as_bytes())
                .map_err(Failure::from),
            ExitCode::FAILURE,
        ),
        Ok(Command::Serve {
            options,
            ca_file,
            confluence,
        }) => (run(*options, ca_file, confluence), ExitCode::FAILURE),
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
    let mut options = Box::new(Options::default());
    let (mut ca_file, mut confluence) = (None, None);
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or_else(|| format!("{argument} requires a value"))
        };
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--https" => options.tls = true,
            "--ca-file" => ca_file = Some(PathBuf::from(value()?)),
            "--confluence" => confluence = Some(value()?),
            "--port" => {
                let port = value()?
                    .parse()
                    .map_err(|error| format!("--port: {error}"))?;
                options.port = Some(port);
            }
            "--switches" => {
                options.switches = serde_json::from_str(&value()?)
                    .map_err(|error| format!("--switches: {error}"))?;
            }
            _ => return Err(format!("unknown argument {argument:?}; --help lists them").into()),
        }
    }
    if ca_file.is_some() && !options.tls {
        return Err("--ca-file requires --https".into());
    }
    Ok(Command::Serve {
        options,
        ca_file,
        confluence,
    })
}

fn run(
    options: Options,
    ca_file: Option<PathBuf>,
    confluence: Option<String>,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(serve(options, ca_file, confluence))
}

async fn serve(
    options: Options,
    ca_file: Option<PathBuf>,
    confluence: Option<String>,
) -> Result<(), Failure> {
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
    emulator.stop().await;
    Ok(())
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
        ]);
        let Ok(Command::Serve {
            options,
            ca_file: None,
            confluence: None,
        }) = command
        else {
            unreachable!("the arguments are right")
        };
        assert!(options.tls);
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
