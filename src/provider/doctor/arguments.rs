//! The arguments after `-doctor`.

/// The text for wrong arguments.
pub const USAGE: &str = "\
Usage: terraform-provider-confluence -doctor [-json] [-app ID]

Examines the connection to ConductorOne. It changes nothing, and takes the host and the credentials from the same
environment variables as the provider, such as CONDUCTORONE_CLIENT_ID. The output contains no secret, no name and no
email address.

  -json    print JSON instead of a table
  -app ID  also examine this app and its connectors, whose IDs appear in the output

Exit status: 0 if no check failed, 1 if a check failed, 2 if the arguments are wrong.
";

/// The arguments.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Arguments {
    /// Whether to print JSON.
    pub json: bool,
    /// The app to examine.
    pub app_id: Option<String>,
}

impl Arguments {
    /// Parses the arguments. `None` stands for an argument that is not text. The error names the wrong argument.
    pub fn parse(arguments: &[Option<&str>]) -> Result<Self, String> {
        let mut parsed = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument {
                Some("-json" | "--json") => parsed.json = true,
                Some("-app" | "--app") => {
                    let id = rest.next().copied().flatten();
                    let id = id.filter(|id| !id.is_empty() && !id.starts_with('-'));
                    parsed.app_id = Some(id.ok_or("-app requires the ID of an app")?.to_owned());
                }
                Some(other) => return Err(format!("unknown argument {other:?}")),
                None => return Err("an argument is not text".to_owned()),
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    #[test]
    fn arguments_are_parsed_or_refused() {
        let parsed = Arguments::parse(&[Some("--app"), Some("a1"), Some("-json")]);
        let expected = Arguments {
            json: true,
            app_id: Some("a1".to_owned()),
        };
        assert_eq!(parsed, Ok(expected));
        assert_eq!(Arguments::parse(&[]), Ok(Arguments::default()));
        for wrong in [
            &[Some("-app")][..],
            &[Some("-app"), Some("")],
            &[Some("-app"), Some("-json")],
            &[Some("-app"), None],
            &[Some("-xml")],
            &[None],
        ] {
            assert!(Arguments::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
