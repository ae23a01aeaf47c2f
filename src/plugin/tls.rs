//! Mutual TLS with one peer: the server accepts only the client certificate that Terraform announced.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
};
use tokio_rustls::TlsAcceptor;

use super::error::Error;

/// Terraform checks the validity dates. Backdating makes the certificate valid for a clock that is behind.
const BACKDATE: Duration = Duration::from_mins(10);
const VALIDITY: Duration = Duration::from_hours(30 * 365 * 24);

/// The server certificate of this process, and the acceptor that presents it.
pub(super) struct ServerTls {
    /// The certificate that the handshake line announces.
    pub(super) certificate: CertificateDer<'static>,
    pub(super) acceptor: TlsAcceptor,
}

impl ServerTls {
    /// Creates a certificate, and an acceptor that accepts only clients with the private key of a certificate in
    /// `client_pem`.
    pub(super) fn trusting(client_pem: &str) -> Result<Self, Error> {
        let client = PinnedClient::parse(client_pem)?;
        let (certificate, key) = self_signed()?;
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()?
                .with_client_cert_verifier(Arc::new(client))
                .with_single_cert(vec![certificate.clone()], key)?;
        // gRPC clients require ALPN.
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self {
            certificate,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }
}

fn self_signed() -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), Error> {
    let now = SystemTime::now();
    let mut params = CertificateParams::new(["localhost".to_owned()])?;
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = (now - BACKDATE).into();
    params.not_after = (now + VALIDITY).into();
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let certificate = params.self_signed(&key)?;
    Ok((
        certificate.der().clone(),
        PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
    ))
}

/// Accepts only the certificates in `PLUGIN_CLIENT_CERT`.
///
/// Terraform's certificate is self-signed and marked as a certificate authority, so ordinary path validation refuses it
/// for a client. Path validation is not necessary because the exact certificate is known. The signature in the TLS
/// handshake proves that the client has the private key.
#[derive(Debug)]
struct PinnedClient {
    certificates: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl PinnedClient {
    fn parse(pem: &str) -> Result<Self, Error> {
        let certificates = CertificateDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::ClientCertificate(error.to_string()))?;
        if certificates.is_empty() {
            return Err(Error::ClientCertificate(
                "it contains no certificate".to_owned(),
            ));
        }
        Ok(Self {
            certificates,
            algorithms: aws_lc_rs::default_provider().signature_verification_algorithms,
        })
    }
}

impl ClientCertVerifier for PinnedClient {
    /// Returns no names. If there were any, a Go client would send its certificate only if they included its issuer.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if self.certificates.contains(end_entity) {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
