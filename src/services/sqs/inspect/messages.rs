//! `/_aws/sqs/messages`: the messages of a queue, which nobody thereby receives, in the shapes that `LocalStack`'s
//! documentation shows, so that test suites that read them need no change.
//!
//! It looks like an answer of `ReceiveMessage`, in XML, or in JSON made of that XML: an element that occurs once is a value,
//! one that occurs several times a list, and a result without elements is `null`. SDKs that have the path as their endpoint
//! call it by `POST`, and get AWS's JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::aws::message::Sender;
use crate::aws::{AccountId, Home, Region};
use crate::clock::Timestamp;
use crate::ids::{MessageId, RequestId};
use crate::routes::{
    Answer, Content, Given, Media, Parameter, Query, Refusal, Route, Schema, Waiting,
};
use crate::services::sqs::Sqs;
use crate::services::sqs::digest::Digest;
use crate::services::sqs::hosted_queue::HostedQueue;
use crate::services::sqs::message_attributes::{Filter, ShownAttribute};
use crate::services::sqs::names;
use crate::services::sqs::queue::input::Count;
use crate::services::sqs::queue::{Delivery, Stored, Visibility};
use crate::wire::{Speaks, xml};

const PATH: &str = "/_aws/sqs/messages";
const XML: &str = "text/xml";
const JSON: &str = "application/json";
const AWS_JSON: &str = "application/x-amz-json-1.0";

/// In place of a receipt handle, which only a receive gives.
const NO_RECEIPT: &str = "SQS/BACKDOOR/ACCESS";

/// The most messages that are looked at under one lock, and written without letting other requests pass: an envelope of
/// SNS's is signed when it is written.
const AT_ONCE: usize = 32;

/// The most bytes of messages in an answer.
const MAX_BYTES: usize = 64 << 20;

/// About what an answer has of a message beside its body and attributes.
const ENTRY_BYTES: usize = 1 << 10;

pub(super) fn routes() -> [Route<Sqs>; 4] {
    [
        Route::new(
            Method::GET,
            PATH,
            "Lists a queue's messages without receiving them.",
            |sqs: &Sqs, wanted: WantedByUrl| list(sqs, wanted.0),
        ),
        Route::new(
            Method::POST,
            PATH,
            "The same for SDKs with this path as their endpoint: ReceiveMessage, which receives nothing here.",
            |sqs: &Sqs, wanted: WantedBySdk| list(sqs, wanted.0),
        ),
        Route::new(
            Method::POST,
            "/_aws/sqs/messages/",
            "The same for SDKs that end their endpoint's path with a slash.",
            |sqs: &Sqs, wanted: WantedBySdk| list(sqs, wanted.0),
        ),
        Route::new(
            Method::GET,
            "/_aws/sqs/messages/{queue}",
            "The same by region, account and name.",
            |sqs: &Sqs, wanted: WantedByPath| list(sqs, wanted.0),
        ),
    ]
}

/// Which messages are wanted, and how.
struct Wanted {
    queue: Named,
    shows_invisible: bool,
    shows_delayed: bool,
    form: Form,
    request_id: RequestId,
}

/// How a queue is named.
enum Named {
    Url(String, Home),
    Parts(Region, AccountId, String),
}

/// What an answer is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Xml,
    /// JSON as made of the XML.
    Json,
    /// JSON as SDKs read it.
    AwsJson,
}

const SHOW_INVISIBLE: Parameter = Parameter::query(
    "ShowInvisible",
    "Whether messages in flight are listed too.",
    Schema::Boolean,
);
const SHOW_DELAYED: Parameter = Parameter::query(
    "ShowDelayed",
    "Whether delayed messages are listed too.",
    Schema::Boolean,
);

impl Wanted {
    fn of(given: &Given<'_>, queue: Named, form: Form) -> Self {
        Self {
            queue,
            shows_invisible: given.is_true("ShowInvisible"),
            shows_delayed: given.is_true("ShowDelayed"),
            form,
            request_id: given.request_id(),
        }
    }

    fn shows(&self, visibility: Visibility) -> bool {
        match visibility {
            Visibility::Visible => true,
            Visibility::InFlight => self.shows_invisible,
            Visibility::Delayed => self.shows_delayed,
        }
    }
}

/// The form of an answer to a plain request.
fn form(given: &Given<'_>) -> Form {
    if given.accepts(JSON) {
        Form::Json
    } else {
        Form::Xml
    }
}

struct WantedByUrl(Wanted);

impl Query for WantedByUrl {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::required("QueueUrl", "The queue's URL, or its name.", Schema::Text),
        SHOW_INVISIBLE,
        SHOW_DELAYED,
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let url = given.text("QueueUrl").unwrap_or_default();
        let queue = Named::Url(url.to_owned(), given.home());
        Ok(Self(Wanted::of(given, queue, form(given))))
    }
}

struct WantedByPath(Wanted);

impl Query for WantedByPath {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::path(
            "queue",
            "The queue's region, account and name: us-east-1/000000000000/orders.",
        ),
        SHOW_INVISIBLE,
        SHOW_DELAYED,
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let path = given.text("queue").unwrap_or_default();
        let mut parts = path.split('/');
        let queue = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(region), Some(account), Some(name), None) => Region::parse(region)
                .zip(AccountId::parse(account))
                .map(|(region, account)| Named::Parts(region, account, name.to_owned())),
            _ => None,
        };
        let queue = queue.ok_or_else(|| {
            let message = format!("{path} is not of the form region/account/name.");
            Refusal::new(400, message)
        })?;
        Ok(Self(Wanted::of(given, queue, form(given))))
    }
}

struct WantedBySdk(Wanted);

/// The members of a `ReceiveMessage` that count here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReceiveMessage {
    queue_url: String,
}

impl Query for WantedBySdk {
    const PARAMETERS: &'static [Parameter] = &[SHOW_INVISIBLE, SHOW_DELAYED];
    const BODY: Option<Schema> = Some(Schema::AnyObject);

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let read = serde_json::from_slice::<ReceiveMessage>(given.body());
        let Ok(ReceiveMessage { queue_url }) = read else {
            let message = "The body is a ReceiveMessage in JSON: {\"QueueUrl\": \"…\"}.";
            return Err(Refusal::new(400, message));
        };
        let queue = Named::Url(queue_url, given.home());
        Ok(Self(Wanted::of(given, queue, Form::AwsJson)))
    }
}

fn list(sqs: &Sqs, wanted: Wanted) -> Waiting<'_, Result<Listed, Refusal>> {
    Box::pin(async move {
        let queue = match &wanted.queue {
            Named::Url(url, home) => sqs.queues.at(*home, url),
            Named::Parts(region, account, name) => sqs.queues.get(*account, *region, name),
        };
        let queue = queue.ok_or_else(|| Refusal::new(404, "The queue does not exist."))?;
        let messages = messages(&queue, sqs.now(), &wanted).await?;
        Ok(Listed {
            form: wanted.form,
            request_id: wanted.request_id,
            output: Output { messages },
        })
    })
}

/// The messages that are wanted, in the order in which they came.
async fn messages(
    queue: &HostedQueue,
    now: Timestamp,
    wanted: &Wanted,
) -> Result<Vec<Entry>, Refusal> {
    let gone = || Refusal::new(404, "The queue does not exist.");
    // What is over goes first, and what has become visible is so.
    queue.waiting.apply(now, Count).ok_or_else(gone)?;
    let tells_visibility = wanted.shows_invisible || wanted.shows_delayed;
    let (mut messages, mut bytes) = (Vec::new(), 0);
    let mut from = Some(0);
    while let Some(serial) = from {
        let stored = queue.waiting.look(|core| core.stored(serial, AT_ONCE));
        from = stored.last().map(|last| last.delivery.receipt.serial + 1);
        for stored in stored {
            if !wanted.shows(stored.visibility) {
                continue;
            }
            let message = Entry::new(stored, tells_visibility);
            bytes += message.size();
            if bytes > MAX_BYTES {
                let message = "The queue has more than 64 MiB to show.";
                return Err(Refusal::new(413, message));
            }
            messages.push(message);
        }
        tokio::task::yield_now().await;
    }
    Ok(messages)
}

/// An answer.
struct Listed {
    form: Form,
    request_id: RequestId,
    output: Output,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Entry>,
}

/// A message, with its members in that emulator's order.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    message_id: MessageId,
    #[serde(rename = "MD5OfBody")]
    md5_of_body: Digest,
    body: Arc<str>,
    attributes: Map<String, Value>,
    #[serde(
        rename = "MD5OfMessageAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    md5_of_message_attributes: Option<Digest>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    message_attributes: BTreeMap<String, ShownAttribute>,
    receipt_handle: &'static str,
}

impl Entry {
    fn new(stored: Stored, tells_visibility: bool) -> Self {
        let Stored {
            delivery,
            visibility,
        } = stored;
        let (body, md5) = delivery.body.read();
        let mut attributes = system_attributes(&delivery);
        if tells_visibility {
            let is = |what| Value::String((visibility == what).to_string());
            attributes.insert("IsVisible".to_owned(), is(Visibility::Visible));
            attributes.insert("IsDelayed".to_owned(), is(Visibility::Delayed));
        }
        let all = Filter::new(["All"]);
        let shown = delivery.attributes.as_ref().and_then(|all_of_message| {
            let (attributes, md5) = all.select(all_of_message)?;
            let shown = attributes
                .into_iter()
                .map(|attribute| (attribute.name.to_string(), attribute.into()));
            Some((shown.collect(), md5))
        });
        let (message_attributes, md5_of_message_attributes) = shown.unzip();
        Self {
            message_id: delivery.id,
            md5_of_body: Digest(md5),
            body,
            attributes,
            md5_of_message_attributes,
            message_attributes: message_attributes.unwrap_or_default(),
            receipt_handle: NO_RECEIPT,
        }
    }

    /// About how many bytes it has in an answer.
    fn size(&self) -> usize {
        let attributes = self.message_attributes.iter();
        let attributes = attributes.map(|(name, shown)| name.len() + shown.size());
        ENTRY_BYTES + self.body.len() + attributes.sum::<usize>()
    }

    /// As made of its XML.
    fn to_json(&self) -> Value {
        let mut message = Map::new();
        message.insert("MessageId".to_owned(), json!(self.message_id));
        message.insert("MD5OfBody".to_owned(), json!(self.md5_of_body));
        message.insert("Body".to_owned(), json!(self.body));
        insert_each(&mut message, "Attribute", &self.attributes);
        if let Some(md5) = &self.md5_of_message_attributes {
            message.insert("MD5OfMessageAttributes".to_owned(), json!(md5));
        }
        insert_each(&mut message, "MessageAttribute", &self.message_attributes);
        message.insert("ReceiptHandle".to_owned(), json!(self.receipt_handle));
        Value::Object(message)
    }
}

/// Adds an element for each entry of a map.
fn insert_each<'a, V: Serialize + 'a>(
    message: &mut Map<String, Value>,
    name: &str,
    entries: impl IntoIterator<Item = (&'a String, V)>,
) {
    let entries = entries.into_iter();
    let entries = entries.map(|(name, value)| json!({ "Name": name, "Value": value }));
    if let Some(value) = one_or_list(entries.collect()) {
        message.insert(name.to_owned(), value);
    }
}

/// Elements of one name: nothing, a value or a list.
fn one_or_list(mut elements: Vec<Value>) -> Option<Value> {
    match elements.len() {
        0 => None,
        1 => elements.pop(),
        _ => Some(Value::Array(elements)),
    }
}

/// The system attributes, in that emulator's order.
fn system_attributes(delivery: &Delivery) -> Map<String, Value> {
    let sender = match delivery.sender {
        Sender::User(account) => account.user_id(),
        Sender::Service(id) => id.to_owned(),
    };
    let first_received_at = match delivery.receive_count {
        0 => 0,
        _ => delivery.first_received_at.as_millis(),
    };
    let text = |text: &Option<Arc<str>>| text.as_ref().map(ToString::to_string);
    let all = [
        ("SenderId", Some(sender)),
        (
            "SentTimestamp",
            Some(delivery.sent_at.as_millis().to_string()),
        ),
        ("MessageGroupId", text(&delivery.group_id)),
        ("MessageDeduplicationId", text(&delivery.deduplication_id)),
        (
            "SequenceNumber",
            delivery.sequence_number.map(|number| number.to_string()),
        ),
        ("AWSTraceHeader", text(&delivery.trace_header)),
        (
            "DeadLetterQueueSourceArn",
            text(&delivery.dead_letter_source),
        ),
        (
            "ApproximateReceiveCount",
            Some(delivery.receive_count.to_string()),
        ),
        (
            "ApproximateFirstReceiveTimestamp",
            Some(first_received_at.to_string()),
        ),
    ];
    let all = all.into_iter();
    all.filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))))
        .collect()
}

impl Content for Listed {
    const STATUS: u16 = 200;
    const MEDIA: &'static [Media] = &[
        Media {
            name: XML,
            schema: Schema::Text,
        },
        Media {
            name: JSON,
            schema: Schema::AnyObject,
        },
        Media {
            name: AWS_JSON,
            schema: Schema::AnyObject,
        },
    ];

    fn into_answer(self) -> Answer {
        let mut id = [0; 36];
        let request_id = self.request_id.encode(&mut id);
        let output = &self.output;
        match self.form {
            Form::Xml => {
                let query = Sqs::MODEL.protocols.query.as_ref();
                let style = &query.expect("SQS speaks Query").xml;
                let bytes = xml::encode("ReceiveMessage", request_id, output, style, names::names);
                Answer::whole(XML, String::from_utf8(bytes).expect("XML is UTF-8"))
            }
            Form::Json => {
                let messages = output.messages.iter().map(Entry::to_json);
                let messages = one_or_list(messages.collect());
                let result = messages.map(|messages| json!({ "Message": messages }));
                let document = json!({
                    "ReceiveMessageResponse": {
                        "ReceiveMessageResult": result,
                        "ResponseMetadata": { "RequestId": request_id },
                    },
                });
                Answer::whole(JSON, document.to_string())
            }
            Form::AwsJson => {
                let body = serde_json::to_string(output).expect("keys of maps are texts");
                Answer::whole(AWS_JSON, body)
            }
        }
    }
}
