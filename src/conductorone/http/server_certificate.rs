//! The certificate that a server presents: who issued it, and until when it is valid.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::peer_text::PeerText;

/// The DER tags that lead to the issuer and the validity (RFC 5280, section 4.1).
mod tag {
    pub(super) const OBJECT_ID: u8 = 0x06;
    pub(super) const UTC_TIME: u8 = 0x17;
    pub(super) const GENERALIZED_TIME: u8 = 0x18;
    pub(super) const SEQUENCE: u8 = 0x30;
    pub(super) const SET: u8 = 0x31;
    /// The version, which the first version of certificates lacks.
    pub(super) const VERSION: u8 = 0xa0;
}

/// The object IDs of an organization's name and of a common name (RFC 5280, appendix A.1).
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// A part of a server's certificate. It does not say whether the certificate is trusted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerCertificate {
    /// The organization and the common name of the issuer, or whichever of them the certificate names.
    pub issuer: PeerText,
    /// The end of its validity.
    pub valid_until: Timestamp,
}

/// Reads the certificate of a server, and then ends the handshake.
#[derive(Debug, Default)]
pub(super) struct CertificateReader {
    seen: Mutex<Option<ServerCertificate>>,
}

/// Returns a configuration that ends each handshake after the reader has seen the certificate. `None` if the versions of TLS
/// cannot be configured.
pub(super) fn reading_config() -> Option<(ClientConfig, Arc<CertificateReader>)> {
    let reader: Arc<CertificateReader> = Arc::default();
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?;
    let verifier: Arc<dyn ServerCertVerifier> = Arc::<CertificateReader>::clone(&reader);
    let builder = builder
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    Some((builder.with_no_client_auth(), reader))
}

impl CertificateReader {
    /// Returns the certificate, if the reader has seen one that can be read.
    pub(super) fn take(&self) -> Option<ServerCertificate> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.take()
    }

    fn refusal() -> Error {
        Error::General("the certificate is only read".to_owned())
    }
}

/// Trusts no certificate and no signature.
impl ServerCertVerifier for CertificateReader {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = ServerCertificate::from_der(end_entity);
        Err(Self::refusal())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Self::refusal())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Self::refusal())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let provider = aws_lc_rs::default_provider();
        provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl ServerCertificate {
    /// Reads a certificate in DER format. Returns `None` if it has another form.
    pub(super) fn from_der(der: &[u8]) -> Option<Self> {
        let (certificate, _) = expect(tag::SEQUENCE, der)?;
        let (mut fields, _) = expect(tag::SEQUENCE, certificate)?;
        if let Some((_, rest)) = expect(tag::VERSION, fields) {
            fields = rest;
        }
        let (_, _serial_number, fields) = element(fields)?;
        let (_, _signature_algorithm, fields) = element(fields)?;
        let (issuer, fields) = expect(tag::SEQUENCE, fields)?;
        let (validity, _) = expect(tag::SEQUENCE, fields)?;
        let (_, _not_before, validity) = element(validity)?;
        let (kind, not_after, _) = element(validity)?;
        let names = [ORGANIZATION, COMMON_NAME].map(|kind| name(issuer, kind));
        let names: Vec<_> = names.into_iter().flatten().collect();
        Some(Self {
            issuer: PeerText::new(&names.join(", ")),
            valid_until: time(kind, not_after)?,
        })
    }
}

/// Returns the tag and the content of the first element, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let length = bytes.iter().try_fold(0_usize, |length, byte| {
            length.checked_mul(256)?.checked_add(usize::from(*byte))
        });
        (length?, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// Returns the content of the first element and what follows it, if the element has this tag.
fn expect(expected: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (tag, content, rest) = element(der)?;
    (tag == expected).then_some((content, rest))
}

/// Returns the first part of a distinguished name with this object ID.
fn name(mut names: &[u8], kind: &[u8]) -> Option<String> {
    while let Some((set, rest)) = expect(tag::SET, names) {
        let (pair, _) = expect(tag::SEQUENCE, set)?;
        let (id, value) = expect(tag::OBJECT_ID, pair)?;
        if id == kind {
            let (_, text, _) = element(value)?;
            return Some(String::from_utf8_lossy(text).into_owned());
        }
        names = rest;
    }
    None
}

/// Parses `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`. Two digits stand for a year from 1950 to 2049.
fn time(kind: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let text = match kind {
        tag::UTC_TIME if text < "50" => format!("20{text}"),
        tag::UTC_TIME => format!("19{text}"),
        tag::GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let time = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    use super::ServerCertificate;

    fn read(params: &CertificateParams) -> Option<(String, String)> {
        let certificate = params.self_signed(&KeyPair::generate().ok()?).ok()?;
        let read = ServerCertificate::from_der(certificate.der())?;
        Some((read.issuer.to_string(), read.valid_until.to_string()))
    }

    #[test]
    fn the_issuer_and_the_end_are_read() {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.not_after = date_time_ymd(2031, 2, 3);
        for (kind, text) in [
            (DnType::CountryName, "US"),
            (DnType::CommonName, "Root 1"),
            (DnType::OrganizationalUnitName, "alice@laptop"),
            (DnType::OrganizationName, "Acme Proxies"),
        ] {
            params.distinguished_name.push(kind, text);
        }
        let expected = ("Acme Proxies, Root 1", "2031-02-03T00:00:00Z");
        let expected = Some((expected.0.to_owned(), expected.1.to_owned()));
        assert_eq!(read(&params), expected);
        // Years from 2050 have four digits.
        params.not_after = date_time_ymd(2051, 2, 3);
        let until = read(&params).map(|(_, until)| until);
        assert_eq!(until.as_deref(), Some("2051-02-03T00:00:00Z"));
    }

    #[test]
    fn what_is_not_a_certificate_is_nothing() {
        let key = KeyPair::generate().ok();
        let whole = key.and_then(|key| CertificateParams::default().self_signed(&key).ok());
        let whole = whole.map(|it| it.der().to_vec()).unwrap_or_default();
        assert!(ServerCertificate::from_der(&whole).is_some());
        for end in [0, 1, 2, 5, 20, whole.len() / 2] {
            let part = whole.get(..end).unwrap_or_default();
            assert_eq!(ServerCertificate::from_der(part), None, "{end}");
        }
        assert_eq!(ServerCertificate::from_der(&[0x30, 0x89, 1]), None);
        assert_eq!(ServerCertificate::from_der(&[0x30; 40]), None);
    }
}
