//! The examples of `docs/init.md`: topiq accepts each, and exports it again.

use std::fs;
use std::path::Path;

use super::harness::{export, started, started_with, state};

/// The blocks of YAML in the page.
fn examples() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/init.md");
    let page = fs::read_to_string(page).unwrap();
    let blocks = page.split("\n```yaml\n").skip(1);
    blocks
        .map(|block| block.split("\n```").next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_examples_are_whole_and_make_the_same() {
    let examples = examples();
    let [template, short, ..] = examples.as_slice() else {
        panic!("a template and a short file: {}", examples.len());
    };
    let of_template = started("docs-template.yaml", template).await;
    let of_short = started("docs-short.yaml", short).await;
    let held = state(&of_template).await;
    assert!(held.len() > 3 * 2 + 2 + 2, "{held:#?}");
    assert_eq!(state(&of_short).await, held);
    let exported = export(&of_short, "format=topiq").await;
    assert_eq!(
        code(&exported),
        code(short),
        "the page shows what topiq writes"
    );
}

/// The lines of a file that are no comments.
fn code(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_example_of_event_buses_is_what_topiq_writes() {
    let examples = examples();
    let [_, _, events] = examples.as_slice() else {
        panic!("three examples: {}", examples.len());
    };
    let secrets = [("CarrierConnectionApiKeyValue", "key")];
    let host = started_with("docs-events.yaml", events, &secrets).await;
    let exported = export(&host, "format=topiq").await;
    assert_eq!(code(&exported), code(events));
}
