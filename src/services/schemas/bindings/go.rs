//! Types for Go 1: a structure for each class, with the names of JSON in tags.

use std::fmt::Write;

use serde_json::Value;

use super::File;
use super::classes::{Class, Field, Kind};
use super::names::{self, Unique};

/// No names of packages: keywords, the package of a program, and folders that mean something else to Go.
pub(super) const PACKAGES: [&str; 29] = [
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
    "internal",
    "main",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "testdata",
    "type",
    "var",
    "vendor",
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
            let _ = writeln!(text, "\t{name} {} {}", written(&field.kind), tag(field));
        }
        text += "}\n\n";
    }
    vec![File {
        path: format!("schema/{package}/types.go"),
        text,
    }]
}

/// What encoding/json calls the field: a text within a text. Alone, `-` would mean that it leaves the field out; a byte
/// order mark may stand nowhere in a source file.
fn tag(field: &Field) -> String {
    let options = match (field.is_required, &*field.name) {
        (false, _) => ",omitempty",
        (true, "-") => ",",
        (true, _) => "",
    };
    let name = Value::from(format!("{}{options}", field.name));
    let tag = Value::from(format!("json:{name}")).to_string();
    tag.replace('\u{feff}', "\\ufeff")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(name: &str, is_required: bool) -> String {
        let field = Field {
            name: name.to_owned(),
            kind: Kind::Text,
            is_required,
        };
        let class = Class {
            name: "A".to_owned(),
            fields: vec![field],
        };
        let text = files("p", &[class]).remove(0).text;
        let line = text.lines().find(|line| line.starts_with('\t')).unwrap();
        line.splitn(3, ' ').last().unwrap().to_owned()
    }

    #[test]
    fn tags_name_members_as_json_does() {
        assert_eq!(tag("id", true), r#""json:\"id\"""#);
        assert_eq!(tag("id", false), r#""json:\"id,omitempty\"""#);
        // Alone it would mean that the field is no member.
        assert_eq!(tag("-", true), r#""json:\"-,\"""#);
        // A source file has none but at its start.
        assert_eq!(tag("\u{feff}", true), r#""json:\"\ufeff\"""#);
    }
}
