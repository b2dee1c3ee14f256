//! Bodies that break careless codecs.

use aws_sdk_sqs::operation::send_message::SendMessageError;
use aws_sdk_sqs::types::MessageAttributeValue;
use topiq_compat_tests::{consume, receive_one, refusal, scenario, send};

const ODD: [&str; 12] = [
    "é€😀👩‍👩‍👧‍👦\u{10ffff}",
    "a\r\nb\rc\nd\te\r",
    "<a href=\"x\">&amp;&#13;'</a><![CDATA[ ]]>",
    "a=b&c=d+e%20f;g?h#i",
    "   ",
    "\n",
    "\n  x  \n",
    "{\"a\":\"\\u0000 \\n \\\\ \\\"\"}",
    "\t\n\r \u{d7ff}\u{e000}\u{fffd}",
    "\u{202e}abc\u{200f}",
    "\u{feff}x",
    "a\u{2028}b\u{2029}c\u{85}d",
];

#[tokio::test]
async fn odd_text_comes_back_as_sent() {
    scenario(async |world| {
        let url = world.queue().await;
        for text in ODD {
            let attribute = MessageAttributeValue::builder()
                .data_type("String")
                .string_value(text)
                .build()
                .unwrap();
            let call = world.sqs.send_message().queue_url(&url).message_body(text);
            call.message_attributes("same", attribute.clone())
                .send()
                .await
                .unwrap();
            let messages = consume(world, &url, 1).await;
            assert_eq!(messages[0].body(), Some(text));
            assert_eq!(messages[0].message_attributes().unwrap()["same"], attribute);
        }
    })
    .await;
}

#[tokio::test]
async fn control_characters_are_refused() {
    scenario(async |world| {
        let url = world.queue().await;
        for character in [
            '\0', '\u{1}', '\u{8}', '\u{b}', '\u{c}', '\u{1f}', '\u{fffe}', '\u{ffff}',
        ] {
            let call = world
                .sqs
                .send_message()
                .queue_url(&url)
                .message_body(format!("a{character}b"));
            let refused = refusal(call.send().await);
            assert!(
                matches!(refused.error, SendMessageError::InvalidMessageContents(_)),
                "{character:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn body_of_1_mib_passes() {
    scenario(async |world| {
        let url = world.queue().await;
        for text in [
            "x".repeat(1_048_576),
            "😀".repeat(262_144),
            "\r\n".repeat(524_288),
        ] {
            send(world, &url, &text).await;
            let messages = consume(world, &url, 1).await;
            assert!(messages[0].body() == Some(&text), "it comes back as sent");
        }
    })
    .await;
}

#[tokio::test]
async fn one_byte_more_is_refused() {
    scenario(async |world| {
        let url = world.queue().await;
        let call = world.sqs.send_message().queue_url(&url).message_body("x".repeat(1_048_577));
        let refused = refusal(call.send().await);
        assert_eq!((refused.code.as_str(), refused.status), ("InvalidParameterValue", 400));
        let words = "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.";
        assert_eq!(refused.message, words);
        send(world, &url, "good").await;
        assert_eq!(receive_one(world, &url).await.body(), Some("good"));
    })
    .await;
}
