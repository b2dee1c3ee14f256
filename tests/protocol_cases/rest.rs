//! REST JSON's cases: inputs from paths, query strings and bodies, outputs as bodies. Those of members in headers, of bodies
//! that are no structure and of documents are not among them: no service that topiq serves has any.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use topiq::wire::rest_json::{self, Request, Route};
use topiq::wire::{Float, Moment};

use super::Case;
use super::shapes::{Empty, query};

/// An operation of Smithy's model with the types of its shapes.
struct Operation {
    route: Route,
    read: fn(&Case, &'static Route),
    write: fn(&Case, &Route),
}

impl Operation {
    const fn new<T>(method: &'static str, path: &'static str) -> Self
    where
        T: DeserializeOwned + Serialize + Debug,
    {
        Self {
            route: Route::new("", method, path, 200),
            read: read::<T>,
            write: write::<T>,
        }
    }

    const fn with_query(self, query: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            route: self.route.with_query(query),
            ..self
        }
    }
}

static OPERATIONS: [(&str, Operation); 20] = [
    (
        "NoInputAndNoOutput",
        Operation::new::<Empty>("POST", "/NoInputAndNoOutput"),
    ),
    (
        "UnitInputAndOutput",
        Operation::new::<Empty>("POST", "/UnitInputAndOutput"),
    ),
    (
        "NoInputAndOutput",
        Operation::new::<Empty>("POST", "/NoInputAndOutputOutput"),
    ),
    (
        "EmptyInputAndEmptyOutput",
        Operation::new::<Empty>("POST", "/EmptyInputAndEmptyOutput"),
    ),
    (
        "HttpRequestWithLabels",
        Operation::new::<Labels>(
            "GET",
            "/HttpRequestWithLabels/{string}/{short}/{integer}/{long}/{float}/{double}/{boolean}/{timestamp}",
        ),
    ),
    (
        "HttpRequestWithGreedyLabelInPath",
        Operation::new::<GreedyLabel>(
            "GET",
            "/HttpRequestWithGreedyLabelInPath/foo/{foo}/baz/{baz+}",
        ),
    ),
    (
        "HttpRequestWithFloatLabels",
        Operation::new::<FloatLabels>("GET", "/FloatHttpLabels/{float}/{double}"),
    ),
    (
        "HttpRequestWithRegexLiteral",
        Operation::new::<RegexLiteral>("GET", "/ReDosLiteral/{str}/(a+)+"),
    ),
    (
        "AllQueryStringTypes",
        Operation::new::<AllQueryStringTypes>("GET", "/AllQueryStringTypesInput").with_query(&[
            ("String", "queryString"),
            ("StringList", "queryStringList"),
            ("StringSet", "queryStringSet"),
            ("Byte", "queryByte"),
            ("Short", "queryShort"),
            ("Integer", "queryInteger"),
            ("IntegerList", "queryIntegerList"),
            ("IntegerSet", "queryIntegerSet"),
            ("Long", "queryLong"),
            ("Float", "queryFloat"),
            ("Double", "queryDouble"),
            ("DoubleList", "queryDoubleList"),
            ("Boolean", "queryBoolean"),
            ("BooleanList", "queryBooleanList"),
            ("Timestamp", "queryTimestamp"),
            ("TimestampList", "queryTimestampList"),
            ("Enum", "queryEnum"),
            ("EnumList", "queryEnumList"),
            ("IntegerEnum", "queryIntegerEnum"),
            ("IntegerEnumList", "queryIntegerEnumList"),
        ]),
    ),
    (
        "ConstantQueryString",
        Operation::new::<Hello>("GET", "/ConstantQueryString/{hello}"),
    ),
    (
        "OmitsNullSerializesEmptyString",
        Operation::new::<EmptyString>("GET", "/OmitsNullSerializesEmptyString")
            .with_query(&[("Null", "nullValue"), ("Empty", "emptyString")]),
    ),
    ("JsonLists", Operation::new::<Lists>("PUT", "/JsonLists")),
    (
        "SparseJsonLists",
        Operation::new::<SparseLists>("PUT", "/SparseJsonLists"),
    ),
    ("JsonMaps", Operation::new::<Maps>("POST", "/JsonMaps")),
    (
        "SparseJsonMaps",
        Operation::new::<SparseMaps>("POST", "/SparseJsonMaps"),
    ),
    (
        "JsonBlobs",
        Operation::new::<query::XmlBlobsOutput>("POST", "/JsonBlobs"),
    ),
    (
        "JsonTimestamps",
        Operation::new::<query::XmlTimestampsOutput>("POST", "/JsonTimestamps"),
    ),
    (
        "JsonEnums",
        Operation::new::<query::XmlEnumsOutput>("PUT", "/JsonEnums"),
    ),
    (
        "JsonIntEnums",
        Operation::new::<IntEnums>("PUT", "/JsonIntEnums"),
    ),
    (
        "RecursiveShapes",
        Operation::new::<query::RecursiveXmlShapesOutput>("PUT", "/RecursiveShapes"),
    ),
];

/// Makes structures whose members are all optional.
macro_rules! shapes {
    ($($name:ident { $($(#[$named:meta])* $member:ident: $type:ty,)* })*) => {$(
        #[derive(Debug, Default, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        #[allow(non_snake_case, reason = "the members of Smithy's shapes keep their names")]
        struct $name {
            $(
                $(#[$named])*
                #[serde(skip_serializing_if = "Option::is_none")]
                $member: Option<$type>,
            )*
        }
    )*};
}

type Map<T> = BTreeMap<String, T>;

shapes! {
    Labels {
        string: String,
        short: i16,
        integer: i32,
        long: i64,
        float: Float,
        double: Float,
        boolean: bool,
        timestamp: Moment,
    }
    GreedyLabel { foo: String, baz: String, }
    FloatLabels { float: Float, double: Float, }
    RegexLiteral { str: String, }
    Hello { hello: String, }
    EmptyString { nullValue: String, emptyString: String, }
    AllQueryStringTypes {
        queryString: String,
        queryStringList: Vec<String>,
        queryStringSet: Vec<String>,
        queryByte: i8,
        queryShort: i16,
        queryInteger: i32,
        queryIntegerList: Vec<i32>,
        queryIntegerSet: Vec<i32>,
        queryLong: i64,
        queryFloat: Float,
        queryDouble: Float,
        queryDoubleList: Vec<Float>,
        queryBoolean: bool,
        queryBooleanList: Vec<bool>,
        queryTimestamp: Moment,
        queryTimestampList: Vec<Moment>,
        queryEnum: String,
        queryEnumList: Vec<String>,
        queryIntegerEnum: i32,
        queryIntegerEnumList: Vec<i32>,
    }
    Lists {
        stringList: Vec<String>,
        stringSet: Vec<String>,
        integerList: Vec<i32>,
        booleanList: Vec<bool>,
        timestampList: Vec<Moment>,
        enumList: Vec<String>,
        intEnumList: Vec<i32>,
        nestedStringList: Vec<Vec<String>>,
        // The model's name, which the cases' values have, and the one of bodies.
        #[serde(alias = "structureList")]
        myStructureList: Vec<ListMember>,
    }
    ListMember {
        #[serde(alias = "a")]
        value: String,
        #[serde(alias = "b")]
        other: String,
    }
    SparseLists {
        sparseStringList: Vec<Option<String>>,
        sparseShortList: Vec<Option<i16>>,
    }
    Greeting { hi: String, }
    Maps {
        denseStructMap: Map<Greeting>,
        denseNumberMap: Map<i32>,
        denseBooleanMap: Map<bool>,
        denseStringMap: Map<String>,
        denseSetMap: Map<Vec<String>>,
    }
    SparseMaps {
        sparseStructMap: Map<Option<Greeting>>,
        sparseNumberMap: Map<Option<i32>>,
        sparseBooleanMap: Map<Option<bool>>,
        sparseStringMap: Map<Option<String>>,
        sparseSetMap: Map<Option<Vec<String>>>,
    }
    IntEnums {
        integerEnum1: i32,
        integerEnum2: i32,
        integerEnum3: i32,
        integerEnumList: Vec<i32>,
        integerEnumSet: Vec<i32>,
        integerEnumMap: Map<i32>,
    }
}

/// Whether there is an operation for the case; panics if the case fails.
pub(crate) fn run(case: &Case) -> bool {
    let mut operations = OPERATIONS.iter();
    let found = operations.find(|(shape, _)| *shape == case.shape);
    let Some((_, operation)) = found else {
        return false;
    };
    match &*case.kind {
        "request" => (operation.read)(case, &operation.route),
        "response" => (operation.write)(case, &operation.route),
        _ => return false,
    }
    true
}

/// Asserts that the request is read as the case's value.
fn read<T: DeserializeOwned + Debug>(case: &Case, route: &'static Route) {
    let path = case.uri.as_deref().unwrap();
    let method = case.method.as_deref().unwrap().parse().unwrap();
    let routes = std::slice::from_ref(route);
    assert!(Route::find(routes, &method, path).is_some(), "{}", case.id);
    let query = case.query_params.join("&");
    let request = Request::read(route, path, &query, case.bytes());
    let mut case = case.clone();
    if let Some(Value::Object(members)) = &mut case.params {
        // A member for the whole query string, which no service here has.
        members.remove("queryParamsMapOfStringList");
    }
    case.assert_is_value::<T>(request.decode());
}

/// Asserts that the output is written as the case's body.
fn write<T: DeserializeOwned + Serialize>(case: &Case, route: &Route) {
    let written = rest_json::encode(route, &case.value::<T>());
    let written: Value = serde_json::from_slice(&written).unwrap();
    let expected: Value = serde_json::from_slice(case.bytes()).unwrap();
    assert_eq!(written, expected, "{}", case.id);
}
