//! The output of `cdk synth`, a cloud assembly: its manifest names the templates of its stacks, the names that they are
//! deployed by, and the assemblies of its stages, which are folders within.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::super::error::InitError;
use super::{entries, unreadable};

/// The file that marks a directory as a cloud assembly. Copies of one may lack it, as many ignore lists name `cdk.out`.
const MARK: &str = "cdk.out";

const MANIFEST: &str = "manifest.json";

/// How deep stages may nest.
const MAX_DEPTH: usize = 8;

const TEMPLATE: &str = ".template.json";
const NESTED_TEMPLATE: &str = ".nested.template.json";

/// As far as topiq reads it.
#[derive(Debug, Deserialize)]
struct Manifest {
    #[serde(default)]
    artifacts: BTreeMap<String, Artifact>,
}

#[derive(Debug, Deserialize)]
struct Artifact {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    properties: Properties,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    /// A stack's template.
    template_file: Option<String>,
    /// The name that a stack is deployed by, where it is not the artifact's.
    stack_name: Option<String>,
    /// A stage's folder.
    directory_name: Option<String>,
}

pub(super) fn is_assembly(folder: &Path) -> bool {
    folder.join(MARK).is_file()
        || manifest(folder).is_ok_and(|manifest| !manifest.artifacts.is_empty())
}

/// The templates of an assembly and of its stages, each with its stack's name.
pub(super) fn stacks(folder: &Path) -> Result<Vec<(PathBuf, Option<String>)>, InitError> {
    let mut found = Vec::new();
    if folder.join(MANIFEST).is_file() {
        collect(folder, 0, &mut found)?;
    } else {
        // Somebody has copied the templates only.
        let paths = entries(folder)?.into_iter();
        found.extend(paths.filter(|path| is_stack(path)).map(|path| (path, None)));
    }
    if found.is_empty() {
        return Err(InitError::NoStack(folder.display().to_string()));
    }
    Ok(found)
}

fn collect(
    folder: &Path,
    depth: usize,
    found: &mut Vec<(PathBuf, Option<String>)>,
) -> Result<(), InitError> {
    for (name, artifact) in manifest(folder)?.artifacts {
        let properties = artifact.properties;
        match (artifact.kind.as_str(), properties) {
            (
                "aws:cloudformation:stack",
                Properties {
                    template_file: Some(template),
                    stack_name,
                    ..
                },
            ) => {
                let stack_name = stack_name.unwrap_or(name);
                found.push((folder.join(template), Some(stack_name)));
            }
            (
                "cdk:cloud-assembly",
                Properties {
                    directory_name: Some(stage),
                    ..
                },
            ) if depth < MAX_DEPTH => collect(&folder.join(stage), depth + 1, found)?,
            _ => {}
        }
    }
    Ok(())
}

fn manifest(folder: &Path) -> Result<Manifest, InitError> {
    let path = folder.join(MANIFEST);
    let text = std::fs::read_to_string(&path).map_err(|reason| unreadable(&path, reason))?;
    serde_json::from_str(&text).map_err(|error| InitError::Written {
        file: path.display().to_string().into(),
        line: error.line().max(1),
        sentence: format!("this is no manifest of a cloud assembly: {error}"),
    })
}

/// The name that a template in an assembly is deployed by, if its manifest says it.
pub(super) fn stack_name(template: &Path) -> Option<String> {
    let folder = template.parent()?;
    let file = template.file_name()?.to_str()?;
    if !file.ends_with(TEMPLATE) {
        return None;
    }
    let mut artifacts = manifest(folder).ok()?.artifacts.into_iter();
    artifacts.find_map(|(name, artifact)| {
        let is_its = artifact.properties.template_file.as_deref() == Some(file);
        is_its.then(|| artifact.properties.stack_name.unwrap_or(name))
    })
}

/// Whether a file is a stack's template. Nested stacks' templates are read where their parents name them.
fn is_stack(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.ends_with(TEMPLATE) && !name.ends_with(NESTED_TEMPLATE))
}
