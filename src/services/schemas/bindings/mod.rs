//! Code bindings: a schema's objects as types of a programming language, in a zip archive. Pure.
//!
//! In reading order: `classes` reads the objects from a schema, `names` makes identifiers; `python`, `java`, `typescript`
//! and `go` write them, each as a few files; `zip` is the archive. The types hold data and nothing else: AWS's come with code
//! that reads and writes JSON.

mod classes;
mod go;
mod java;
mod names;
mod python;
mod typescript;
mod zip;

use serde_json::Value;

/// A programming language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    Java8,
    Python36,
    TypeScript3,
    Go1,
}

/// A file of an archive.
#[derive(Debug, PartialEq, Eq)]
struct File {
    path: String,
    text: String,
}

impl Language {
    /// The language of this name, which the model's constraints have let through.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "Java8" => Self::Java8,
            "Python36" => Self::Python36,
            "TypeScript3" => Self::TypeScript3,
            _ => Self::Go1,
        }
    }

    /// The archive with the types of a schema of this name and content.
    pub(super) fn source(self, schema: &str, content: &str) -> Vec<u8> {
        zip::archive(&self.files(schema, content))
    }

    /// The words that no package can have as its name.
    fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Java8 => &java::KEYWORDS,
            Self::Python36 => &python::RESERVED,
            Self::TypeScript3 => &[],
            Self::Go1 => &go::PACKAGES,
        }
    }

    fn files(self, schema: &str, content: &str) -> Vec<File> {
        let content: Value = serde_json::from_str(content).unwrap_or_default();
        let package = names::package(schema, self.keywords());
        let classes = classes::read(&content);
        match self {
            Self::Java8 => java::files(&package, &classes),
            Self::Python36 => python::files(&package, &classes),
            Self::TypeScript3 => typescript::files(&package, &classes),
            Self::Go1 => go::files(&package, &classes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes each language's files into the folder that `TOPIQ_BINDINGS` names, for its compiler; without it, the files
    /// have to be there and to differ from each other.
    #[test]
    fn each_language_has_its_files() {
        let content = include_str!("testing.json");
        for (language, end) in [
            (Language::Java8, ".java"),
            (Language::Python36, ".py"),
            (Language::TypeScript3, ".ts"),
            (Language::Go1, ".go"),
        ] {
            let files = language.files("shop.orders@Order-Placed", content);
            assert!(!files.is_empty(), "{language:?}");
            for file in &files {
                assert!(file.path.ends_with(end), "{}", file.path);
                assert!(
                    file.path.starts_with("schema/shop_orders_order_placed/"),
                    "{}",
                    file.path
                );
                if let Some(folder) = std::env::var_os("TOPIQ_BINDINGS") {
                    let path = std::path::Path::new(&folder).join(&file.path);
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    std::fs::write(path, &file.text).unwrap();
                }
            }
        }
    }

    #[test]
    fn packages_are_no_keywords() {
        let package = |language: Language, schema: &str| {
            let files = language.files(schema, include_str!("testing.json"));
            files[0].path.split('/').nth(1).unwrap().to_owned()
        };
        assert_eq!(package(Language::Java8, "class"), "class_");
        assert_eq!(package(Language::Java8, "func"), "func");
        assert_eq!(package(Language::Python36, "Class"), "class_");
        assert_eq!(package(Language::Go1, "func"), "func_");
        assert_eq!(package(Language::Go1, "main"), "main_");
        assert_eq!(package(Language::TypeScript3, "class"), "class");
    }

    #[test]
    fn contents_that_are_no_schema_make_no_types() {
        for content in ["", "[]", "{}", r#"{"components":{"schemas":[1]}}"#] {
            for language in [Language::Java8, Language::Go1] {
                let files = language.files("s", content);
                assert!(files.iter().all(|file| !file.text.contains("class ")));
            }
        }
    }
}
