//! Smithy's own protocol cases for AWS Query, AWS JSON 1.0 and 1.1 and REST JSON, from its `smithy-aws-protocol-tests`: every request
//! is decoded and every response encoded, with types of the same shapes.
//!
//! `shapes` has the types, `xml` compares documents, `rest` has routes. Cases that do not apply are listed here with their reasons; a case
//! that is neither run nor listed fails the test, and so does a listed one that does not exist.

#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

mod rest;
mod shapes;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use topiq::wire::query::Form;
use topiq::wire::xml::Style;
use topiq::wire::{self, ErrorInfo};

use shapes::{Empty, defaults, json, query};

const COMPRESSION: &str = "requests compressed by the client; the case has no body";

/// Protocol, kind and id of the cases that do not apply, and why. Cases for clients only are marked as such.
const NOT_APPLICABLE: &[(&str, &str, &str, &str)] = &[
    (
        "awsQuery",
        "request",
        "SDKAppliedContentEncoding_awsQuery",
        COMPRESSION,
    ),
    (
        "awsQuery",
        "request",
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery",
        COMPRESSION,
    ),
    (
        "awsJson1_0",
        "request",
        "SDKAppliedContentEncoding_awsJson1_0",
        COMPRESSION,
    ),
    (
        "awsJson1_0",
        "request",
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0",
        COMPRESSION,
    ),
    (
        "awsJson1_1",
        "request",
        "SDKAppliedContentEncoding_awsJson1_1",
        COMPRESSION,
    ),
    (
        "awsJson1_1",
        "request",
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1",
        COMPRESSION,
    ),
    (
        "restJson1",
        "request",
        "RestJsonOmitsEmptyListQueryValues",
        "an empty list leaves nothing in a query string, as one that is absent",
    ),
];

/// A case, as far as it concerns servers.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    protocol: String,
    kind: String,
    shape: String,
    id: String,
    applies_to: Option<String>,
    method: Option<String>,
    uri: Option<String>,
    #[serde(default)]
    query_params: Vec<String>,
    body: Option<String>,
    #[serde(default)]
    params: Option<Value>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    code: Option<u16>,
}

#[test]
fn every_case_for_servers_is_met_or_listed() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../fixtures/protocol-cases.json")).unwrap();
    let mut listed: BTreeSet<_> = NOT_APPLICABLE
        .iter()
        .map(|(protocol, kind, id, _)| (*protocol, *kind, *id))
        .collect();
    assert_eq!(listed.len(), NOT_APPLICABLE.len(), "listed twice");
    let mut run = 0;
    for case in &cases {
        let is_listed = listed.remove(&(&*case.protocol, &*case.kind, &*case.id));
        if is_listed || case.applies_to.as_deref() == Some("client") {
            continue;
        }
        assert!(case.run(), "neither run nor listed: {case:?}");
        run += 1;
    }
    assert!(listed.is_empty(), "listed but absent: {listed:?}");
    assert_eq!(run, 283);
}

impl Case {
    /// Whether there is a shape for the case; panics if the case fails.
    fn run(&self) -> bool {
        match (&*self.protocol, &*self.kind) {
            ("awsQuery", "request") => self.query_request(),
            ("awsQuery", "response") => self.query_response(),
            ("restJson1", _) => rest::run(self),
            (_, "request") => self.json_request(),
            (_, "response") => self.json_response(),
            _ => false,
        }
    }

    fn query_request(&self) -> bool {
        match &*self.shape {
            "NoInputAndNoOutput"
            | "NoInputAndOutput"
            | "EmptyInputAndEmptyOutput"
            | "EndpointOperation" => self.form::<Empty>(),
            "EndpointWithHostLabelOperation" => self.form::<query::HostLabelInput>(),
            "QueryLists" => self.form::<query::QueryListsInput>(),
            "QueryMaps" => self.form::<query::QueryMapsInput>(),
            "SimpleInputParams" => self.form::<query::SimpleInputParamsInput>(),
            "QueryTimestamps" => self.form::<query::QueryTimestampsInput>(),
            "NestedStructures" => self.form::<query::NestedStructuresInput>(),
            _ => return false,
        }
        true
    }

    fn query_response(&self) -> bool {
        match &*self.shape {
            "NoInputAndNoOutput" => self.xml_of(&()),
            "NoInputAndOutput" | "EmptyInputAndEmptyOutput" => self.xml::<Empty>(),
            "GreetingWithErrors" => self.xml::<query::GreetingWithErrorsOutput>(),
            "InvalidGreeting" | "CustomCodeError" | "ComplexError" => self.xml_error(),
            "XmlLists" => self.xml::<query::XmlListsOutput>(),
            "XmlMaps" => self.xml::<query::XmlMapsOutput>(),
            "XmlMapsXmlName" => self.xml::<query::XmlMapsXmlNameOutput>(),
            "FlattenedXmlMap" => self.xml::<query::FlattenedXmlMapOutput>(),
            "FlattenedXmlMapWithXmlName" => self.xml::<query::FlattenedXmlMapWithXmlNameOutput>(),
            "FlattenedXmlMapWithXmlNamespace" => {
                self.xml::<query::FlattenedXmlMapWithXmlNamespaceOutput>();
            }
            "SimpleScalarXmlProperties" => self.xml::<query::SimpleScalarXmlPropertiesOutput>(),
            "XmlBlobs" => self.xml::<query::XmlBlobsOutput>(),
            "XmlTimestamps" => self.xml::<query::XmlTimestampsOutput>(),
            "XmlEnums" => self.xml::<query::XmlEnumsOutput>(),
            "XmlIntEnums" => self.xml::<query::XmlIntEnumsOutput>(),
            "RecursiveXmlShapes" => self.xml::<query::RecursiveXmlShapesOutput>(),
            "XmlNamespaces" => self.xml::<query::XmlNamespacesOutput>(),
            "IgnoresWrappingXmlName" => self.xml::<query::IgnoresWrappingXmlNameOutput>(),
            _ => return false,
        }
        true
    }

    fn json_request(&self) -> bool {
        match &*self.shape {
            "NoInputAndNoOutput"
            | "NoInputAndOutput"
            | "EmptyInputAndEmptyOutput"
            | "EmptyOperation"
            | "EndpointOperation"
            | "QueryIncompatibleOperation"
            | "QueryCompatibleOperation" => self.object::<Empty>(),
            "ContentTypeParameters" => self.object::<json::ContentTypeParametersInput>(),
            "OperationWithDefaults" => self.object::<defaults::OperationWithDefaultsInput>(),
            "OperationWithNestedStructure" => self.object::<defaults::NestedStructureInput>(),
            "EndpointWithHostLabelOperation" => self.object::<query::HostLabelInput>(),
            "PutAndGetInlineDocuments" => self.object::<json::InlineDocuments>(),
            "JsonEnums" => self.object::<query::XmlEnumsOutput>(),
            "JsonIntEnums" => self.object::<query::XmlIntEnumsOutput>(),
            "SimpleScalarProperties" => self.object::<json::SimpleScalarProperties>(),
            "KitchenSinkOperation" => self.object::<json::KitchenSink>(),
            "NullOperation" => self.object::<json::NullOperation>(),
            "SparseNullsOperation" => self.object::<json::SparseNullsOperation>(),
            "OperationWithOptionalInputOutput" => self.object::<json::OptionalInput>(),
            "Predict" => self.object::<json::PredictInput>(),
            "JsonUnions" => self.object::<json::JsonUnions>(),
            _ => return false,
        }
        true
    }

    fn json_response(&self) -> bool {
        match &*self.shape {
            "NoInputAndNoOutput" | "EmptyOperation" => self.body_of(&()),
            "NoInputAndOutput" | "EmptyInputAndEmptyOutput" => self.body::<Empty>(),
            "InvalidGreeting" | "NoCustomCodeError" | "CustomCodeError" | "ComplexError" => {
                self.json_error();
            }
            "OperationWithDefaults" => self.body::<defaults::OperationWithDefaultsOutput>(),
            "OperationWithNestedStructure" => self.body::<defaults::NestedStructureOutput>(),
            "PutAndGetInlineDocuments" => self.body::<json::InlineDocuments>(),
            "JsonEnums" => self.body::<query::XmlEnumsOutput>(),
            "JsonIntEnums" => self.body::<query::XmlIntEnumsOutput>(),
            "SimpleScalarProperties" => self.body::<json::SimpleScalarProperties>(),
            "KitchenSinkOperation" => self.body::<json::KitchenSink>(),
            "NullOperation" => self.body::<json::NullOperation>(),
            "SparseNullsOperation" => self.body::<json::SparseNullsOperation>(),
            "JsonUnions" => self.body::<json::JsonUnions>(),
            _ => return false,
        }
        true
    }

    fn bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default().as_bytes()
    }

    /// The value of the case.
    fn value<T: DeserializeOwned>(&self) -> T {
        let params = self
            .params
            .clone()
            .unwrap_or(Value::Object(serde_json::Map::new()));
        serde_json::from_value(as_json(params, ""))
            .unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts that the form is read as the case's value. NaN equals nothing, so the values' texts are compared.
    fn form<T: DeserializeOwned + Debug>(&self) {
        let form = Form::parse("", self.bytes()).unwrap();
        let decoded: Result<T, _> = wire::query::decode(&form, query::names);
        self.assert_is_value(decoded);
    }

    fn object<T: DeserializeOwned + Debug>(&self) {
        self.assert_is_value::<T>(wire::json::decode(self.bytes()));
    }

    fn assert_is_value<T: DeserializeOwned + Debug>(
        &self,
        decoded: Result<T, wire::error::DecodeError>,
    ) {
        let decoded = decoded.unwrap_or_else(|error| panic!("{error:?}: {self:?}"));
        let (decoded, expected) = (format!("{decoded:?}"), format!("{:?}", self.value::<T>()));
        assert_eq!(decoded, expected, "{}", self.id);
    }

    fn body<T: DeserializeOwned + Serialize>(&self) {
        self.body_of(&self.value::<T>());
    }

    /// Asserts that the output is written as the case's body, down to the layout of its JSON.
    fn body_of<T: Serialize>(&self, output: &T) {
        let written = wire::json::encode(output);
        if self.bytes().is_empty() {
            assert_eq!(written, b"", "{}", self.id);
            return;
        }
        let written: Value = serde_json::from_slice(&written).unwrap();
        let expected: Value = serde_json::from_slice(self.bytes()).unwrap();
        assert_eq!(written, expected, "{}", self.id);
    }

    fn xml<T: DeserializeOwned + Serialize>(&self) {
        self.xml_of(&self.value::<T>());
    }

    /// Asserts that the output is written as the case's document, pretty or not.
    fn xml_of<T: Serialize>(&self, output: &T) {
        for pretty in [false, true] {
            let written =
                wire::xml::encode(&self.shape, "abc-123", output, &style(pretty), query::names);
            self.assert_is_document(&written);
        }
    }

    fn assert_is_document(&self, written: &[u8]) {
        let written = xml::parse(std::str::from_utf8(written).unwrap());
        if let Some(body) = &self.body {
            let expected = xml::parse(body);
            assert_eq!(written.like(&expected), expected, "{}", self.id);
        }
    }

    fn xml_error(&self) {
        let written = wire::xml::error(&self.error_info(), "foo-id", &style(true));
        let written = String::from_utf8(written).unwrap();
        // Every error of a service has a message; those of some cases have none.
        self.assert_is_document(written.replace("<Message/>", "").as_bytes());
    }

    fn json_error(&self) {
        let info = self.error_info();
        let mut written: Value = serde_json::from_slice(&wire::json::error(&info)).unwrap();
        if info.message.is_empty() {
            // Every error of a service has a message; those of some cases have none.
            written.as_object_mut().unwrap().remove("message");
        }
        // AWS's services spell it `message`, whatever the case of the model's member; clients take either.
        let expected = self
            .body
            .as_deref()
            .unwrap()
            .replace("\"Message\"", "\"message\"");
        let expected: Value = serde_json::from_str(&expected).unwrap();
        assert_eq!(written, expected, "{}", self.id);
        if let Some(header) = self.headers.get("x-amzn-query-error") {
            let written = format!("{};{}", info.query_code, info.fault().as_str());
            assert_eq!(&written, header, "{}", self.id);
        }
    }

    /// The error as its service would describe it.
    fn error_info(&self) -> ErrorInfo {
        let mut members = match self.params.clone() {
            Some(Value::Object(members)) => members,
            _ => serde_json::Map::new(),
        };
        let message = members
            .remove("Message")
            .or_else(|| members.remove("message"));
        let message = message.as_ref().and_then(Value::as_str).unwrap_or_default();
        let (json_type, query_code, status) = match (&*self.protocol, &*self.shape) {
            ("awsJson1_0", "InvalidGreeting") => (
                "aws.protocoltests.json10#InvalidGreeting",
                "InvalidGreeting",
                400,
            ),
            ("awsJson1_0", "NoCustomCodeError") => (
                "aws.protocoltests.json10#NoCustomCodeError",
                "NoCustomCodeError",
                400,
            ),
            ("awsJson1_0", "CustomCodeError") => (
                "aws.protocoltests.json10#CustomCodeError",
                "Customized",
                400,
            ),
            ("awsJson1_0", "ComplexError") => {
                ("aws.protocoltests.json10#ComplexError", "ComplexError", 400)
            }
            (_, "ComplexError") => ("ComplexError", "ComplexError", 400),
            ("awsQuery", "CustomCodeError") => ("CustomCodeError", "Customized", 402),
            (_, "InvalidGreeting") => ("InvalidGreeting", "InvalidGreeting", 400),
            _ => panic!("an unknown error: {self:?}"),
        };
        assert_eq!(self.code, Some(status), "{}", self.id);
        ErrorInfo {
            members,
            ..ErrorInfo::new(json_type, query_code, status, message.to_owned())
        }
    }
}

fn style(pretty: bool) -> Style {
    Style {
        namespace: "https://example.com/",
        declaration: !pretty,
        pretty,
        detail: false,
    }
}

/// The cases' values as JSON has them. There, a blob is its text and a moment always a number of seconds.
fn as_json(value: Value, member: &str) -> Value {
    match (member, value) {
        (_, Value::Object(members)) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name.clone(), as_json(value, &name)))
                    .collect(),
            )
        }
        (_, Value::Array(elements)) => elements
            .into_iter()
            .map(|element| as_json(element, member))
            .collect(),
        (
            "Qux" | "data" | "Blob" | "blobValue" | "defaultBlob" | "emptyBlob",
            Value::String(text),
        ) => STANDARD.encode(text).into(),
        ("dateTime" | "dateTimeOnTarget" | "Iso8601Timestamp", Value::Number(seconds)) => {
            texts_of(seconds.as_u64()).0.into()
        }
        ("httpDate" | "httpDateOnTarget" | "HttpdateTimestamp", Value::Number(seconds)) => {
            texts_of(seconds.as_u64()).1.into()
        }
        (_, value) => value,
    }
}

/// The moments of the cases as texts: a table, so that the codec's own functions are not compared with themselves.
fn texts_of(seconds: Option<u64>) -> (&'static str, &'static str) {
    match seconds {
        Some(1_398_796_238) => ("2014-04-29T18:30:38Z", "Tue, 29 Apr 2014 18:30:38 GMT"),
        Some(946_845_296) => ("2000-01-02T20:34:56Z", "Sun, 02 Jan 2000 20:34:56 GMT"),
        other => panic!("a moment that no case has: {other:?}"),
    }
}
