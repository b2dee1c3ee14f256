//! Types of the shapes in Smithy's models (`smithy-aws-protocol-tests/model`), with its members' names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use topiq::wire::{Blob, DateTime, EpochSeconds, Float, HttpDate, Moment};

/// Makes structures whose members are all optional. A member that the type does not have fails the case.
macro_rules! shapes {
    ($($name:ident { $($member:ident: $type:ty,)* })*) => {$(
        #[derive(Debug, Default, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        #[allow(non_snake_case, reason = "the members of Smithy's shapes keep their names")]
        pub(crate) struct $name {
            $(
                #[serde(skip_serializing_if = "Option::is_none")]
                $member: Option<$type>,
            )*
        }
    )*};
}

shapes! { Empty {} }

/// AWS Query, and the shapes that AWS JSON shares with it.
pub(crate) mod query {
    use topiq::wire::names::{MemberName, Namespaces, Shape};

    use super::*;

    type Map<T> = BTreeMap<String, T>;

    shapes! {
        HostLabelInput { label: String, }
        QueryListsInput {
            ListArg: Vec<String>,
            ComplexListArg: Vec<GreetingStruct>,
            FlattenedListArg: Vec<String>,
            ListArgWithXmlNameMember: Vec<String>,
            FlattenedListArgWithXmlName: Vec<String>,
            NestedWithList: NestedStructWithList,
        }
        NestedStructWithList { ListArg: Vec<String>, }
        GreetingStruct { hi: String, }
        NestedStructWithMap { MapArg: Map<String>, }
        SimpleInputParamsInput {
            Foo: String,
            Bar: String,
            Baz: bool,
            Bam: i32,
            FloatValue: Float,
            Boo: Float,
            Qux: Blob,
            FooEnum: FooEnum,
            IntegerEnum: i32,
        }
        QueryTimestampsInput {
            normalFormat: Moment,
            epochMember: EpochSeconds,
            epochTarget: EpochSeconds,
        }
        NestedStructuresInput { Nested: StructArg, }
        StructArg { StringArg: String, OtherArg: bool, RecursiveArg: Box<StructArg>, }

        GreetingWithErrorsOutput { greeting: String, }
        XmlListsOutput {
            stringList: Vec<String>,
            stringSet: Vec<String>,
            integerList: Vec<i32>,
            booleanList: Vec<bool>,
            timestampList: Vec<Moment>,
            enumList: Vec<FooEnum>,
            intEnumList: Vec<i32>,
            nestedStringList: Vec<Vec<String>>,
            renamedListMembers: Vec<String>,
            flattenedList: Vec<String>,
            flattenedList2: Vec<String>,
            flattenedListWithMemberNamespace: Vec<String>,
            flattenedListWithNamespace: Vec<String>,
            structureList: Vec<StructureListMember>,
        }
        StructureListMember { a: String, b: String, }
        XmlMapsOutput { myMap: Map<GreetingStruct>, }
        XmlMapsXmlNameOutput { myMap: Map<GreetingStruct>, }
        FlattenedXmlMapOutput { myMap: Map<String>, }
        FlattenedXmlMapWithXmlNameOutput { myMap: Map<String>, }
        FlattenedXmlMapWithXmlNamespaceOutput { myMap: Map<String>, }
        SimpleScalarXmlPropertiesOutput {
            stringValue: String,
            emptyStringValue: String,
            trueBooleanValue: bool,
            falseBooleanValue: bool,
            byteValue: i8,
            shortValue: i16,
            integerValue: i32,
            longValue: i64,
            floatValue: Float,
            doubleValue: Float,
        }
        XmlBlobsOutput { data: Blob, }
        XmlTimestampsOutput {
            normal: Moment,
            dateTime: DateTime,
            dateTimeOnTarget: DateTime,
            epochSeconds: EpochSeconds,
            epochSecondsOnTarget: EpochSeconds,
            httpDate: HttpDate,
            httpDateOnTarget: HttpDate,
        }
        XmlEnumsOutput {
            fooEnum1: FooEnum,
            fooEnum2: FooEnum,
            fooEnum3: FooEnum,
            fooEnumList: Vec<FooEnum>,
            fooEnumSet: Vec<FooEnum>,
            fooEnumMap: Map<FooEnum>,
        }
        XmlIntEnumsOutput {
            intEnum1: i32,
            intEnum2: i32,
            intEnum3: i32,
            intEnumList: Vec<i32>,
            intEnumSet: Vec<i32>,
            intEnumMap: Map<i32>,
        }
        RecursiveXmlShapesOutput { nested: RecursiveShape1, }
        RecursiveShape1 { foo: String, nested: RecursiveShape2, }
        RecursiveShape2 { bar: String, recursiveMember: Box<RecursiveShape1>, }
        XmlNamespacesOutput { nested: XmlNamespaceNested, }
        XmlNamespaceNested { foo: String, values: Vec<String>, }
        IgnoresWrappingXmlNameOutput { foo: String, }
    }

    /// A client writes nothing for an empty map, so a server cannot tell it from an absent one.
    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
    pub(crate) struct QueryMapsInput {
        map_arg: Map<String>,
        renamed_map_arg: Map<String>,
        complex_map_arg: Map<GreetingStruct>,
        map_with_xml_member_name: Map<String>,
        flattened_map: Map<String>,
        flattened_map_with_xml_name: Map<String>,
        map_of_lists: Map<Vec<String>>,
        nested_struct_with_map: Option<NestedStructWithMap>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    pub(crate) enum FooEnum {
        Foo,
        #[serde(rename = "0")]
        Zero,
        #[serde(rename = "1")]
        One,
    }

    const FLATTENED: &Shape = &Shape::FLATTENED;
    const ITEM: &Shape = &Shape {
        item: "item",
        ..Shape::PLAIN
    };
    const KEY_VALUE: &Shape = &Shape::PLAIN.with_words("K", "V");
    const FLATTENED_KEY_VALUE: &Shape = &Shape::FLATTENED.with_words("K", "V");

    const NO_NAMESPACES: Namespaces = Namespaces {
        member: None,
        item: None,
        key: None,
        value: None,
    };

    /// The models' `xmlName`, `xmlFlattened` and `xmlNamespace`.
    pub(crate) fn names(structure: &str, member: &'static str) -> MemberName {
        match (structure, member) {
            ("QueryListsInput", "FlattenedListArg")
            | ("QueryMapsInput", "FlattenedMap")
            | ("XmlListsOutput", "flattenedList" | "flattenedListWithNamespace")
            | ("FlattenedXmlMapOutput", "myMap") => MemberName::new(member, FLATTENED),
            ("QueryListsInput", "ListArgWithXmlNameMember") => MemberName::new(member, ITEM),
            ("QueryListsInput", "FlattenedListArgWithXmlName") => MemberName::new("Hi", FLATTENED),
            ("QueryMapsInput", "RenamedMapArg") => MemberName::new("Foo", &Shape::PLAIN),
            ("QueryMapsInput", "MapWithXmlMemberName") => MemberName::new(member, KEY_VALUE),
            ("QueryMapsInput", "FlattenedMapWithXmlName") => {
                MemberName::new("Hi", FLATTENED_KEY_VALUE)
            }
            ("XmlListsOutput", "renamedListMembers") => MemberName::new("renamed", ITEM),
            ("XmlListsOutput", "flattenedList2") => MemberName::new("customName", FLATTENED),
            ("XmlListsOutput", "structureList") => MemberName::new("myStructureList", ITEM),
            ("StructureListMember", "a") => MemberName::new("value", &Shape::PLAIN),
            ("StructureListMember", "b") => MemberName::new("other", &Shape::PLAIN),
            ("XmlMapsXmlNameOutput", "myMap") => {
                const WORDS: Shape = Shape::PLAIN.with_words("Attribute", "Setting");
                MemberName::new(member, &WORDS)
            }
            ("FlattenedXmlMapWithXmlNameOutput", "myMap") => {
                MemberName::new("KVP", FLATTENED_KEY_VALUE)
            }
            ("SimpleScalarXmlPropertiesOutput", "doubleValue") => {
                MemberName::new("DoubleDribble", &Shape::PLAIN)
            }
            _ => namespaced(structure, member),
        }
    }

    fn namespaced(structure: &str, member: &'static str) -> MemberName {
        match (structure, member) {
            ("XmlListsOutput", "flattenedListWithMemberNamespace") => {
                const SHAPE: Shape = Shape {
                    namespaces: Some(&Namespaces {
                        member: Some(("xmlns", "https://xml-member.example.com")),
                        ..NO_NAMESPACES
                    }),
                    ..Shape::FLATTENED
                };
                MemberName::new(member, &SHAPE)
            }
            ("FlattenedXmlMapWithXmlNamespaceOutput", "myMap") => {
                const SHAPE: Shape = Shape {
                    namespaces: Some(&Namespaces {
                        member: Some(("xmlns", "https://the-member.example.com")),
                        key: Some(("xmlns", "https://the-key.example.com")),
                        value: Some(("xmlns", "https://the-value.example.com")),
                        item: None,
                    }),
                    ..Shape::FLATTENED.with_words("K", "V")
                };
                MemberName::new("KVP", &SHAPE)
            }
            ("XmlNamespaceNested", "foo") => {
                const SHAPE: Shape = Shape {
                    namespaces: Some(&Namespaces {
                        member: Some(("xmlns:baz", "http://baz.com")),
                        ..NO_NAMESPACES
                    }),
                    ..Shape::PLAIN
                };
                MemberName::new(member, &SHAPE)
            }
            ("XmlNamespaceNested", "values") => {
                const SHAPE: Shape = Shape {
                    namespaces: Some(&Namespaces {
                        member: Some(("xmlns", "http://qux.com")),
                        item: Some(("xmlns", "http://bux.com")),
                        ..NO_NAMESPACES
                    }),
                    ..Shape::PLAIN
                };
                MemberName::new(member, &SHAPE)
            }
            _ => MemberName::new(member, &Shape::PLAIN),
        }
    }
}

/// AWS JSON 1.0 and 1.1.
pub(crate) mod json {
    use super::query::{FooEnum, GreetingStruct};
    use super::*;

    type Map<T> = BTreeMap<String, T>;

    shapes! {
        ContentTypeParametersInput { value: i32, }
        InlineDocuments { inlineDocument: serde_json::Value, }
        SimpleScalarProperties { floatValue: Float, doubleValue: Float, }
        NullOperation { string: String, }
        SparseNullsOperation {
            sparseStringList: Vec<Option<String>>,
            sparseStringMap: Map<Option<String>>,
        }
        OptionalInput { Value: String, }
        PredictInput { MLModelId: String, Record: Map<String>, PredictEndpoint: String, }
        JsonUnions { contents: MyUnion, }
        SimpleStruct { Value: String, }
        KitchenSink {
            Blob: Blob,
            Boolean: bool,
            Double: Float,
            EmptyStruct: Empty,
            Float: Float,
            HttpdateTimestamp: HttpDate,
            Integer: i32,
            Iso8601Timestamp: DateTime,
            JsonValue: String,
            ListOfLists: Vec<Vec<String>>,
            ListOfMapsOfStrings: Vec<Map<String>>,
            ListOfStrings: Vec<String>,
            ListOfStructs: Vec<SimpleStruct>,
            Long: i64,
            MapOfListsOfStrings: Map<Vec<String>>,
            MapOfMaps: Map<Map<String>>,
            MapOfStrings: Map<String>,
            MapOfStructs: Map<SimpleStruct>,
            RecursiveList: Vec<KitchenSink>,
            RecursiveMap: Map<KitchenSink>,
            RecursiveStruct: Box<KitchenSink>,
            SimpleStruct: SimpleStruct,
            String: String,
            StructWithJsonName: SimpleStruct,
            Timestamp: Moment,
            UnixTimestamp: EpochSeconds,
        }
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(clippy::enum_variant_names, reason = "as Smithy's shape has them")]
    pub(crate) enum MyUnion {
        StringValue(String),
        BooleanValue(bool),
        NumberValue(i32),
        BlobValue(Blob),
        TimestampValue(Moment),
        EnumValue(FooEnum),
        IntEnumValue(i32),
        ListValue(Vec<String>),
        MapValue(Map<String>),
        StructureValue(GreetingStruct),
    }
}

/// Members with defaults that are not their type's.
pub(crate) mod defaults {
    use serde_json::{Value, json};
    use topiq::clock::Timestamp;

    use super::*;

    shapes! {
        NestedStructureInput { topLevel: NestedStructureOutput, }
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
    pub(crate) struct OperationWithDefaultsInput {
        defaults: Option<OperationWithDefaultsOutput>,
        client_optional_defaults: Option<Empty>,
        top_level_default: String,
        other_top_level_default: i32,
    }

    impl Default for OperationWithDefaultsInput {
        fn default() -> Self {
            Self {
                defaults: None,
                client_optional_defaults: None,
                top_level_default: "hi".to_owned(),
                other_top_level_default: 0,
            }
        }
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
    pub(crate) struct OperationWithDefaultsOutput {
        default_string: String,
        default_boolean: bool,
        default_list: Vec<String>,
        default_document_map: Value,
        default_document_string: Value,
        default_document_boolean: Value,
        default_document_list: Value,
        #[serde(skip_serializing_if = "Option::is_none")]
        default_null_document: Option<Value>,
        default_timestamp: Moment,
        default_blob: Blob,
        default_byte: i8,
        default_short: i16,
        default_integer: i32,
        default_long: i64,
        default_float: Float,
        default_double: Float,
        default_map: BTreeMap<String, String>,
        default_enum: TestEnum,
        default_int_enum: i32,
        empty_string: String,
        false_boolean: bool,
        empty_blob: Blob,
        zero_byte: i8,
        zero_short: i16,
        zero_integer: i32,
        zero_long: i64,
        zero_float: Float,
        zero_double: Float,
    }

    impl Default for OperationWithDefaultsOutput {
        fn default() -> Self {
            Self {
                default_string: "hi".to_owned(),
                default_boolean: true,
                default_list: vec![],
                default_document_map: json!({}),
                default_document_string: json!("hi"),
                default_document_boolean: json!(true),
                default_document_list: json!([]),
                default_null_document: None,
                default_timestamp: Moment(Timestamp::from_secs(0)),
                default_blob: Blob(b"abc".to_vec()),
                default_byte: 1,
                default_short: 1,
                default_integer: 10,
                default_long: 100,
                default_float: Float(1.0),
                default_double: Float(1.0),
                default_map: BTreeMap::new(),
                default_enum: TestEnum::Foo,
                default_int_enum: 1,
                empty_string: String::new(),
                false_boolean: false,
                empty_blob: Blob::default(),
                zero_byte: 0,
                zero_short: 0,
                zero_integer: 0,
                zero_long: 0,
                zero_float: Float(0.0),
                zero_double: Float(0.0),
            }
        }
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(rename_all = "UPPERCASE")]
    pub(crate) enum TestEnum {
        Foo,
        Bar,
        Baz,
    }

    #[derive(Debug, Default, Deserialize, Serialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
    pub(crate) struct NestedStructureOutput {
        dialog: Dialog,
        dialog_list: Vec<Dialog>,
        dialog_map: BTreeMap<String, Dialog>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(deny_unknown_fields, default)]
    struct Dialog {
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        greeting: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        farewell: Option<Farewell>,
    }

    impl Default for Dialog {
        fn default() -> Self {
            Self {
                language: None,
                greeting: "hi".to_owned(),
                farewell: None,
            }
        }
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(deny_unknown_fields, default)]
    struct Farewell {
        phrase: String,
    }

    impl Default for Farewell {
        fn default() -> Self {
            Self {
                phrase: "bye".to_owned(),
            }
        }
    }
}
