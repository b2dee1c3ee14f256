//! Types for TypeScript 3: an interface for each class, whose members are named as in JSON.

use std::fmt::Write;

use serde_json::Value;

use super::File;
use super::classes::{Class, Kind};

pub(super) fn files(package: &str, classes: &[Class]) -> Vec<File> {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for class in classes {
        let _ = writeln!(text, "export interface {} {{", class.name);
        for field in &class.fields {
            let name = quoted(&field.name);
            let mark = if field.is_required { "" } else { "?" };
            let _ = writeln!(text, "    {name}{mark}: {};", written(&field.kind));
        }
        text += "}\n\n";
    }
    if classes.is_empty() {
        text += "export {};\n";
    }
    vec![File {
        path: format!("schema/{package}/types.ts"),
        text,
    }]
}

/// A text, without what TypeScript 3 takes for the end of a line and JSON does not.
fn quoted(name: &str) -> String {
    let text = Value::from(name).to_string();
    text.replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn written(kind: &Kind) -> String {
    match kind {
        Kind::Any => "any".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Integer | Kind::Number => "number".to_owned(),
        Kind::Text | Kind::DateTime => "string".to_owned(),
        Kind::List(element) => format!("{}[]", written(element)),
        Kind::Class(name) => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_on_their_line() {
        assert_eq!(quoted("a\u{2028}\u{2029}\"\n"), r#""a\u2028\u2029\"\n""#);
    }
}
