//! The files that `--init` names.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::InitError;

/// The extensions of the files that are read from a directory.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// The file that marks a directory as output of `cdk synth`: templates, and files that deploy them.
const CLOUD_ASSEMBLY: &str = "cdk.out";

/// The standard input's name.
const STANDARD_INPUT: &str = "-";

/// A file's text.
#[derive(Debug)]
pub(super) struct File {
    /// As the user named it.
    pub(super) name: Arc<str>,
    pub(super) text: String,
}

/// Reads files, the standard input (`-`), and the files in directories, in the order of their names.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<File>, InitError> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            for path in listed(path)? {
                files.push(read_file(&path)?);
            }
        } else {
            files.push(read_file(path)?);
        }
    }
    Ok(files)
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, InitError> {
    let entries = std::fs::read_dir(folder).map_err(|reason| unreadable(folder, reason))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|reason| unreadable(folder, reason))?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| ENDINGS.contains(&ending)) && path.is_file() {
            paths.push(path);
        }
    }
    if folder.join(CLOUD_ASSEMBLY).is_file() {
        paths.retain(|path| is_stack(path));
    }
    if paths.is_empty() {
        return Err(InitError::NothingThere(folder.display().to_string()));
    }
    paths.sort_unstable();
    Ok(paths)
}

/// Whether a file of a cloud assembly is a stack's template. Nested stacks' templates are left out: only their parents know
/// the values of their parameters.
fn is_stack(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| {
        name.ends_with(".template.json") && !name.ends_with(".nested.template.json")
    })
}

fn read_file(path: &Path) -> Result<File, InitError> {
    let mut text = String::new();
    let read = if path == Path::new(STANDARD_INPUT) {
        io::stdin().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|read| text = read)
    };
    read.map_err(|reason| unreadable(path, reason))?;
    // Some editors start a file with a byte order mark.
    let text = text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text);
    Ok(File {
        name: path.display().to_string().into(),
        text,
    })
}

fn unreadable(path: &Path, reason: io::Error) -> InitError {
    InitError::Unreadable {
        file: path.display().to_string(),
        reason,
    }
}
