//! Certificates and keys in files. Every error names its file.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::authority::Authority;

const CERTIFICATE: &str = "ca.pem";
const KEY: &str = "ca-key.pem";

/// The certificates of a PEM file: at least one.
pub(super) fn certificates(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let text = read(path)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let certificates = certificates.map_err(|error| broken(path, "certificate", &error))?;
    if certificates.is_empty() {
        return Err(broken(path, "certificate", &pem::Error::NoItemsFound));
    }
    Ok(certificates)
}

/// The first private key of a PEM file.
pub(super) fn private_key(path: &Path) -> io::Result<PrivateKeyDer<'static>> {
    let text = read(path)?;
    PrivateKeyDer::from_pem_slice(text.as_bytes())
        .map_err(|error| broken(path, "private key", &error))
}

/// The authority kept in `folder`; if there is none, a new one is made and kept there.
pub(super) fn kept_authority(folder: &Path) -> io::Result<Authority> {
    let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
    if !certificate.exists() && !key.exists() {
        let authority = Authority::new().map_err(io::Error::other)?;
        fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))?;
        // The key first: a certificate without it could not be used again.
        write(&key, &authority.key_pem(), Readers::Owner)?;
        write(&certificate, authority.pem(), Readers::Anybody)?;
        return Ok(authority);
    }
    let [kept, ..] = &*certificates(&certificate)? else {
        return Err(broken(
            &certificate,
            "certificate",
            &pem::Error::NoItemsFound,
        ));
    };
    Authority::kept(kept, &private_key(&key)?).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "{} and {} are not what topiq once wrote there: remove both, and it makes new ones",
                certificate.display(),
                key.display()
            ),
        )
    })
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| failed("read", path, &error))
}

/// Who may read a file, on systems with file permissions.
#[derive(Clone, Copy)]
enum Readers {
    Owner = 0o600,
    Anybody = 0o644,
}

/// Writes a file that must not exist yet.
fn write(path: &Path, text: &str, readers: Readers) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, readers as u32);
    #[cfg(not(unix))]
    let _ = readers;
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| failed("write", path, &error))
}

fn failed(what: &str, path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("cannot {what} {}: {error}", path.display()),
    )
}

fn broken(path: &Path, wanted: &str, error: &pem::Error) -> io::Error {
    let path = path.display();
    let message = match error {
        pem::Error::NoItemsFound => format!("there is no {wanted} in {path}: it must be in PEM"),
        error => format!("the {wanted} in {path} cannot be read: {error}"),
    };
    io::Error::new(io::ErrorKind::InvalidData, message)
}
