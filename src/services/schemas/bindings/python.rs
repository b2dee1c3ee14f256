//! Types for Python 3.6: a class for each class, made by keyword arguments. Annotations are texts, so that classes can name
//! each other.

use std::fmt::Write;

use super::File;
use super::classes::{Class, Kind};
use super::names::{self, Unique};

/// Keywords in lower case, and the first parameter of methods.
pub(super) const RESERVED: [&str; 33] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "self", "try", "while", "with", "yield",
];

pub(super) fn files(package: &str, classes: &[Class]) -> Vec<File> {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for class in classes {
        let mut unique = Unique::default();
        let field = |name: &str| unique.add(&names::snake(name, &RESERVED));
        let names: Vec<_> = class.fields.iter().map(|it| &*it.name).map(field).collect();
        let _ = write!(text, "class {}:\n    def __init__(self", class.name);
        let separator = if names.is_empty() { "" } else { ", *" };
        text += separator;
        for (name, field) in names.iter().zip(&class.fields) {
            let default = if field.is_required { "" } else { " = None" };
            let _ = write!(text, ", {name}: '{}'{default}", written(&field.kind));
        }
        text += "):\n";
        for name in &names {
            let _ = writeln!(text, "        self.{name} = {name}");
        }
        if names.is_empty() {
            text += "        pass\n";
        }
        text += "\n\n";
    }
    vec![
        File {
            path: format!("schema/{package}/__init__.py"),
            text: String::new(),
        },
        File {
            path: format!("schema/{package}/types.py"),
            text,
        },
    ]
}

fn written(kind: &Kind) -> String {
    match kind {
        Kind::Any => "object".to_owned(),
        Kind::Boolean => "bool".to_owned(),
        Kind::Integer => "int".to_owned(),
        Kind::Number => "float".to_owned(),
        Kind::Text | Kind::DateTime => "str".to_owned(),
        Kind::List(_) => "list".to_owned(),
        Kind::Class(name) => name.clone(),
    }
}
