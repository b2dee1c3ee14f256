//! Types for Java 8: a file for each class, with getters and setters. Java's own types have their full names, since a schema
//! may have a class named `String`.

use std::fmt::Write;

use super::File;
use super::classes::{Class, Kind};
use super::names::{self, Unique};

/// No names of packages and fields.
pub(super) const KEYWORDS: [&str; 53] = [
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
    "while",
];

pub(super) fn files(package: &str, classes: &[Class]) -> Vec<File> {
    let file = |class: &Class| File {
        path: format!("schema/{package}/{}.java", class.name),
        text: written_class(package, class),
    };
    classes.iter().map(file).collect()
}

fn written_class(package: &str, class: &Class) -> String {
    let mut text = format!(
        "package schema.{package};\n\npublic class {} {{\n",
        class.name
    );
    let mut unique = Unique::default();
    let field = |name: &str| unique.add(&names::snake(name, &KEYWORDS));
    let names: Vec<_> = class.fields.iter().map(|it| &*it.name).map(field).collect();
    // Writing to a string cannot fail.
    for (name, field) in names.iter().zip(&class.fields) {
        let _ = writeln!(text, "    private {} {name};", written(&field.kind));
    }
    let mut accessors = Unique::default();
    // Every object has a method `getClass` already.
    accessors.add("Class");
    for (name, field) in names.iter().zip(&class.fields) {
        let kind = written(&field.kind);
        let accessor = accessors.add(&names::camel(name));
        let _ = write!(
            text,
            "\n    public {kind} get{accessor}() {{\n        return this.{name};\n    }}\n\n    \
             public void set{accessor}({kind} value) {{\n        this.{name} = value;\n    }}\n"
        );
    }
    text += "}\n";
    text
}

fn written(kind: &Kind) -> String {
    match kind {
        Kind::Any => "java.lang.Object".to_owned(),
        Kind::Boolean => "java.lang.Boolean".to_owned(),
        Kind::Integer => "java.lang.Long".to_owned(),
        Kind::Number => "java.lang.Double".to_owned(),
        Kind::Text => "java.lang.String".to_owned(),
        Kind::DateTime => "java.time.OffsetDateTime".to_owned(),
        Kind::List(element) => format!("java.util.List<{}>", written(element)),
        Kind::Class(name) => name.clone(),
    }
}
