//! AWS Query answers: writes any operation's output as XML.
//!
//! In reading order: [`encode`] and [`error`] write the two kinds of answer, `serializer` turns serde's types into
//! elements, `document` elements into bytes.

mod document;
mod serializer;

use serde::Serialize;
use serde_json::{Map, Value};

use super::error::ErrorInfo;
use super::names::{Names, Shape};
use document::Document;
use serializer::{Element, Unwritable};

/// How a service lays out its XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The namespace of the root.
    pub namespace: &'static str,
    /// Whether the document starts with `<?xml version="1.0"?>`.
    pub declaration: bool,
    /// Whether each element has its own line, indented by two spaces, and the document ends with a newline.
    pub pretty: bool,
    /// Whether an error has an empty `Detail`.
    pub detail: bool,
}

/// Writes an operation's output. `()`, no output at all, has no `Result` element; an output without members has an
/// empty one.
pub fn encode<T: Serialize>(
    operation: &str,
    request_id: &str,
    output: &T,
    style: &Style,
    names: Names,
) -> Vec<u8> {
    around(operation, request_id, style, &mut |document, result| {
        output.serialize(Element {
            document,
            name: result,
            namespace: None,
            shape: &Shape::PLAIN,
            names,
            is_moment: false,
            is_plain: false,
        })
    })
}

/// Writes an answer around the `Result` element, which `write` writes under its name. It is compiled once for all outputs.
fn around(
    operation: &str,
    request_id: &str,
    style: &Style,
    write: &mut dyn FnMut(&mut Document, &str) -> Result<(), Unwritable>,
) -> Vec<u8> {
    let names_of_both = [operation, "Response", operation, "Result"].concat();
    let (response, result) = names_of_both.split_at(operation.len() + "Response".len());
    let mut document = Document::new(style);
    document.start(response, Some(("xmlns", style.namespace)));
    write(&mut document, result).expect("outputs are structures of plain members");
    document.start("ResponseMetadata", None);
    document.plain_element("RequestId", None, request_id);
    document.end("ResponseMetadata");
    document.end(response);
    document.finish()
}

/// Writes an error.
pub fn error(info: &ErrorInfo, request_id: &str, style: &Style) -> Vec<u8> {
    let message = info.query_message.as_ref().unwrap_or(&info.message);
    let mut document = Document::new(style);
    document.start("ErrorResponse", Some(("xmlns", style.namespace)));
    document.start("Error", None);
    document.element("Type", None, info.fault().as_str());
    document.element("Code", None, &info.query_code);
    document.element("Message", None, message);
    members(&mut document, &info.members);
    if style.detail {
        document.element("Detail", None, "");
    }
    document.end("Error");
    document.element("RequestId", None, request_id);
    document.end("ErrorResponse");
    document.finish()
}

/// Writes an error's further members, under their own names.
fn members(document: &mut Document, members: &Map<String, Value>) {
    for (name, value) in members {
        match value {
            Value::Object(inner) => {
                document.start(name, None);
                self::members(document, inner);
                document.end(name);
            }
            Value::String(text) => document.element(name, None, text),
            value => document.element(name, None, &value.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::wire::names;

    const COMPACT: Style = Style {
        namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
        declaration: true,
        pretty: false,
        detail: true,
    };
    const PRETTY: Style = Style {
        namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
        declaration: false,
        pretty: true,
        detail: false,
    };

    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Output<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        message_id: Option<&'a str>,
        topics: Vec<&'a str>,
        attributes: BTreeMap<&'a str, &'a str>,
    }

    fn written(output: &impl Serialize, style: &Style) -> String {
        let bytes = encode("Publish", "f1", output, style, names::plain);
        String::from_utf8(bytes).unwrap()
    }

    /// The text of the document's first `element`, as a parser reads it.
    fn read_back(document: &str, element: &str) -> String {
        let start = document.find(&format!("<{element}>")).unwrap() + element.len() + 2;
        let end = document.find(&format!("</{element}>")).unwrap();
        let literal = document[start..end]
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        quick_xml::escape::unescape(&literal).unwrap().into_owned()
    }

    #[test]
    fn no_output_has_no_result_and_an_empty_one_an_empty_result() {
        #[derive(Serialize)]
        struct Empty {}

        let start = r#"<?xml version="1.0"?><PublishResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">"#;
        let end =
            "<ResponseMetadata><RequestId>f1</RequestId></ResponseMetadata></PublishResponse>";
        assert_eq!(written(&(), &COMPACT), format!("{start}{end}"));
        assert_eq!(
            written(&Empty {}, &COMPACT),
            format!("{start}<PublishResult/>{end}")
        );
    }

    #[test]
    fn pretty_answers_are_laid_out_as_snss() {
        let output = Output {
            message_id: Some("94f20ce6"),
            topics: vec![],
            attributes: BTreeMap::from([("K", "V")]),
        };
        let expected = r#"<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
  <PublishResult>
    <MessageId>94f20ce6</MessageId>
    <Topics/>
    <Attributes>
      <entry>
        <key>K</key>
        <value>V</value>
      </entry>
    </Attributes>
  </PublishResult>
  <ResponseMetadata>
    <RequestId>f1</RequestId>
  </ResponseMetadata>
</PublishResponse>
"#;
        assert_eq!(written(&output, &PRETTY), expected);
    }

    #[test]
    fn published_message_is_answered_in_awss_294_bytes() {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct PublishOutput {
            message_id: &'static str,
        }
        let output = PublishOutput {
            message_id: "94f20ce6-13c5-43a0-9a9e-ca52d816e90b",
        };
        let request_id = "f187a3c1-376f-11df-8963-01868b7c937a";
        let bytes = encode("Publish", request_id, &output, &PRETTY, names::plain);
        assert_eq!(bytes.len(), 294);
    }

    #[test]
    fn texts_survive_the_round_trip() {
        for text in ["a\r\nb\rc\n", "<a href=\"x\">&amp;</a>", "'é€😀'", "]]>"] {
            let output = Output {
                message_id: None,
                topics: vec![],
                attributes: BTreeMap::from([("k", text)]),
            };
            for style in [COMPACT, PRETTY] {
                assert_eq!(read_back(&written(&output, &style), "value"), text);
            }
        }
    }

    /// XML 1.0, section 2.2.
    fn is_xml(char: char) -> bool {
        matches!(char, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
    }

    fn assert_well_formed(document: &str) {
        assert_eq!(document.chars().find(|&char| !is_xml(char)), None);
        let mut reader = quick_xml::Reader::from_str(document);
        while reader.read_event().expect("an event") != quick_xml::events::Event::Eof {}
    }

    fn assert_replaced(text: &str) {
        let expected: String = text
            .chars()
            .map(|char| if is_xml(char) { char } else { '\u{fffd}' })
            .collect();
        let output = Output {
            message_id: None,
            topics: vec![],
            attributes: BTreeMap::from([("k", text)]),
        };
        let info = ErrorInfo {
            members: Map::from_iter([("Member".to_owned(), text.into())]),
            ..ErrorInfo::new("", "Code", 400, text.to_owned())
        };
        for style in [COMPACT, PRETTY] {
            let written = written(&output, &style);
            assert_well_formed(&written);
            assert_eq!(read_back(&written, "value"), expected);
            let written = String::from_utf8(error(&info, "f1", &style)).unwrap();
            assert_well_formed(&written);
            assert_eq!(read_back(&written, "Message"), expected);
            assert_eq!(read_back(&written, "Member"), expected);
        }
    }

    #[test]
    fn every_scalar_value_is_written_as_well_formed_xml() {
        let all: Vec<char> = (char::MIN..=char::MAX).collect();
        // Blocks of a length that is no power of two, so that each character comes to stand at different places.
        for block in all.chunks(4001) {
            assert_replaced(&block.iter().collect::<String>());
        }
        for char in ['\0', '\u{1}', '\u{1f}', '\u{fffe}', '\u{ffff}', '\u{ffef}'] {
            for before in 0..40 {
                assert_replaced(&format!("{}{char}", "x".repeat(before)));
                assert_replaced(&format!("{}{char}é", "é".repeat(before)));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_is_written_as_well_formed_xml(
            text in proptest::collection::vec(proptest::char::any(), 1..60),
        ) {
            assert_replaced(&text.into_iter().collect::<String>());
        }
    }

    #[test]
    fn quotes_and_carriage_returns_are_escaped_as_awss() {
        let output = Output {
            message_id: Some("\"'\r\n&<>"),
            topics: vec![],
            attributes: BTreeMap::new(),
        };
        let expected = "<MessageId>&quot;'&#xD;\n&amp;&lt;&gt;</MessageId>";
        assert!(written(&output, &COMPACT).contains(expected));
    }

    #[test]
    fn errors_are_laid_out_by_their_service() {
        let info = ErrorInfo {
            query_message: Some("The specified queue does not exist for this wsdl version.".into()),
            ..ErrorInfo::new(
                "com.amazonaws.sqs#QueueDoesNotExist",
                "AWS.SimpleQueueService.NonExistentQueue",
                400,
                "The specified queue does not exist.",
            )
        };
        let compact = String::from_utf8(error(&info, "6f", &COMPACT)).unwrap();
        assert_eq!(
            compact,
            r#"<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error><RequestId>6f</RequestId></ErrorResponse>"#
        );
        let info = ErrorInfo {
            query_code: "InternalError".into(),
            status: 500,
            query_message: None,
            ..info
        };
        let expected = r#"<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
  <Error>
    <Type>Receiver</Type>
    <Code>InternalError</Code>
    <Message>The specified queue does not exist.</Message>
  </Error>
  <RequestId>d2</RequestId>
</ErrorResponse>
"#;
        assert_eq!(
            String::from_utf8(error(&info, "d2", &PRETTY)).unwrap(),
            expected
        );
    }
}
