//! What the wire must know of a service: one value per service, which its owner states as plain data.

use http::HeaderValue;

use super::names::Names;
use super::xml;
use crate::aws::Region;

/// A service, as far as requests are told apart and answers are written.
#[derive(Debug)]
pub struct ServiceModel {
    /// Its name in this process: in logs, `/_localstack/health` and calls that topiq makes itself. No two services share
    /// one.
    pub name: &'static str,
    /// Its name in credential scopes. Services may share one: `events` and `eventbridgev2` are both signed for `events`.
    pub signing_name: &'static str,
    /// What its hosts look like.
    pub hosts: Hosts,
    /// Whether a path says that an unsigned Query request is for this service, whatever its action: a queue's own URL
    /// does.
    pub owns_path: fn(&str) -> bool,
    /// The protocols that it speaks.
    pub protocols: Protocols,
    /// Every operation that it serves.
    pub operations: &'static [&'static str],
}

/// The protocols that a service speaks; one that is absent is not compiled for it. (AWS JSON always is: topiq's own calls
/// come in it, see [`Call::within`](super::Call::within).)
#[derive(Clone, Copy, Debug)]
pub struct Protocols {
    /// AWS JSON.
    pub json: Option<AwsJson>,
    /// AWS Query.
    pub query: Option<AwsQuery>,
}

/// How a service speaks AWS JSON.
#[derive(Clone, Copy, Debug)]
pub struct AwsJson {
    /// Which version.
    pub version: JsonVersion,
    /// What `X-Amz-Target` starts with: `AmazonSQS`.
    pub target_prefix: &'static str,
    /// Whether errors say their Query code in the header `x-amzn-query-error`: the service once spoke Query, and its
    /// SDKs still show that code (Smithy: `awsQueryCompatible`).
    pub is_query_compatible: bool,
}

/// The versions of AWS JSON. They differ in their media type alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the numbers say it")]
pub enum JsonVersion {
    V1_0,
    V1_1,
}

/// How a service speaks AWS Query.
#[derive(Clone, Copy, Debug)]
pub struct AwsQuery {
    /// The date that requests give as `Version`.
    pub version: &'static str,
    /// The shape of its answers.
    pub xml: xml::Style,
    /// Its names in forms and XML.
    pub names: Names,
}

/// How the hosts of a service name their region, apart from what they end in.
#[derive(Clone, Copy, Debug)]
pub struct Hosts {
    /// What they start with, before the region: `sqs` of `sqs.eu-west-1.amazonaws.com`.
    pub prefix: &'static str,
    /// What follows the region in hosts of an older form: `queue` of `eu-west-1.queue.amazonaws.com`.
    pub legacy_suffix: Option<&'static str>,
}

impl JsonVersion {
    /// The media type of requests and answers.
    pub const fn content_type(self) -> HeaderValue {
        match self {
            Self::V1_0 => HeaderValue::from_static("application/x-amz-json-1.0"),
            Self::V1_1 => HeaderValue::from_static("application/x-amz-json-1.1"),
        }
    }
}

impl ServiceModel {
    /// That no path says anything of the service: its [`owns_path`](Self::owns_path).
    pub const fn owns_no_path(_path: &str) -> bool {
        false
    }
}

impl Hosts {
    /// The region that a host names, if it looks like one of these: `sqs.{region}.…` or the older `{region}.queue.…`.
    pub fn region(&self, host: &str) -> Option<Region> {
        let mut labels = host.split(':').next()?.split('.');
        let (first, second) = (labels.next()?, labels.next()?);
        let region = if first == self.prefix {
            second
        } else if Some(second) == self.legacy_suffix {
            first
        } else {
            return None;
        };
        // Every region's name has one; a name such as `sqs.internal` is not of AWS's form.
        region
            .contains('-')
            .then(|| Region::parse(region))
            .flatten()
    }
}
