//! The files that `--init` names. `assembly` reads the output of `cdk synth`, `nested` the templates of nested stacks.

mod assembly;
pub(super) mod nested;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::error::InitError;

/// The extensions of the files that are read from a directory.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// The standard input's name.
const STANDARD_INPUT: &str = "-";

/// A file's text.
#[derive(Debug)]
pub(super) struct File {
    /// As the user named it.
    pub(super) name: Arc<str>,
    pub(super) text: String,
    /// The name that the template is deployed by, if a manifest says it.
    pub(super) stack_name: Option<String>,
}

/// Reads files, the standard input (`-`), and the files in directories, in the order of their names.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<File>, InitError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(File {
                stack_name: assembly::stack_name(path),
                ..read_file(path)?
            });
        } else if assembly::is_assembly(path) {
            for (path, stack_name) in assembly::stacks(path)? {
                files.push(File {
                    stack_name,
                    ..read_file(&path)?
                });
            }
        } else {
            for path in listed(path)? {
                files.push(read_file(&path)?);
            }
        }
    }
    Ok(files)
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, InitError> {
    let mut paths = entries(folder)?;
    paths.retain(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ENDINGS.contains(&ending)) && path.is_file()
    });
    if paths.is_empty() {
        return Err(InitError::NothingThere(folder.display().to_string()));
    }
    Ok(paths)
}

/// What a folder has, in the order of the names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, InitError> {
    let entries = std::fs::read_dir(folder).map_err(|reason| unreadable(folder, reason))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|reason| unreadable(folder, reason))?.path());
    }
    paths.sort_unstable();
    Ok(paths)
}

fn read_file(path: &Path) -> Result<File, InitError> {
    let read = if path == Path::new(STANDARD_INPUT) {
        standard_input()
    } else {
        std::fs::read_to_string(path)
    };
    let text = read.map_err(|reason| unreadable(path, reason))?;
    // Some editors start a file with a byte order mark.
    let text = text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text);
    Ok(File {
        name: path.display().to_string().into(),
        text,
        stack_name: None,
    })
}

/// The standard input. It can be read only once, and a reset wants it again.
fn standard_input() -> io::Result<String> {
    static READ: Mutex<Option<String>> = Mutex::new(None);
    let mut read = READ.lock();
    if let Some(text) = &*read {
        return Ok(text.clone());
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(read.insert(text).clone())
}

fn unreadable(path: &Path, reason: io::Error) -> InitError {
    InitError::Unreadable {
        file: path.display().to_string(),
        reason,
    }
}
