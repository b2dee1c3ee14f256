//! Checks that no lint makes: which module imports which ([`layers`], over the [`paths`] that sources name), that each
//! module states its purpose, and that each operation has its wire cases and its row in the README.

mod layers;
mod paths;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use topiq::services::MODELS;
use topiq::services::schemas::Schemas;
use topiq::services::sns::Sns;
use topiq::services::sqs::Sqs;
use topiq::wire::rest_json::Route;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the folders in a folder.
fn folders(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let name = |path: PathBuf| Some(path.file_name()?.to_str()?.to_owned());
    paths
        .filter(|path| path.is_dir())
        .filter_map(name)
        .collect()
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
fn every_module_opens_with_its_purpose() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        assert!(text.starts_with("//! "), "{}", path.display());
    }
}

#[test]
fn the_operations_are_the_models() {
    let model: serde_json::Value =
        serde_json::from_str(include_str!("../fixtures/sqs-query-wire.json")).unwrap();
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

/// botocore's model has 31.
#[test]
fn the_schema_registry_has_all_operations() {
    assert_eq!(Schemas::OPERATIONS.len(), 31);
}

/// botocore's model has 42.
#[test]
fn sns_has_all_operations() {
    assert_eq!(Sns::OPERATIONS.len(), 42);
}

#[test]
fn every_operation_has_wire_cases_in_its_protocols() {
    for model in MODELS {
        for operation in model.operations {
            let folder = root()
                .join("tests/wire")
                .join(model.name)
                .join(snake_case(operation));
            let files =
                fs::read_dir(&folder).unwrap_or_else(|_| panic!("no cases: {}", folder.display()));
            let cases: String = files
                .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
                .collect();
            if let Some(json) = &model.protocols.json {
                let target = format!("\nX-Amz-Target: {}.{operation}\n", json.target_prefix);
                assert!(cases.contains(&target), "{operation} in JSON");
            }
            if model.protocols.query.is_some() {
                let action = format!("\nAction={operation}");
                assert!(cases.contains(&action), "{operation} in Query");
            }
            if let Some(rest) = &model.protocols.rest_json {
                let route = rest.routes.iter().find(|it| it.operation == *operation);
                let route = route.unwrap_or_else(|| panic!("no route: {operation}"));
                let is_asked = |line: &str| is_of(route, line);
                assert!(cases.lines().any(is_asked), "{operation} in REST JSON");
            }
        }
    }
}

/// Whether a line begins a request for the operation of a route.
fn is_of(route: &Route, line: &str) -> bool {
    let mut words = line.split(' ');
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default();
    method == Some(route.method) && route.labels(path).is_some()
}

#[test]
fn every_route_is_of_an_operation() {
    for model in MODELS {
        let routes = model.protocols.rest_json.map_or(&[][..], |it| it.routes);
        for route in routes {
            assert!(model.operations.contains(&route.operation), "{route:?}");
        }
    }
}

#[test]
fn every_folder_of_wire_cases_is_of_an_operation() {
    let services: BTreeSet<_> = MODELS.iter().map(|model| model.name.to_owned()).collect();
    assert_eq!(folders(&root().join("tests/wire")), services);
    for model in MODELS {
        let known: BTreeSet<_> = model
            .operations
            .iter()
            .map(|name| snake_case(name))
            .chain(["protocol".to_owned()])
            .collect();
        let cases = folders(&root().join("tests/wire").join(model.name));
        assert!(cases.is_subset(&known), "{}: {cases:?}", model.name);
    }
}

#[test]
fn every_service_is_a_folder() {
    let services: BTreeSet<_> = MODELS.iter().map(|model| model.name.to_owned()).collect();
    assert_eq!(folders(&root().join("src/services")), services);
}

/// A row of a table; for a service with few operations, a mention.
#[test]
fn every_operation_is_in_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for model in MODELS {
        for operation in model.operations {
            let is_row = |line: &str| line.starts_with(&format!("| {operation} |"));
            let is_mentioned = model.name == "sts" && readme.contains(operation);
            assert!(
                readme.lines().any(is_row) || is_mentioned,
                "no row for {operation}"
            );
        }
    }
}

/// The name of `SendMessage`'s folder of cases and of its source file. `SMS` is one word.
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
