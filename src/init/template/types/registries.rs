//! `AWS::EventSchemas`, except the policies of registries.

use super::members::Shape;
use super::{Actions, Naming, Reference, Told, Type, as_member, same};

const SERVICE: &str = "schemas";
const TAG: Option<[&str; 4]> = Some(["TagResource", "ResourceArn", "tags", "tags"]);

pub(super) static TYPES: [Type; 3] = [
    Type {
        name: "AWS::EventSchemas::Registry",
        service: SERVICE,
        naming: Naming::Property("RegistryName", "RegistryName", 64),
        arn: "registry/{n}",
        reference: Reference::Arn,
        attributes: &[
            ("RegistryArn", Told::ArnWith("")),
            ("RegistryName", Told::Name),
        ],
        properties: &[
            same("Description", Shape::Text),
            as_member("Tags", "tags", Shape::Tags),
        ],
        others: &[],
        left_out: &[],
        actions: Actions {
            make: "CreateRegistry",
            change: Some("UpdateRegistry"),
            find: Some(("DescribeRegistry", &["RegistryName"])),
            tag: TAG,
        },
        also: None,
    },
    Type {
        name: "AWS::EventSchemas::Schema",
        service: SERVICE,
        naming: Naming::Property("SchemaName", "SchemaName", 385),
        arn: "schema/{n}",
        reference: Reference::Arn,
        attributes: &[
            ("SchemaArn", Told::ArnWith("")),
            ("SchemaName", Told::Name),
            ("SchemaVersion", Told::Answer("SchemaVersion")),
            ("LastModified", Told::Answer("LastModified")),
            ("VersionCreatedDate", Told::Answer("VersionCreatedDate")),
        ],
        properties: &[
            same("RegistryName", Shape::Text),
            same("Type", Shape::Text),
            same("Content", Shape::Text),
            same("Description", Shape::Text),
            as_member("Tags", "tags", Shape::Tags),
        ],
        others: &[],
        left_out: &[],
        actions: Actions {
            make: "CreateSchema",
            change: Some("UpdateSchema"),
            find: Some(("DescribeSchema", &["RegistryName", "SchemaName"])),
            tag: TAG,
        },
        also: None,
    },
    Type {
        name: "AWS::EventSchemas::Discoverer",
        service: SERVICE,
        naming: Naming::Watched("DiscovererId"),
        arn: "discoverer/{n}",
        reference: Reference::Arn,
        attributes: &[
            ("DiscovererArn", Told::ArnWith("")),
            ("DiscovererId", Told::Name),
            ("State", Told::Answer("State")),
            ("CrossAccount", Told::Answer("CrossAccount")),
        ],
        properties: &[
            same("SourceArn", Shape::Text),
            same("Description", Shape::Text),
            same("CrossAccount", Shape::Boolean),
            as_member("Tags", "tags", Shape::Tags),
        ],
        others: &[],
        left_out: &[],
        actions: Actions {
            make: "CreateDiscoverer",
            change: Some("UpdateDiscoverer"),
            find: Some(("DescribeDiscoverer", &["DiscovererId"])),
            tag: TAG,
        },
        also: None,
    },
];
