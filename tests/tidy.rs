//! What no lint can check: who imports whom, that each module says what it is for, and that each operation has its wire
//! cases and its row in the README.

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

/// The lines of code, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
}

/// Whether a line of code names a path such as `tokio` or `crate::wire`.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + path.len()..];
        let begins = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
        begins && (after.starts_with("::") || after.starts_with(';') || after.starts_with('{'))
    })
}

#[test]
fn cores_know_no_io_no_protocol_and_no_clock() {
    // Time and ids come in as arguments, what must happen elsewhere goes out as values: see the module's words.
    let forbidden = [
        "tokio",
        "hyper",
        "http",
        "serde_json",
        "tracing",
        "parking_lot",
        "std::sync::Mutex",
        "std::thread",
        "std::net",
        "std::fs",
        "std::time::Instant",
        "std::time::SystemTime",
        "crate::wire",
        "crate::http",
        "crate::server",
        "crate::config",
        "crate::services::sqs::error",
        "crate::services::sqs::operations",
        "crate::services::sqs::waiting",
        "crate::clock::Clock",
        "crate::sync",
    ];
    let cores = [
        "src/services/sqs/queue",
        "src/services/sns/topic",
        "src/pattern",
    ];
    for (path, text) in cores.into_iter().flat_map(sources) {
        for line in code(&text) {
            let named = forbidden.iter().find(|path| names(line, path));
            assert_eq!(named, None, "{}: {line}", path.display());
            // `use crate::clock::{Clock, …}` too.
            let is_clock = line.contains("crate::clock::")
                && line
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == "Clock");
            assert!(!is_clock, "{}: {line}", path.display());
        }
    }
}

#[test]
fn the_wire_knows_no_service_and_services_know_no_server() {
    let rules = [
        (
            "src/wire",
            &[
                "crate::services::sqs",
                "crate::services::sns",
                "crate::services::sts",
                "crate::server",
                "crate::http",
            ][..],
        ),
        (
            "src/aws",
            &[
                "crate::services::sqs",
                "crate::services::sns",
                "crate::services::sts",
                "crate::server",
                "crate::http",
                "crate::wire",
            ],
        ),
        (
            "src/admin",
            &[
                "crate::services::sqs",
                "crate::services::sts",
                "crate::server",
                "crate::http",
            ],
        ),
        (
            "src/http",
            &[
                "crate::services::sqs",
                "crate::services::sns",
                "crate::services::sts",
                "crate::server",
            ],
        ),
        (
            "src/services/sqs",
            &[
                "crate::services::sns",
                "crate::services::sts",
                "crate::server",
                "crate::http",
                "crate::config",
            ],
        ),
        (
            "src/services/sns",
            &[
                "crate::services::sqs",
                "crate::services::sts",
                "crate::server",
                "crate::http",
                "crate::config",
            ],
        ),
        (
            "src/services/sts",
            &[
                "crate::services::sqs",
                "crate::services::sns",
                "crate::server",
                "crate::http",
                "crate::config",
            ],
        ),
    ];
    for (folder, forbidden) in rules {
        for (path, text) in sources(folder) {
            for line in code(&text) {
                let named = forbidden.iter().find(|path| names(line, path));
                assert_eq!(named, None, "{}: {line}", path.display());
            }
        }
    }
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
