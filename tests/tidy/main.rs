//! What no lint can check: who imports whom ([`layers`], over the [`paths`] that sources name), that each module says what
//! it is for, and that each operation has its wire cases and its row in the README.

mod layers;
mod paths;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use topiq::services::sns::Sns;
use topiq::services::sqs::Sqs;
use topiq::services::sts::Sts;

/// Every service with its operations.
const SERVICES: [(&str, &[&str]); 3] = [
    ("sqs", Sqs::OPERATIONS),
    ("sns", Sns::OPERATIONS),
    ("sts", Sts::OPERATIONS),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, with its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a readable source");
                files.push((path, text));
            }
        }
    }
    assert!(!files.is_empty(), "no sources in {folder}");
    files
}

#[test]
fn every_module_opens_with_what_it_is_for() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        assert!(text.starts_with("//! "), "{}", path.display());
    }
}

#[test]
fn the_operations_are_the_models() {
    let model: serde_json::Value =
        serde_json::from_str(include_str!("fixtures/sqs-query-wire.json")).unwrap();
    let model: BTreeSet<_> = model["operations"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        Sqs::OPERATIONS.iter().copied().collect::<BTreeSet<_>>(),
        model
    );
    assert_eq!(Sqs::OPERATIONS.len(), 23);
}

/// botocore's model has 42.
#[test]
fn sns_is_whole() {
    assert_eq!(Sns::OPERATIONS.len(), 42);
}

#[test]
fn every_operation_has_wire_cases_in_its_protocols() {
    for (service, operations) in SERVICES {
        for operation in operations {
            let folder = root()
                .join("tests/wire")
                .join(service)
                .join(snake_case(operation));
            let files =
                fs::read_dir(&folder).unwrap_or_else(|_| panic!("no cases: {}", folder.display()));
            let cases: String = files
                .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
                .collect();
            if service == "sqs" {
                assert!(
                    cases.contains(&format!("\nX-Amz-Target: AmazonSQS.{operation}\n")),
                    "{operation} in JSON"
                );
            }
            assert!(
                cases.contains(&format!("\nAction={operation}")),
                "{operation} in Query"
            );
        }
    }
}

#[test]
fn every_folder_of_wire_cases_is_of_an_operation() {
    for (service, operations) in SERVICES {
        let known: BTreeSet<_> = operations
            .iter()
            .map(|name| snake_case(name))
            .chain(["protocol".to_owned()])
            .collect();
        for folder in fs::read_dir(root().join("tests/wire").join(service)).unwrap() {
            let name = folder.unwrap().file_name().into_string().unwrap();
            assert!(known.contains(&name), "{service}: {name}");
        }
    }
}

#[test]
fn every_operation_has_its_row_in_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for operation in Sqs::OPERATIONS.iter().chain(Sns::OPERATIONS) {
        let is_row = |line: &str| line.starts_with(&format!("| {operation} |"));
        assert!(readme.lines().any(is_row), "no row for {operation}");
    }
    for operation in Sts::OPERATIONS {
        assert!(readme.contains(operation), "no word of {operation}");
    }
}

/// `SendMessage` as the folder of its cases and the file of its code are called. `SMS` is one word.
fn snake_case(operation: &str) -> String {
    let mut name = String::new();
    let letters: Vec<_> = operation.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let is_lower = |at: usize| letters.get(at).is_some_and(char::is_ascii_lowercase);
        let begins_word = letter.is_uppercase() && at > 0 && (is_lower(at - 1) || is_lower(at + 1));
        if begins_word {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
