//! The formats of the attributes that name the host.

use crate::conductorone::{BaseUrl, HostError};
use crate::terraform::schema::Format;

/// The format of `tenant_domain`. An empty string counts as unset.
pub(crate) const TENANT_DOMAIN: Format = Format {
    name: "tenant-domain",
    expected: "a tenant such as acme or acme.conductor.one",
    normalize: |text| normal_host(text, BaseUrl::from_tenant_domain),
};

/// The format of `server_url`. An empty string counts as unset.
pub(crate) const SERVER_URL: Format = Format {
    name: "server-url",
    expected: "a URL with a scheme and a host, such as https://acme.conductor.one",
    normalize: |text| normal_host(text, BaseUrl::from_server_url),
};

fn normal_host(
    text: &str,
    parse: fn(&str) -> Result<BaseUrl, HostError>,
) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    parse(text)
        .map(|url| url.to_string())
        .map_err(|error| error.to_string())
}
