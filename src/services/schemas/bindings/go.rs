//! Types for Go 1: a structure for each class, with the names of JSON in tags.

use std::fmt::Write;

use serde_json::Value;

use super::File;
use super::classes::{Class, Kind};
use super::names::{self, Unique};

/// Keywords. Those are in lower case, as packages are.
pub(super) const RESERVED: [&str; 25] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

pub(super) fn files(package: &str, classes: &[Class]) -> Vec<File> {
    let mut text = format!("package {package}\n\n");
    let fields = || classes.iter().flat_map(|class| &class.fields);
    if fields().any(|field| has_moments(&field.kind)) {
        text += "import \"time\"\n\n";
    }
    // Writing to a string cannot fail.
    for class in classes {
        let _ = writeln!(text, "type {} struct {{", class.name);
        let mut unique = Unique::default();
        for field in &class.fields {
            let name = unique.add(&names::camel(&field.name));
            let omitted = if field.is_required { "" } else { ",omitempty" };
            let tag = Value::from(format!("{}{omitted}", field.name));
            let tag = Value::from(format!("json:{tag}"));
            let _ = writeln!(text, "\t{name} {} {tag}", written(&field.kind));
        }
        text += "}\n\n";
    }
    vec![File {
        path: format!("schema/{package}/types.go"),
        text,
    }]
}

fn has_moments(kind: &Kind) -> bool {
    match kind {
        Kind::DateTime => true,
        Kind::List(element) => has_moments(element),
        _ => false,
    }
}

/// Classes are pointers: one may hold itself.
fn written(kind: &Kind) -> String {
    match kind {
        Kind::Any => "interface{}".to_owned(),
        Kind::Boolean => "bool".to_owned(),
        Kind::Integer => "int64".to_owned(),
        Kind::Number => "float64".to_owned(),
        Kind::Text => "string".to_owned(),
        Kind::DateTime => "time.Time".to_owned(),
        Kind::List(element) => format!("[]{}", written(element)),
        Kind::Class(name) => format!("*{name}"),
    }
}
