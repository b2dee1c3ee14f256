//! The payloads for push services.

use serde_json::json;

use crate::services::sns::message::Message;

/// The payload for an endpoint of a platform (`APNS`, `GCM`, …): the message's own payload for that platform, or its
/// text wrapped in the platform's form.
pub(crate) fn payload(message: &Message, platform: &str) -> String {
    if let Some(payload) = message.texts.get(platform) {
        return payload.to_string();
    }
    let text = &*message.text;
    match platform {
        "APNS" | "APNS_SANDBOX" | "APNS_VOIP" | "APNS_VOIP_SANDBOX" | "MACOS" | "MACOS_SANDBOX" => {
            json!({"aps": {"alert": text}}).to_string()
        }
        "GCM" | "FCM" | "ADM" => json!({"data": {"default": text}}).to_string(),
        // How AWS wraps texts for the other platforms is not known.
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::message;
    use super::*;

    #[test]
    fn texts_are_wrapped_as_the_platform_has_it() {
        for (platform, expected) in [
            ("APNS", r#"{"aps":{"alert":"say \"hi\""}}"#),
            ("APNS_SANDBOX", r#"{"aps":{"alert":"say \"hi\""}}"#),
            ("GCM", r#"{"data":{"default":"say \"hi\""}}"#),
            ("ADM", r#"{"data":{"default":"say \"hi\""}}"#),
            ("WNS", "say \"hi\""),
        ] {
            assert_eq!(payload(&message("say \"hi\""), platform), expected);
        }
    }

    #[test]
    fn a_platforms_own_payload_is_left_as_it_is() {
        let own = r#"{ "aps" : {"badge": 1} }"#;
        let message = Message {
            texts: [("APNS".into(), own.into())].into(),
            ..message("Hello")
        };
        assert_eq!(payload(&message, "APNS"), own);
        assert_eq!(
            payload(&message, "APNS_SANDBOX"),
            r#"{"aps":{"alert":"Hello"}}"#
        );
    }
}
