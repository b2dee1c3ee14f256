//! topiq's own certificate authority, and the certificates that it issues.

use std::time::Duration;

use memchr::memmem;
use pem_rfc7468::LineEnding;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, SanType, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::clock::{Clock, SystemClock};

/// Clients may run on machines whose clocks are behind, such as virtual machines for containers.
const BACKDATED: Duration = Duration::from_hours(24);

/// Apple's clients reject server certificates that are valid for longer than 825 days, whatever authority signed them.
const VALIDITY: Duration = Duration::from_hours(800 * 24);

/// A certificate authority made by topiq.
#[derive(Debug)]
pub(super) struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Makes a new one, in well under a millisecond.
    pub(super) fn new() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let params = params_of_authority(&key);
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            pem: pem("CERTIFICATE", certificate.der()),
            issuer: Issuer::new(params, key),
        })
    }

    /// The authority with this key, if this is its certificate. The certificate's contents follow from the key, so it
    /// need not be parsed.
    pub(super) fn kept(
        certificate: &CertificateDer<'_>,
        key: &PrivateKeyDer<'_>,
    ) -> Result<Self, rcgen::Error> {
        let key = KeyPair::try_from(key)?;
        let params = params_of_authority(&key);
        let says = |part: &[u8]| memmem::find(certificate, part).is_some();
        if !says(name_of_authority(&params, &key).as_bytes())
            || !says(&key.subject_public_key_info())
        {
            return Err(rcgen::Error::CouldNotParseCertificate);
        }
        Ok(Self {
            pem: pem("CERTIFICATE", certificate),
            issuer: Issuer::new(params, key),
        })
    }

    /// Its certificate, in PEM: what clients must trust.
    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    /// Its private key, in PEM.
    pub(super) fn key_pem(&self) -> String {
        pem("PRIVATE KEY", self.issuer.key().serialized_der())
    }

    /// Issues a certificate for these names and addresses, with its key.
    pub(super) fn certificate(
        &self,
        names: &[String],
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), rcgen::Error> {
        // Each certificate has its own key: the serial number, which must be unique, is derived from it.
        let key = KeyPair::generate()?;
        let certificate = self.sign(names, &key)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Ok((vec![certificate.der().clone()], key.into()))
    }

    fn sign(&self, names: &[String], key: &KeyPair) -> Result<Certificate, rcgen::Error> {
        let mut params = CertificateParams::default();
        params.subject_alt_names = names.iter().filter_map(|name| alternative(name)).collect();
        params.distinguished_name.push(DnType::CommonName, "topiq");
        // Clients compare it with their machine's time, whatever clock the services have.
        let now = Duration::from_secs(SystemClock::new().now().as_secs());
        let begin = date_time_ymd(1970, 1, 1) + now - BACKDATED;
        params.not_before = begin;
        params.not_after = begin + VALIDITY;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.signed_by(key, &self.issuer)
    }
}

/// What an authority's certificate contains. All of it but the key is constant, so it can be recreated from the key.
fn params_of_authority(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    let name = name_of_authority(&params, key);
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// With a mark from the key, as a machine may trust the authorities of several servers.
fn name_of_authority(params: &CertificateParams, key: &KeyPair) -> String {
    let id = params.key_identifier(key);
    let mark = id.iter().take(4).map(|byte| format!("{byte:02x}"));
    format!("topiq local authority {}", mark.collect::<String>())
}

/// A subject alternative name; `None` for a name that certificates cannot hold.
fn alternative(name: &str) -> Option<SanType> {
    match name.parse() {
        Ok(address) => Some(SanType::IpAddress(address)),
        Err(_) => Some(SanType::DnsName(name.try_into().ok()?)),
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    pem_rfc7468::encode_string(label, LineEnding::LF, der).expect("certificates and keys are small")
}
