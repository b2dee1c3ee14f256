//! Required members: AWS names all that are absent in one error.

use crate::services::sns::error::Error;

/// The members that were found absent.
#[derive(Debug, Default)]
pub(super) struct Required {
    missing: Vec<String>,
}

impl Required {
    /// The member at `path`; its default until [`check`](Self::check) refuses the request.
    pub(super) fn member<T: Default>(&mut self, path: impl Into<String>, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.missing.push(path.into());
            T::default()
        })
    }

    /// The list at `path`. SDKs send an empty one as an empty value, which AWS takes for none.
    pub(super) fn list<T>(&mut self, path: impl Into<String>, value: Option<Vec<T>>) -> Vec<T> {
        self.member(path, value.filter(|list| !list.is_empty()))
    }

    /// Refuses a request that lacks a member.
    pub(super) fn check(self) -> Result<(), Error> {
        if self.missing.is_empty() {
            Ok(())
        } else {
            Err(Error::MembersMissing(self.missing))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_absent_members_are_named() {
        let mut required = Required::default();
        assert_eq!(required.member("topicArn", Some(String::new())), "");
        assert_eq!(required.member("label", None::<String>), "");
        assert_eq!(
            required.list("actionName", Some(Vec::<String>::new())),
            [""; 0]
        );
        let missing = vec!["label".to_owned(), "actionName".to_owned()];
        assert_eq!(required.check(), Err(Error::MembersMissing(missing)));
    }

    #[test]
    fn nothing_absent_is_no_error() {
        let mut required = Required::default();
        assert_eq!(required.list("tagKeys", Some(vec![1])), [1]);
        assert_eq!(required.check(), Ok(()));
    }
}
