//! The templates of nested stacks: a file that the parent names by its path, as `sam build` leaves it, or an asset of
//! `cdk synth`, which the parent names by a hash.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::super::error::InitError;
use super::super::library::{Child, Library, texts};
use super::super::template::NESTED_STACKS;
use super::{entries, read_file};
use crate::document::{Node, Value};

/// The length of an asset's hash: SHA-256 in hexadecimal digits.
const HASH_LENGTH: usize = 64;

/// The extensions of templates: a name with one of these is meant as a file.
const TEMPLATES: [&str; 4] = ["yaml", "yml", "json", "template"];

/// The assets that a folder's `*.assets.json` list.
#[derive(Debug, Deserialize)]
struct Assets {
    #[serde(default)]
    files: HashMap<String, Asset>,
}

#[derive(Debug, Deserialize)]
struct Asset {
    source: Source,
}

#[derive(Debug, Default, Deserialize)]
struct Source {
    path: Option<String>,
}

/// Reads nested templates, each once.
pub(in crate::init) struct Reader<'p> {
    parse: &'p dyn Fn(&super::File) -> Result<Node, InitError>,
    known: HashMap<PathBuf, Arc<Child>>,
    /// Assets by folder and hash.
    assets: HashMap<PathBuf, HashMap<String, PathBuf>>,
    found: BTreeMap<(String, String), Arc<Child>>,
    /// Sentences about templates that are not there.
    pub(in crate::init) warnings: Vec<String>,
    pub(in crate::init) errors: Vec<InitError>,
}

impl<'p> Reader<'p> {
    pub(in crate::init) fn new(parse: &'p dyn Fn(&super::File) -> Result<Node, InitError>) -> Self {
        Self {
            parse,
            known: HashMap::new(),
            assets: HashMap::new(),
            found: BTreeMap::new(),
            warnings: Vec::new(),
            errors: Vec::new(),
        }
    }

    pub(in crate::init) fn library(&mut self) -> Library {
        Library::new(std::mem::take(&mut self.found))
    }

    /// Reads the templates that a template names, and those that they name.
    pub(in crate::init) fn read(&mut self, file: &str, root: &Node) {
        let mut waiting: Vec<Arc<Child>> = self.named(file, root);
        while let Some(child) = waiting.pop() {
            waiting.extend(self.named(&child.file, &child.root));
        }
    }

    /// The templates that a template names and that were not read before.
    fn named(&mut self, file: &str, root: &Node) -> Vec<Arc<Child>> {
        let mut locations = Vec::new();
        if let Some(resources) = root.get("Resources") {
            collect_locations(resources, &mut locations);
        }
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        let mut new = Vec::new();
        for location in locations {
            let texts = texts(location);
            let Some((text, path)) = texts.iter().find_map(|text| {
                let path = self.path(folder, text)?;
                Some(((*text).to_owned(), path))
            }) else {
                if let Value::Text(text) = &location.value
                    && is_path(text)
                {
                    let line = location.line;
                    self.warnings.push(format!(
                        "{file}:{line}: the nested stack's template {text} is not there"
                    ));
                }
                continue;
            };
            let child = match self.known.get(&path) {
                Some(child) => child.clone(),
                None => match self.parsed(&path) {
                    Ok(child) => {
                        let child = Arc::new(child);
                        self.known.insert(path, child.clone());
                        new.push(child.clone());
                        child
                    }
                    Err(error) => {
                        self.errors.push(error);
                        continue;
                    }
                },
            };
            self.found.insert((file.to_owned(), text), child);
        }
        new
    }

    fn parsed(&self, path: &Path) -> Result<Child, InitError> {
        let file = read_file(path)?;
        Ok(Child {
            root: (self.parse)(&file)?,
            file: file.name,
        })
    }

    /// The file that a text names.
    fn path(&mut self, folder: &Path, text: &str) -> Option<PathBuf> {
        if let Some(hash) = hash(text) {
            let assets = self
                .assets
                .entry(folder.to_owned())
                .or_insert_with(|| assets(folder));
            return assets.get(hash).cloned();
        }
        let path = folder.join(text);
        (is_path(text) && path.is_file()).then_some(path)
    }
}

fn is_path(text: &str) -> bool {
    let ending = Path::new(text)
        .extension()
        .and_then(|ending| ending.to_str());
    !text.contains("://") && ending.is_some_and(|ending| TEMPLATES.contains(&ending))
}

/// The hash in an asset's URL, `https://…/HASH.json`.
fn hash(text: &str) -> Option<&str> {
    let mut words = text.split(|c: char| !c.is_ascii_hexdigit());
    words.find(|word| word.len() == HASH_LENGTH)
}

/// The assets of an assembly by hash. Files that cannot be read as lists of assets have none.
fn assets(folder: &Path) -> HashMap<String, PathBuf> {
    let lists = entries(folder).unwrap_or_default().into_iter();
    let lists = lists.filter(|path| path.to_string_lossy().ends_with(".assets.json"));
    let read = |path: PathBuf| -> Option<Assets> {
        let text = std::fs::read_to_string(path).ok()?;
        serde_json::from_str(&text).ok()
    };
    let files = lists.filter_map(read).flat_map(|assets| assets.files);
    files
        .filter_map(|(hash, asset)| Some((hash, folder.join(asset.source.path?))))
        .collect()
}

fn collect_locations<'n>(node: &'n Node, locations: &mut Vec<&'n Node>) {
    match &node.value {
        Value::Map(entries) => {
            if let Some(location) = location(node) {
                locations.push(location);
                return;
            }
            for (_, item) in entries {
                collect_locations(item, locations);
            }
        }
        Value::List(items) => {
            for item in items {
                collect_locations(item, locations);
            }
        }
        _ => {}
    }
}

/// Where the template of a resource is, if that is a nested stack.
fn location(resource: &Node) -> Option<&Node> {
    let Value::Text(kind) = &resource.get("Type")?.value else {
        return None;
    };
    let (_, property) = NESTED_STACKS.iter().find(|(name, _)| name == kind)?;
    resource.get("Properties")?.get(property)
}
