//! The text messages that phones get.

use crate::services::sns::message::Message;

/// The text for a phone; the `DisplayName` is the topic's, and empty where there is none.
pub(crate) fn text(message: &Message, display_name: &str) -> String {
    let text = message.text_for("sms");
    if display_name.is_empty() {
        return text.to_string();
    }
    format!("{}> {text}", display_name.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::super::testing::message;
    use super::*;

    #[test]
    fn the_display_name_stands_before_the_text_in_upper_case() {
        assert_eq!(text(&message("Hello"), "MyTopic"), "MYTOPIC> Hello");
        assert_eq!(text(&message("Hello"), ""), "Hello");
    }

    #[test]
    fn phones_may_have_a_text_of_their_own() {
        let message = Message {
            texts: [("sms".into(), "short".into())].into(),
            ..message("Hello")
        };
        assert_eq!(text(&message, "T"), "T> short");
    }
}
