//! TLS as in Terraform: a new certificate for every plugin, and trust only in the plugin's certificate.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P521_SHA512,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore};

/// A client certificate and its key.
#[derive(Debug)]
pub(crate) struct Identity {
    /// The value of `PLUGIN_CLIENT_CERT`.
    pub(crate) pem: String,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Returns a new certificate like Terraform's: P-521, self-signed, and a certificate authority.
    pub(crate) fn like_terraforms() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("a P-521 key");
        let certificate = like_terraforms().self_signed(&key).expect("a certificate");
        Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        }
    }

    /// Returns this certificate with a key that does not match.
    pub(crate) fn with_the_key_of(&self, other: &Self) -> Self {
        Self {
            pem: self.pem.clone(),
            certificate: self.certificate.clone(),
            key: other.key.clone_key(),
        }
    }
}

fn like_terraforms() -> CertificateParams {
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a valid name");
    params
        .distinguished_name
        .push(DnType::OrganizationName, "HashiCorp");
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::KeyAgreement,
        KeyUsagePurpose::KeyCertSign,
    ];
    params.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ClientAuth,
        ExtendedKeyUsagePurpose::ServerAuth,
    ];
    let now = SystemTime::now();
    params.not_before = (now - Duration::from_secs(30)).into();
    params.not_after = (now + Duration::from_hours(262_980)).into();
    params
}

/// Returns a client that trusts only `server` (DER) and presents `identity`, if any.
pub(crate) fn client(server: Vec<u8>, identity: Option<&Identity>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(server))
        .expect("the plugin's certificate");
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(roots);
    let mut config = match identity {
        Some(identity) => {
            let resolver = presenting(identity);
            builder.with_client_cert_resolver(resolver)
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

/// Presents the certificate without checking its key, for tests with a wrong key.
fn presenting(identity: &Identity) -> Arc<rustls::sign::SingleCertAndKey> {
    let key = aws_lc_rs::sign::any_supported_type(&identity.key).expect("a key that can sign");
    let chain = vec![identity.certificate.clone()];
    Arc::new(rustls::sign::CertifiedKey::new(chain, key).into())
}
