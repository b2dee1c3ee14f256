//! Event streams, `application/vnd.amazon.eventstream`: an output's events in frames, as they come.
//!
//! A frame: its length, the length of its headers, the CRC-32 of these eight bytes, headers, payload, the CRC-32 of all
//! before; numbers are big-endian. The first one is the output without its events; an error is a frame too, and the last.

use std::fmt;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use serde::Serialize;

use super::body::Source;
use super::{ErrorInfo, cbor, json};
use crate::crc32;

/// The media type of answers with event streams.
pub(super) const MEDIA_TYPE: &str = "application/vnd.amazon.eventstream";

/// Bytes of a frame beside its headers and its payload.
const AROUND: usize = 16;

/// The type of a header's value that is a text.
const TEXT: u8 = 7;

/// What an operation whose output is a stream of events gives.
pub trait Events: fmt::Debug + Send + 'static {
    /// One of them.
    type Event: Serialize;

    /// What AWS's model calls them.
    const NAME: &'static str;

    /// The next event; an error is the last, `None` the end.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Self::Event, ErrorInfo>>>;
}

/// In what payloads are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Payloads {
    Json,
    Cbor,
}

impl Payloads {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Cbor => cbor::MEDIA_TYPE,
        }
    }

    fn encode<T: Serialize>(self, output: &T) -> Vec<u8> {
        match self {
            Self::Json => json::encode(output),
            Self::Cbor => cbor::encode(output),
        }
    }
}

/// The output without its events.
#[derive(Serialize)]
struct Initial {}

/// An error, whose name is a header.
#[derive(Serialize)]
struct Exception<'a> {
    message: &'a str,
}

/// The frames of a stream of events.
#[derive(Debug)]
pub(super) struct Frames<E> {
    events: E,
    payloads: Payloads,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    New,
    GoingOn,
    Over,
}

impl<E> Frames<E> {
    pub(super) const fn new(events: E, payloads: Payloads) -> Self {
        Self {
            events,
            payloads,
            state: State::New,
        }
    }

    fn frame<T: Serialize>(&self, kind: (&str, &str), message: &str, output: &T) -> Bytes {
        let headers = [
            kind,
            (":content-type", self.payloads.media_type()),
            (":message-type", message),
        ];
        frame(&headers, &self.payloads.encode(output)).into()
    }
}

impl<E: Events> Source for Frames<E> {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let (kind, message) = ((":event-type", "initial-response"), "event");
        match self.state {
            State::New => {
                self.state = State::GoingOn;
                return Poll::Ready(Some(self.frame(kind, message, &Initial {})));
            }
            State::GoingOn => {}
            State::Over => return Poll::Ready(None),
        }
        let next = ready!(self.events.poll_next(cx));
        if !matches!(next, Some(Ok(_))) {
            self.state = State::Over;
        }
        Poll::Ready(next.map(|next| match next {
            Ok(event) => self.frame((":event-type", E::NAME), message, &event),
            Err(error) => {
                let kind = (":exception-type", &*error.query_code);
                let message = &error.message;
                self.frame(kind, "exception", &Exception { message })
            }
        }))
    }
}

/// A frame with headers whose values are texts.
fn frame(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let length = |(name, value): &(&str, &str)| 1 + name.len() + 1 + 2 + value.len();
    let head: usize = headers.iter().map(length).sum();
    let whole = AROUND + head + payload.len();
    let mut frame = Vec::with_capacity(whole);
    for number in [whole, head] {
        let number = u32::try_from(number).expect("outputs are bounded");
        frame.extend(number.to_be_bytes());
    }
    frame.extend(crc32::of(&frame).to_be_bytes());
    for (name, value) in headers {
        frame.push(u8::try_from(name.len()).expect("names of headers are short"));
        frame.extend(name.as_bytes());
        frame.push(TEXT);
        let length = u16::try_from(value.len()).expect("media types and names are short");
        frame.extend(length.to_be_bytes());
        frame.extend(value.as_bytes());
    }
    frame.extend(payload);
    frame.extend(crc32::of(&frame).to_be_bytes());
    frame
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use serde_json::Value;

    use super::*;

    /// The bytes of the specification's frames.
    #[test]
    fn frames_are_those_of_the_table() {
        let table = include_str!("../../tests/fixtures/kinesis-cases.json");
        let table: Value = serde_json::from_str(table).unwrap();
        let frames = table["frames"].as_array().unwrap();
        assert_eq!(frames.len(), 3);
        for case in frames {
            let headers = case["headers"].as_object().unwrap();
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, text)| (&**name, text.as_str().unwrap()))
                .collect();
            let payload = case["payload"].as_str().unwrap().as_bytes();
            let hex = crate::hex::encode(&frame(&headers, payload));
            assert_eq!(hex, case["hex"].as_str().unwrap(), "{}", case["id"]);
        }
    }

    /// Gives these, and then nothing yet.
    #[derive(Debug)]
    struct Given(Vec<Option<Result<u8, ErrorInfo>>>);

    impl Events for Given {
        type Event = u8;

        const NAME: &'static str = "Number";

        fn poll_next(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<u8, ErrorInfo>>> {
            if self.0.is_empty() {
                return Poll::Pending;
            }
            Poll::Ready(self.0.remove(0))
        }
    }

    /// What has come by now, as texts, with a mark where there is nothing yet or the end.
    fn played(given: Vec<Option<Result<u8, ErrorInfo>>>, payloads: Payloads) -> Vec<String> {
        let mut frames = Frames::new(Given(given), payloads);
        let mut cx = Context::from_waker(Waker::noop());
        let mut played = Vec::new();
        loop {
            match frames.poll_next(&mut cx) {
                Poll::Pending => played.push("waits".to_owned()),
                Poll::Ready(None) => played.push("ends".to_owned()),
                Poll::Ready(Some(frame)) => {
                    played.push(
                        frame[AROUND - 4..frame.len() - 4]
                            .escape_ascii()
                            .to_string(),
                    );
                    continue;
                }
            }
            return played;
        }
    }

    #[test]
    fn the_output_comes_first_and_an_error_last() {
        let refused = ErrorInfo::new("Refused", "Refused", 400, "no");
        let given = vec![Some(Ok(1)), Some(Err(refused)), Some(Ok(2))];
        let played = played(given, Payloads::Json);
        let [initial, event, error, end] = &played[..] else {
            panic!("{played:?}")
        };
        assert!(initial.contains("initial-response") && initial.ends_with("{}"));
        assert!(
            event.contains("Number") && event.ends_with("event1"),
            "{event}"
        );
        assert!(error.contains(":exception-type") && error.contains("Refused"));
        assert!(
            error.ends_with("exception{\\\"message\\\":\\\"no\\\"}"),
            "{error}"
        );
        assert_eq!(end, "ends");
    }

    #[test]
    fn payloads_are_in_cbor_where_the_request_is() {
        let played = played(vec![Some(Ok(1))], Payloads::Cbor);
        let [initial, event, waits] = &played[..] else {
            panic!("{played:?}")
        };
        assert!(initial.contains(cbor::MEDIA_TYPE) && initial.ends_with("event\\xa0"));
        assert!(event.ends_with("event\\x01"), "{event}");
        assert_eq!(waits, "waits");
    }
}
