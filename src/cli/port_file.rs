//! `--port-file`: the file that tells other programs the server's port, there only while the server is ready.

use std::io;
use std::path::{Path, PathBuf};
use std::{fs, process};

/// The file. It is removed when this is dropped, unless another server has written it since.
#[derive(Debug)]
pub(super) struct PortFile {
    path: PathBuf,
    text: String,
}

impl PortFile {
    /// The file at `path`, which an earlier server may have left: nobody must read its port. What is no regular file,
    /// such as a device or a link, is left alone: it would be replaced, not written to.
    pub(super) fn cleared(path: PathBuf) -> io::Result<Self> {
        if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
            return Err(failed(&path, &error));
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&path, &error)),
            _ => Ok(Self {
                path,
                text: String::new(),
            }),
        }
    }

    /// Writes the port and a line break. Who sees the file sees all of it.
    pub(super) fn write(&mut self, port: u16) -> io::Result<()> {
        self.text = format!("{port}\n");
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}", process::id()));
        let unfinished = self.path.with_file_name(name);
        let written = fs::write(&unfinished, &self.text);
        let written = written.and_then(|()| fs::rename(&unfinished, &self.path));
        written.map_err(|error| {
            let _ = fs::remove_file(&unfinished);
            failed(&self.path, &error)
        })
    }
}

impl Drop for PortFile {
    fn drop(&mut self) {
        if fs::read_to_string(&self.path).is_ok_and(|text| text == self.text) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> io::Error {
    let message = format!("cannot write --port-file {}: {error}", path.display());
    io::Error::new(error.kind(), message)
}
