//! What the wire must know about a service: one value per service, stated by the service as plain data.

use http::HeaderValue;

use super::names::Names;
use super::rest_json::{ErrorNames, Route};
use super::{query_json, xml};
use crate::aws::Region;

/// A service, as far as needed to recognize its requests and write its answers.
#[derive(Debug)]
pub struct ServiceModel {
    /// Its name in this process: in logs, `/_localstack/health` and calls that topiq makes itself. No two services share
    /// one.
    pub name: &'static str,
    /// Its name in credential scopes. Services may share one: `events` and `eventbridgev2` are both signed for `events`.
    pub signing_name: &'static str,
    /// The form of its host names.
    pub hosts: Hosts,
    /// Whether a path marks an unsigned Query request as this service's, whatever its action: a queue's own URL does.
    pub owns_path: fn(&str) -> bool,
    /// The operations that links in what it delivers call, by GET and unsigned: each needs a secret of the link.
    pub links: &'static [&'static str],
    /// The protocols that it speaks.
    pub protocols: Protocols,
    /// Every operation that it serves.
    pub operations: &'static [&'static str],
}

/// The protocols that a service speaks; one that is absent is not compiled for it. (AWS JSON always is: topiq's own
/// calls use it, see [`Call::within`](super::Call::within).)
#[derive(Clone, Copy, Debug)]
pub struct Protocols {
    /// AWS JSON.
    pub json: Option<AwsJson>,
    /// AWS Query.
    pub query: Option<AwsQuery>,
    /// Whether calls of AWS JSON may come in CBOR 1.1 instead: same targets, same members.
    pub cbor: bool,
    /// REST JSON.
    pub rest_json: Option<RestJson>,
}

/// How a service speaks AWS JSON.
#[derive(Clone, Copy, Debug)]
pub struct AwsJson {
    /// Which version.
    pub version: JsonVersion,
    /// The prefix of `X-Amz-Target`: `AmazonSQS`.
    pub target_prefix: &'static str,
    /// Whether errors give their Query code in the header `x-amzn-query-error`: the service once spoke Query, and its
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
    /// The shape of its answers for clients that ask for JSON.
    pub json: query_json::Style,
    /// Its names in forms and XML.
    pub names: Names,
}

/// How a service speaks REST JSON.
#[derive(Clone, Copy, Debug)]
pub struct RestJson {
    /// The methods and paths of its operations. A path is of the first route that it fits.
    pub routes: &'static [Route],
    /// What its errors call their members.
    pub errors: ErrorNames,
}

/// The zones of AWS's partitions, of IPv4 alone and of both kinds of address.
const AWS_ZONES: [&str; 4] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "api.aws",
    "api.amazonwebservices.com.cn",
];

/// How the hosts of a service name their region, apart from their suffix.
#[derive(Clone, Copy, Debug)]
pub struct Hosts {
    /// What they start with, before the region: `sqs` of `sqs.eu-west-1.amazonaws.com`.
    pub prefix: &'static str,
    /// What follows the region in hosts of an older form: `queue` of `eu-west-1.queue.amazonaws.com`.
    pub legacy_suffix: Option<&'static str>,
}

impl JsonVersion {
    /// The media type of requests and answers.
    pub const fn content_type(self) -> &'static HeaderValue {
        // Statics, since `from_static` looks at each character: here, when it is compiled.
        static V1_0: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");
        static V1_1: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
        match self {
            Self::V1_0 => &V1_0,
            Self::V1_1 => &V1_1,
        }
    }
}

impl ServiceModel {
    /// The [`owns_path`](Self::owns_path) of a service without paths of its own.
    pub const fn owns_no_path(_path: &str) -> bool {
        false
    }
}

impl Hosts {
    /// Whether AWS itself has the service at `name`. Not every name with the prefix is one: AWS's customers own names in
    /// the same zones, such as those of their buckets and load balancers.
    pub fn is_at_aws(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let within = |zone| name.strip_suffix(zone)?.strip_suffix('.');
        let Some(labels) = AWS_ZONES.into_iter().find_map(within) else {
            return false;
        };
        let labels: Vec<_> = labels.split('.').collect();
        match labels[..] {
            [only] => self.is_prefix(only) || self.is_legacy(only),
            [first, second] => {
                self.is_prefix(first) && is_region_of_aws(second)
                    || is_region_of_aws(first) && self.is_legacy(second)
            }
            // A global endpoint, in whatever regions: `abcde.xyz.endpoint.events`.
            [_, _, "endpoint", service] => self.is_prefix(service),
            [endpoint, service, region, "vpce"] => {
                endpoint.starts_with("vpce-") && self.is_prefix(service) && is_region_of_aws(region)
            }
            _ => false,
        }
    }

    fn is_prefix(&self, label: &str) -> bool {
        label.strip_suffix("-fips").unwrap_or(label) == self.prefix
    }

    fn is_legacy(&self, label: &str) -> bool {
        Some(label) == self.legacy_suffix
    }

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
        // Every region's name has one; a name such as `sqs.internal` does not have AWS's form.
        region
            .contains('-')
            .then(|| Region::parse(region))
            .flatten()
    }
}

/// Whether a label has the form of AWS's regions, `us-gov-west-1`, which no other name of AWS's zones has: `s3-us-west-2`
/// is where buckets are.
fn is_region_of_aws(label: &str) -> bool {
    let mut parts = label.split('-');
    let number = parts.next_back().unwrap_or_default();
    let is_word = |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number && parts.clone().count() >= 2 && parts.all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQS: Hosts = Hosts {
        prefix: "sqs",
        legacy_suffix: Some("queue"),
    };

    #[test]
    fn names_of_the_service_are_told() {
        for name in [
            "sqs.us-east-1.amazonaws.com",
            "SQS.EU-West-1.AmazonAWS.com",
            "sqs-fips.us-gov-west-1.amazonaws.com",
            "sqs.us-iso-east-1.amazonaws.com",
            "sqs.cn-north-1.amazonaws.com.cn",
            "sqs.eu-west-1.api.aws",
            "sqs.cn-north-1.api.amazonwebservices.com.cn",
            "eu-west-1.queue.amazonaws.com",
            "cn-north-1.queue.amazonaws.com.cn",
            "queue.amazonaws.com",
            "sqs.amazonaws.com",
            "vpce-0a1b-2c3d.sqs.eu-west-1.vpce.amazonaws.com",
        ] {
            assert!(SQS.is_at_aws(name), "{name}");
        }
    }

    #[test]
    fn names_of_global_endpoints_are_told() {
        const EVENTS: Hosts = Hosts {
            prefix: "events",
            legacy_suffix: None,
        };
        assert!(EVENTS.is_at_aws("abcde.xyz.endpoint.events.amazonaws.com"));
        assert!(!SQS.is_at_aws("abcde.xyz.endpoint.events.amazonaws.com"));
        assert!(!EVENTS.is_at_aws("abcde.endpoint.events.amazonaws.com"));
    }

    #[test]
    fn names_of_customers_and_other_services_are_not() {
        for name in [
            "amazonaws.com",
            "",
            "sns.us-east-1.amazonaws.com",
            "bucket.s3.amazonaws.com",
            "sqs.s3.amazonaws.com",
            "sqs.s3.us-west-2.amazonaws.com",
            "sqs.s3-us-west-2.amazonaws.com",
            "sqs.s3-website-us-east-1.amazonaws.com",
            "a.queue.s3.amazonaws.com",
            "a.queue.amazonaws.com",
            "sqs-1234.us-east-1.elb.amazonaws.com",
            "x.sqs.us-east-1.amazonaws.com",
            "sqs.us-east-1.amazonaws.com.evil.com",
            "sqs.us-east-1.evilamazonaws.com",
            "evil.sqs.us-east-1.vpce.amazonaws.com",
            "vpce-1.vpce-svc-1.us-east-1.vpce.amazonaws.com",
        ] {
            assert!(!SQS.is_at_aws(name), "{name}");
        }
    }
}
