//! Imports point down: which module may name which, by the order that `ARCHITECTURE.md` shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::paths::{Named, paths};
use crate::{folders, root, sources};

/// The pure modules: time and ids come in as arguments, and effects elsewhere go out as values.
const CORES: [&str; 6] = [
    "pattern",
    "schedule",
    "services::kinesis::stream",
    "services::logs::store",
    "services::sns::topic",
    "services::sqs::queue",
];

/// The modules that a core may name besides itself and other cores.
const OF_CORES: [&str; 3] = ["aws", "ids", "clock::Timestamp"];

/// The parts of other crates that a core may not name: I/O, tasks, locks, the machine's clock, protocols.
const NOT_OF_CORES: [&str; 12] = [
    "http",
    "hyper",
    "parking_lot",
    "serde_json",
    "std::fs",
    "std::net",
    "std::sync::Mutex",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "tokio",
    "tracing",
];

/// Modules above services, which see only what a service shows them.
const ABOVE_SERVICES: [&str; 4] = ["admin", "lint", "init", "export"];

/// The module of a service that it shows them.
const SHOWN: &str = "inspect";

/// The modules in their order, the highest first, and the services.
struct Layout {
    layers: Vec<String>,
    services: BTreeSet<String>,
    cores: Vec<&'static str>,
}

impl Layout {
    fn ours() -> Self {
        let is_folder = |core: &&str| root().join("src").join(core.replace("::", "/")).is_dir();
        Self {
            layers: layers(
                &fs::read_to_string(root().join("ARCHITECTURE.md")).expect("a readable document"),
            ),
            services: folders(&root().join("src/services")),
            cores: CORES.into_iter().filter(is_folder).collect(),
        }
    }

    /// Why a module may not name a path, if it may not.
    fn fault(&self, module: &[String], named: &Named) -> Option<String> {
        let (own, words) = (module.join("::"), &named.words);
        let fault = match words.split_first() {
            Some((first, path)) if first == "crate" => self
                .points_up(module, path)
                .or_else(|| self.crosses_services(module, path))
                .or_else(|| self.looks_into_a_service(module, path))
                .or_else(|| self.is_beyond_a_core(&own, path)),
            // A service's module that was imported: `sqs::attributes`.
            Some((first, _)) if self.services.contains(first) && module[0] != "services" => {
                let path: Vec<_> = ["services".to_owned()]
                    .into_iter()
                    .chain(words.clone())
                    .collect();
                self.looks_into_a_service(module, &path)
            }
            _ => {
                let is_core = self.cores.iter().any(|core| is_within(&own, core));
                let path = words.join("::");
                let is_forbidden = NOT_OF_CORES.iter().any(|one| is_within(&path, one));
                (is_core && is_forbidden).then(|| "is not for a core".to_owned())
            }
        };
        fault.map(|fault| format!("line {}: {} {fault}", named.line, words.join("::")))
    }

    fn points_up(&self, module: &[String], path: &[String]) -> Option<String> {
        let place = |name: &String| self.layers.iter().position(|layer| layer == name);
        let Some(to) = path.first().and_then(place) else {
            return Some("is in no layer".to_owned());
        };
        let Some(from) = place(&module[0]) else {
            return Some(format!("is named by {}, which is in no layer", module[0]));
        };
        (to < from).then(|| format!("is above {}", module[0]))
    }

    /// Only `services/mod.rs` names services, and no module within one names all of them.
    fn crosses_services(&self, module: &[String], path: &[String]) -> Option<String> {
        let [first, within, ..] = module else {
            return None;
        };
        if first != "services" || path[0] != *first {
            return None;
        }
        match path.get(1) {
            None => Some("is all services".to_owned()),
            Some(other) if self.services.contains(other) && other != within => {
                Some(format!("is another service than {within}"))
            }
            Some(_) => None,
        }
    }

    fn looks_into_a_service(&self, module: &[String], path: &[String]) -> Option<String> {
        let [services, service, inner, ..] = path else {
            return None;
        };
        let is_hidden = services == "services" && self.services.contains(service) && inner != SHOWN;
        let is_above = ABOVE_SERVICES.contains(&&*module[0]);
        (is_hidden && is_above).then(|| format!("is not in the {SHOWN} of {service}"))
    }

    fn is_beyond_a_core(&self, own: &str, path: &[String]) -> Option<String> {
        let core = self.cores.iter().find(|core| is_within(own, core))?;
        let path = path.join("::");
        let mut allowed = self.cores.iter().chain(&OF_CORES);
        let is_allowed = allowed.any(|allowed| is_within(&path, allowed));
        (!is_allowed).then(|| format!("is not for the core {core}"))
    }
}

fn is_within(path: &str, module: &str) -> bool {
    let rest = path.strip_prefix(module);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The first words of the lines in the fenced block under the heading "Layers".
fn layers(architecture: &str) -> Vec<String> {
    let (_, section) = architecture
        .split_once("\n## Layers\n")
        .expect("a section named Layers");
    let block = section.split("```").nth(1).expect("a fenced block");
    let lines = block
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    lines.map(str::to_owned).collect()
}

/// `src/http/tls/mod.rs` as `http`, `tls`; nothing of `src/lib.rs`.
fn module_of(path: &Path) -> Vec<String> {
    let path = path
        .strip_prefix(root().join("src"))
        .expect("a source")
        .with_extension("");
    let mut words: Vec<_> = path
        .iter()
        .map(|word| word.to_str().expect("a name in UTF-8").to_owned())
        .collect();
    if matches!(words.last().map(String::as_str), Some("mod" | "lib")) {
        words.pop();
    }
    words
}

#[test]
fn imports_point_down() {
    let layout = Layout::ours();
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        let module = module_of(&path);
        // The library's root names everything.
        if module.is_empty() {
            continue;
        }
        let named = paths(&text, &module);
        let found = named
            .iter()
            .filter_map(|named| layout.fault(&module, named));
        faults.extend(found.map(|fault| format!("{}: {fault}", path.display())));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_module_has_its_layer() {
    let layers: BTreeSet<_> = Layout::ours().layers.into_iter().collect();
    let modules = sources("src").into_iter().map(|(path, _)| module_of(&path));
    let modules: BTreeSet<_> = modules
        .filter_map(|module| module.first().cloned())
        .collect();
    assert_eq!(layers, modules, "the layers of ARCHITECTURE.md, and src/");
}

/// A made-up layout.
fn example() -> Layout {
    Layout {
        layers: layers(
            "# A\n\n## Layers\n\nWords.\n\n```\nadmin     words\nservices\nhttp\npattern\nwire\naws\nids\nclock\n```\n",
        ),
        services: ["sns", "sqs"].map(str::to_owned).into(),
        cores: vec!["pattern", "services::sqs::queue"],
    }
}

fn check(module: &str, text: &str, expected: &[&str]) {
    let layout = example();
    let module: Vec<_> = module.split("::").map(str::to_owned).collect();
    let named = paths(text, &module);
    let faults: Vec<_> = named
        .iter()
        .filter_map(|named| layout.fault(&module, named))
        .collect();
    assert_eq!(faults, expected, "{text}");
}

#[test]
fn import_that_points_up_is_found() {
    check(
        "wire",
        "use crate::aws::Arn;\nuse crate::wire::{xml, Call};",
        &[],
    );
    check(
        "wire",
        "use crate::aws::Arn;\n\nuse crate::{\n    clock::Clock,\n    http::{Body, tls},\n};",
        &[
            "line 5: crate::http::Body is above wire",
            "line 5: crate::http::tls is above wire",
        ],
    );
    check(
        "wire::xml",
        "use super::super::admin::A;",
        &["line 1: crate::admin::A is above wire"],
    );
    check(
        "wire",
        "fn f() { crate::http::serve() }",
        &["line 1: crate::http::serve is above wire"],
    );
    check(
        "wire",
        "mod tests {\n use super::super::http;\n}",
        &["line 2: crate::http is above wire"],
    );
    check(
        "wire",
        "use crate::attic::A;",
        &["line 1: crate::attic::A is in no layer"],
    );
    check(
        "attic",
        "use crate::aws::Arn;",
        &["line 1: crate::aws::Arn is named by attic, which is in no layer"],
    );
}

#[test]
fn service_that_names_another_is_found() {
    check(
        "services::sns",
        "use crate::services::{resource::Resource, sns::Sns};",
        &[],
    );
    check(
        "services",
        "use sqs::Sqs; use crate::services::sns::Sns;",
        &[],
    );
    for text in [
        "use crate::services::{sns::Sns, sqs::Sqs};",
        "use super::sqs::Sqs;",
    ] {
        let fault = "line 1: crate::services::sqs::Sqs is another service than sns";
        check("services::sns", text, &[fault]);
    }
    let fault = "line 1: crate::services::sqs::Sqs is another service than resource";
    check("services::resource", "use super::sqs::Sqs;", &[fault]);
    check(
        "services::sns",
        "use super::*;",
        &["line 1: crate::services is all services"],
    );
}

#[test]
fn look_into_a_service_is_found() {
    check(
        "admin",
        "use crate::services::sns::inspect::TOPIC; use crate::services::{Services, sqs};",
        &[],
    );
    check("admin", "sqs::inspect::QUEUE", &[]);
    check(
        "admin",
        "use crate::services::sns::topic::Topic;",
        &["line 1: crate::services::sns::topic::Topic is not in the inspect of sns"],
    );
    check(
        "admin",
        "sqs::limits::X",
        &["line 1: sqs::limits::X is not in the inspect of sqs"],
    );
}

#[test]
fn core_that_knows_more_than_it_may_is_found() {
    let core = "services::sqs::queue::store";
    check(
        core,
        "use crate::aws::Arn; use super::Queue; use crate::clock::Timestamp; use std::sync::Arc;",
        &[],
    );
    check(
        core,
        "use crate::clock::{Clock, Timestamp};\nuse crate::wire::Call;\nuse crate::services::sqs::error::Error;",
        &[
            "line 1: crate::clock::Clock is not for the core services::sqs::queue",
            "line 2: crate::wire::Call is not for the core services::sqs::queue",
            "line 3: crate::services::sqs::error::Error is not for the core services::sqs::queue",
        ],
    );
    check(
        core,
        "use std::{sync::{Arc, Mutex}, time::Duration};\nasync fn f() { tokio::task::yield_now().await }",
        &[
            "line 1: std::sync::Mutex is not for a core",
            "line 2: tokio::task::yield_now is not for a core",
        ],
    );
}
