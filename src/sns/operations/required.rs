//! What actions share whose model requires members: AWS names all that are absent at once, before it looks at any.

use crate::sns::error::Error;

/// The required members that a call leaves out.
#[derive(Debug, Default)]
pub(super) struct Missing(Vec<String>);

impl Missing {
    /// The member's value. Where it is absent its path, in lower camel case, is noted.
    pub(super) fn take<T: Default>(&mut self, path: &str, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.0.push(path.to_owned());
            T::default()
        })
    }

    /// Refuses the call if anything was absent.
    pub(super) fn check(self) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Error::MembersMissing(self.0))
    }
}
