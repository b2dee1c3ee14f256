//! The answer to a request that is signed for a service that topiq does not serve.
//!
//! A client shows the error only if it comes in its service's own protocol, and the first `aws s3 mb` of a script is
//! where its user learns that topiq is not for S3.

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::answer::{Answer, ERROR_TYPE, REST_JSON, UNKNOWN_JSON, UNKNOWN_XML};
use super::service::{AwsJson, JsonVersion, ServiceModel};
use super::{ErrorInfo, cbor, json};
use crate::ids::RequestId;

const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");
const CBOR: &str = "rpc-v2-cbor";

/// Services of REST XML, S3 aside. All that is left speaks REST JSON.
const REST_XML: [&str; 2] = ["cloudfront", "route53"];

/// What a request says of its protocol.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sign<'a> {
    /// It has an `X-Amz-Target`; its headers say which version of AWS JSON it speaks.
    Target(&'a HeaderMap),
    /// It has an `Action`.
    Action,
    /// Neither: its headers and its service's name decide.
    Neither(&'a HeaderMap),
}

/// The answer, unless the service is served, or its name is none.
pub(super) fn answer(
    service: Option<&str>,
    sign: Sign<'_>,
    request_id: RequestId,
    services: &[&'static ServiceModel],
) -> Option<Answer> {
    let service = service.filter(|name| is_name(name))?;
    if services.iter().any(|served| served.signing_name == service) {
        return None;
    }
    let sentence = sentence(service, services);
    let unknown = || {
        let json_type = "com.amazon.coral.service#UnknownOperationException";
        ErrorInfo::new(json_type, "InvalidAction", 400, sentence.clone())
    };
    Some(match sign {
        Sign::Target(headers) => Answer::json_error(&aws_json(headers), &unknown()),
        Sign::Action if service == "ec2" => ec2(&unknown(), request_id),
        Sign::Action => Answer::xml_error(&UNKNOWN_XML, request_id, &unknown()),
        Sign::Neither(headers) => {
            let protocol = headers.get(SMITHY_PROTOCOL).map(HeaderValue::as_bytes);
            if protocol == Some(CBOR.as_bytes()) {
                return Some(rpc_cbor(sentence));
            }
            // 501 is the status of S3's `NotImplemented`; no SDK tries again after it.
            let info = ErrorInfo::new("NotImplemented", "NotImplemented", 501, sentence);
            if service.starts_with("s3") {
                s3(&info, request_id)
            } else if REST_XML.contains(&service) {
                Answer::xml_error(&UNKNOWN_XML, request_id, &info)
            } else {
                rest_json(&info)
            }
        }
    })
}

/// AWS JSON in the version of the request.
fn aws_json(headers: &HeaderMap) -> AwsJson {
    let newer = JsonVersion::V1_1;
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_newer = content_type.is_some_and(|it| it.starts_with(newer.content_type().as_bytes()));
    let version = if is_newer { newer } else { JsonVersion::V1_0 };
    AwsJson {
        version,
        ..UNKNOWN_JSON
    }
}

fn is_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(is_allowed)
}

/// `topiq serves sqs, sns and sts, not s3`.
fn sentence(service: &str, services: &[&'static ServiceModel]) -> String {
    let mut sentence = String::from("topiq serves ");
    for (place, served) in services.iter().enumerate() {
        let separator = match place {
            0 => "",
            _ if place + 1 == services.len() => " and ",
            _ => ", ",
        };
        sentence.extend([separator, served.name]);
    }
    sentence.extend([", not ", service]);
    sentence
}

/// S3's errors have no element around them.
fn s3(info: &ErrorInfo, request_id: RequestId) -> Answer {
    let (code, message) = (&info.query_code, &info.message);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request_id}</RequestId></Error>"
    );
    Answer::error(
        HeaderValue::from_static("application/xml"),
        body.into(),
        info,
    )
}

/// EC2 speaks Query with errors of its own form.
fn ec2(info: &ErrorInfo, request_id: RequestId) -> Answer {
    let (code, message) = (&info.query_code, &info.message);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"
    );
    Answer::error(HeaderValue::from_static("text/xml"), body.into(), info)
}

fn rest_json(info: &ErrorInfo) -> Answer {
    let code = HeaderValue::from_str(&info.query_code).expect("error codes are plain ASCII");
    Answer {
        headers: vec![(ERROR_TYPE, code)],
        ..Answer::error(REST_JSON, json::error(info), info)
    }
}

/// RPC v2 CBOR, whose errors have the members of CBOR 1.1.
fn rpc_cbor(sentence: String) -> Answer {
    let code = "UnknownOperationException";
    let info = &ErrorInfo::new(code, code, 400, sentence);
    let body = cbor::error(info);
    Answer {
        headers: vec![(SMITHY_PROTOCOL, HeaderValue::from_static(CBOR))],
        ..Answer::error(HeaderValue::from_static("application/cbor"), body, info)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8949, section 3: major types 5 (a map without a length) and 3 (text).
    #[test]
    fn cbor_is_a_map_of_texts() {
        let answer = rpc_cbor("why".to_owned());
        let expected: &[u8] =
            b"\xbf\x66__type\x78\x19UnknownOperationException\x67message\x63why\xff";
        assert_eq!(answer.body.bytes(), expected);
        assert_eq!(
            answer.headers,
            [(SMITHY_PROTOCOL, HeaderValue::from_static(CBOR))]
        );
    }

    #[test]
    fn names_are_those_of_services() {
        for name in ["s3", "execute-api", "monitoring"] {
            assert!(is_name(name), "{name}");
        }
        for other in ["", "a b", "<", "é", &"a".repeat(65)] {
            assert!(!is_name(other), "{other}");
        }
    }
}
