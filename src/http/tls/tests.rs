//! Files of certificates and keys, and how many certificates are kept ready.

use std::fs;
use std::path::Path;

use super::*;

fn hosts() -> Arc<Hosts> {
    Arc::new(Hosts::new(&["*.corp.example".to_owned()], None, |name| {
        name == "sqs.us-east-1.amazonaws.com"
    }))
}

/// A folder of this test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("topiq-tls-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn refused(certificate: &Certificate) -> String {
    Credentials::load(certificate).unwrap_err().to_string()
}

fn files(certificate: &Path, key: &Path) -> Certificate {
    Certificate::Files {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
    }
}

#[test]
fn certificates_and_keys_are_read_from_files() {
    let folder = Folder::new("files");
    let authority = Authority::new().unwrap();
    let certificate = folder.file("cert.pem", authority.pem());
    let key = folder.file("key.pem", &authority.key_pem());
    let credentials = Credentials::load(&files(&certificate, &key)).unwrap();
    assert!(matches!(credentials.0, Source::Given(_)));
    // One file may hold both.
    let both = folder.file("both.pem", &(authority.key_pem() + authority.pem()));
    assert!(Credentials::load(&files(&both, &both)).is_ok());
}

#[test]
fn errors_name_the_file() {
    let folder = Folder::new("errors");
    let (one, other) = (Authority::new().unwrap(), Authority::new().unwrap());
    let certificate = folder.file("cert.pem", one.pem());
    let key = folder.file("key.pem", &one.key_pem());
    let foreign_key = folder.file("foreign-key.pem", &other.key_pem());
    let broken = folder.file(
        "broken.pem",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    );
    let missing = folder.0.join("missing.pem");
    for (certificate, key, expected) in [
        (&missing, &key, "cannot read MISSING: No such file"),
        (&certificate, &missing, "cannot read MISSING: No such file"),
        (
            &key,
            &key,
            "there is no certificate in KEY: it must be in PEM",
        ),
        (
            &certificate,
            &certificate,
            "there is no private key in CERT: it must be in PEM",
        ),
        (&broken, &key, "the certificate in BROKEN cannot be read: "),
        (
            &certificate,
            &foreign_key,
            "the certificate in CERT and the key in FOREIGN cannot be used together: ",
        ),
    ] {
        let names = [
            ("MISSING", &missing),
            ("KEY", key),
            ("CERT", certificate),
            ("BROKEN", &broken),
            ("FOREIGN", &foreign_key),
        ];
        let expected = names
            .iter()
            .fold(expected.to_owned(), |text, (name, path)| {
                text.replace(name, &path.display().to_string())
            });
        let message = refused(&files(certificate, key));
        assert!(message.starts_with(&expected), "{message}");
    }
}

#[test]
fn authority_is_kept_in_its_folder() {
    let folder = Folder::new("kept");
    let kept = Certificate::KeptIn(folder.0.join("new"));
    let pem = |credentials: Credentials| match credentials.0 {
        Source::Made(authority) => authority.pem().to_owned(),
        Source::Given(_) => panic!("made"),
    };
    let first = pem(Credentials::load(&kept).unwrap());
    let second = pem(Credentials::load(&kept).unwrap());
    assert_eq!(first, second);
    let written = fs::read_to_string(folder.0.join("new/ca.pem")).unwrap();
    assert_eq!(first, written);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |file: &str| {
            fs::metadata(folder.0.join(file))
                .unwrap()
                .permissions()
                .mode()
        };
        assert_eq!(mode("new/ca-key.pem") & 0o777, 0o600);
        // Other containers take it from a shared volume. The machine's mask may take away more.
        assert_eq!(mode("new/ca.pem") & 0o400, 0o400);
        assert_eq!(mode("new/ca.pem") & 0o111, 0);
    }
}

#[test]
fn foreign_authority_in_the_folder_is_refused() {
    let folder = Folder::new("foreign");
    let kept = Certificate::KeptIn(folder.0.clone());
    folder.file("ca.pem", Authority::new().unwrap().pem());
    assert!(refused(&kept).starts_with("cannot read "), "no key");
    folder.file("ca-key.pem", &Authority::new().unwrap().key_pem());
    let message = refused(&kept);
    assert!(message.contains("remove both"), "{message}");
    let blocked = folder.file("file", "");
    let message = refused(&Certificate::KeptIn(blocked.join("below")));
    assert!(message.starts_with("cannot make "), "{message}");
}

#[test]
fn certificates_stay_ready_up_to_a_bound() {
    let credentials = Credentials::load(&Certificate::Made).unwrap();
    let tls = Tls::new(credentials, hosts());
    let ask = |name: &str| tls.config(Some(name), [127, 0, 0, 1].into()).unwrap();
    let first = ask("first");
    assert!(Arc::ptr_eq(&first, &ask("FIRST")));
    for number in 1..=NAMES {
        ask(&format!("name-{number}"));
        assert!(tls.ready.lock().len() <= NAMES);
    }
    assert!(!Arc::ptr_eq(&first, &ask("first")));
}

#[test]
fn names_are_the_own_one_the_usual_ones_and_the_users() {
    let credentials = Credentials::load(&Certificate::Made).unwrap();
    let tls = Tls::new(credentials, hosts());
    let usual = [
        "localhost",
        "*.localhost",
        "127.0.0.1",
        "::1",
        "*.corp.example",
    ];
    let names = tls.names(&Name::Dns("topiq".to_owned()));
    assert_eq!(names, [&["topiq"], &usual[..]].concat());
    assert_eq!(tls.names(&Name::Dns("localhost".to_owned())), usual);
    let names = tls.names(&Name::Address([172, 17, 0, 2].into()));
    assert_eq!(names[0], "172.17.0.2");
}
