//! Data protection policies: kept and shown, never applied. Only standard topics have one.

use serde_json::{Map, Value};

use crate::aws::characters::ill_formed;
use crate::services::sns::error::Error;
use crate::services::sns::limits;
use crate::services::sns::topic_attributes::Kind;

/// The policy of this text, for a topic of this kind. The empty text removes it.
pub(super) fn check(kind: Kind, text: String) -> Result<Option<String>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let is_short = text.chars().count() <= limits::DATA_PROTECTION_POLICY_LENGTH;
    let is_document =
        serde_json::from_str::<Map<String, Value>>(&text).is_ok() && ill_formed(&text).is_none();
    if kind == Kind::Standard && is_short && is_document {
        Ok(Some(text))
    } else {
        Err(Error::invalid("DataProtectionPolicy"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_documents_of_standard_topics() {
        let standard = |text: String| check(Kind::Standard, text);
        let refused = Err(Error::invalid("DataProtectionPolicy"));
        let padded = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
        assert_eq!(standard(padded(30_720)), Ok(Some(padded(30_720))));
        assert_eq!(standard(padded(30_721)), refused);
        assert_eq!(standard(String::new()), Ok(None));
        assert_eq!(standard("[]".to_owned()), refused);
        assert_eq!(check(Kind::Fifo, "{}".to_owned()), refused);
    }
}
