//! The cost of a request in either protocol, without the service: decoding the input, encoding the output.

use std::collections::BTreeMap;
use std::fmt::Write;

use divan::{Bencher, black_box};
use serde::{Deserialize, Serialize};
use topiq::services::sqs::names::names;
use topiq::wire::query::Form;
use topiq::wire::xml::Style;
use topiq::wire::{Text, json, query, xml};

fn main() {
    divan::main();
}

const STYLE: Style = Style {
    namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
    declaration: true,
    pretty: false,
    detail: true,
};

const REQUEST_ID: &str = "6f7c0b1e-2c34-5a51-9c39-0d5a3e6f7a11";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only decoded")]
struct SendMessageInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
    #[serde(borrow)]
    message_body: Option<Text<'a>>,
    delay_seconds: Option<i32>,
    #[serde(borrow)]
    message_attributes: Option<BTreeMap<Text<'a>, MessageAttributeValue<'a>>>,
    #[serde(borrow)]
    message_group_id: Option<Text<'a>>,
    #[serde(borrow)]
    message_deduplication_id: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only decoded")]
struct MessageAttributeValue<'a> {
    #[serde(borrow)]
    data_type: Option<Text<'a>>,
    #[serde(borrow)]
    string_value: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessageOutput {
    message_id: &'static str,
    #[serde(rename = "MD5OfMessageBody")]
    md5_of_message_body: &'static str,
    #[serde(rename = "MD5OfMessageAttributes")]
    md5_of_message_attributes: &'static str,
}

const SENT: SendMessageOutput = SendMessageOutput {
    message_id: "0c6e3f1e-7a52-4f0e-9b1c-2f5a9d6c1e77",
    md5_of_message_body: "5d41402abc4b2a76b9719d911017c592",
    md5_of_message_attributes: "da1b33cc3cbfe8b1630921e78e6b9880",
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReceiveMessageOutput {
    messages: Vec<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "AWS's names")]
struct Message {
    message_id: &'static str,
    receipt_handle: &'static str,
    #[serde(rename = "MD5OfBody")]
    md5_of_body: &'static str,
    body: &'static str,
    attributes: BTreeMap<&'static str, &'static str>,
}

/// A message's text, and the number of its attributes.
#[derive(Clone, Copy, Debug)]
enum Load {
    Word,
    Kilobyte,
    Json,
    Attributes,
}

const LOADS: [Load; 4] = [Load::Word, Load::Kilobyte, Load::Json, Load::Attributes];

impl Load {
    fn body(self) -> String {
        match self {
            Self::Word | Self::Attributes => "hello-world".to_owned(),
            Self::Kilobyte => "0123456789abcdef".repeat(64),
            Self::Json => r#"{"id":17,"name":"a name","tags":["x","y"],"ok":true}"#.repeat(10),
        }
    }

    fn attributes(self) -> usize {
        if matches!(self, Self::Attributes) {
            5
        } else {
            0
        }
    }

    fn json_request(self) -> Vec<u8> {
        let body = serde_json::to_string(&self.body()).expect("a text");
        let attributes: Vec<_> = (0..self.attributes())
            .map(|n| format!(r#""attribute{n}":{{"DataType":"String","StringValue":"value{n}"}}"#))
            .collect();
        let attributes = match attributes.join(",") {
            none if none.is_empty() => String::new(),
            some => format!(r#","MessageAttributes":{{{some}}}"#),
        };
        let url = "http://localhost:4566/000000000000/orders";
        format!(r#"{{"QueueUrl":"{url}","MessageBody":{body}{attributes}}}"#).into()
    }

    fn query_request(self) -> Vec<u8> {
        let url = "http%3A%2F%2Flocalhost%3A4566%2F000000000000%2Forders";
        let body =
            percent_encoding::utf8_percent_encode(&self.body(), percent_encoding::NON_ALPHANUMERIC)
                .to_string()
                .replace("%2D", "-")
                .replace("%20", "+");
        let mut form =
            format!("QueueUrl={url}&MessageBody={body}&Action=SendMessage&Version=2012-11-05");
        for n in 0..self.attributes() {
            let prefix = format!("&MessageAttribute.{}", n + 1);
            let _ = write!(
                form,
                "{prefix}.Name=attribute{n}{prefix}.Value.DataType=String{prefix}.Value.StringValue=value{n}"
            );
        }
        form.into()
    }
}

#[divan::bench(args = LOADS)]
fn send_json(bencher: Bencher<'_, '_>, load: Load) {
    let request = load.json_request();
    bencher.bench(|| {
        let input: SendMessageInput<'_> = json::decode(black_box(&request)).expect("an input");
        black_box(input);
        json::encode(black_box(&SENT))
    });
}

#[divan::bench(args = LOADS)]
fn send_query(bencher: Bencher<'_, '_>, load: Load) {
    let request = load.query_request();
    bencher.bench(|| {
        let form = Form::parse("", black_box(&request)).expect("a form");
        let input: SendMessageInput<'_> = query::decode(&form, names).expect("an input");
        black_box(input);
        xml::encode("SendMessage", REQUEST_ID, black_box(&SENT), &STYLE, names)
    });
}

#[divan::bench(args = LOADS)]
fn decode_query(bencher: Bencher<'_, '_>, load: Load) {
    let request = load.query_request();
    bencher.bench(|| {
        let form = Form::parse("", black_box(&request)).expect("a form");
        let input: SendMessageInput<'_> = query::decode(&form, names).expect("an input");
        black_box(input);
    });
}

#[divan::bench(args = LOADS)]
fn decode_json(bencher: Bencher<'_, '_>, load: Load) {
    let request = load.json_request();
    bencher.bench(|| {
        let input: SendMessageInput<'_> = json::decode(black_box(&request)).expect("an input");
        black_box(input);
    });
}

fn received(load: Load) -> ReceiveMessageOutput {
    let body: &'static str = load.body().leak();
    let message = || Message {
        message_id: SENT.message_id,
        receipt_handle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0aAQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        md5_of_body: SENT.md5_of_message_body,
        body,
        attributes: BTreeMap::from([
            ("ApproximateReceiveCount", "1"),
            ("SenderId", "AIDAAAAAAAAAAAAAAAAAA"),
            ("SentTimestamp", "1677111805489"),
        ]),
    };
    ReceiveMessageOutput {
        messages: (0..10).map(|_| message()).collect(),
    }
}

#[divan::bench(args = LOADS)]
fn receive_ten_json(bencher: Bencher<'_, '_>, load: Load) {
    let output = received(load);
    bencher.bench(|| json::encode(black_box(&output)));
}

#[divan::bench(args = LOADS)]
fn receive_ten_query(bencher: Bencher<'_, '_>, load: Load) {
    let output = received(load);
    bencher.bench(|| {
        xml::encode(
            "ReceiveMessage",
            REQUEST_ID,
            black_box(&output),
            &STYLE,
            names,
        )
    });
}
