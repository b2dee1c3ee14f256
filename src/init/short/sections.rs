//! The sections of a file besides queues and topics. What a section has are resources of one type, with the properties that
//! CloudFormation has of it.

use crate::export::short::words::{
    API_DESTINATIONS, ARCHIVES, BUSES, CONNECTIONS, DISCOVERERS, ENDPOINTS, LOG_GROUPS, REGISTRIES,
    RULES, STREAMS,
};
use crate::init::template::types::members::Shape;
use crate::init::template::types::{self, Type};

/// A section of a file.
#[derive(Debug)]
pub(super) struct Section {
    /// The key, such as `rules`.
    pub(super) key: &'static str,
    /// What one of its resources is called in errors.
    pub(super) one: &'static str,
    /// CloudFormation's type of it.
    pub(super) type_name: &'static str,
    /// The key by which one names another resource, the property that stands for, and the section of the other.
    pub(super) refers: Option<(&'static str, &'static str, &'static str)>,
    /// What schemas for editors say of it.
    pub(super) about: &'static str,
}

/// The property for the bus of an archive or a discoverer.
pub(super) const SOURCE: &str = "SourceArn";

/// The property that names a rule whose key does not.
pub(super) const NAME: &str = "Name";

pub(super) static SECTIONS: [Section; 10] = [
    Section {
        key: BUSES,
        one: "bus",
        type_name: "AWS::Events::EventBus",
        refers: None,
        about: "Event buses by name. The bus default is there in any case.",
    },
    Section {
        key: RULES,
        one: "rule",
        type_name: "AWS::Events::Rule",
        refers: Some(("bus", "EventBusName", BUSES)),
        about: "Rules of event buses, by name.",
    },
    Section {
        key: ARCHIVES,
        one: "archive",
        type_name: "AWS::Events::Archive",
        refers: Some(("bus", SOURCE, BUSES)),
        about: "Archives of event buses, by name.",
    },
    Section {
        key: CONNECTIONS,
        one: "connection",
        type_name: "AWS::Events::Connection",
        refers: None,
        about: "How API destinations authorise, by name.",
    },
    Section {
        key: API_DESTINATIONS,
        one: "API destination",
        type_name: "AWS::Events::ApiDestination",
        refers: Some(("connection", "ConnectionArn", CONNECTIONS)),
        about: "HTTP endpoints that rules deliver to, by name.",
    },
    Section {
        key: ENDPOINTS,
        one: "endpoint",
        type_name: "AWS::Events::Endpoint",
        refers: None,
        about: "Global endpoints by name.",
    },
    Section {
        key: LOG_GROUPS,
        one: "log group",
        type_name: "AWS::Logs::LogGroup",
        refers: None,
        about: "Log groups by name.",
    },
    Section {
        key: STREAMS,
        one: "stream",
        type_name: "AWS::Kinesis::Stream",
        refers: None,
        about: "Kinesis streams by name.",
    },
    Section {
        key: REGISTRIES,
        one: "registry",
        type_name: "AWS::EventSchemas::Registry",
        refers: None,
        about: "Schema registries by name.",
    },
    Section {
        key: DISCOVERERS,
        one: "discoverer",
        type_name: "AWS::EventSchemas::Discoverer",
        refers: None,
        about: "Discoverers of schemas, by the bus that they watch.",
    },
];

/// The schemas of a registry, which are written within it.
pub(super) static SCHEMAS: Section = Section {
    key: "schemas",
    one: "schema",
    type_name: "AWS::EventSchemas::Schema",
    refers: None,
    about: "The registry's schemas by name.",
};

/// What else a target may have: AWS's members.
pub(super) const TARGET_MEMBERS: [&str; 17] = [
    "AppSyncParameters",
    "Arn",
    "BatchParameters",
    "DeadLetterConfig",
    "EcsParameters",
    "HttpParameters",
    "Id",
    "Input",
    "InputPath",
    "InputTransformer",
    "KinesisParameters",
    "RedshiftDataParameters",
    "RetryPolicy",
    "RoleArn",
    "RunCommandParameters",
    "SageMakerPipelineParameters",
    "SqsParameters",
];

impl Section {
    /// The section of this key.
    pub(super) fn find(key: &str) -> Option<&'static Self> {
        SECTIONS.iter().find(|section| section.key == key)
    }

    /// The section of the resources of a type.
    pub(super) fn of_type(type_name: &str) -> Option<&'static Self> {
        let mut sections = SECTIONS.iter();
        sections.find(|section| section.type_name == type_name)
    }

    pub(super) fn of(&self) -> &'static Type {
        types::find(self.type_name).expect("the table has the types of all sections")
    }

    /// The properties that its resources may have, each with its shape: all but those that keys of topiq's own stand for.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&'static str, Shape)> + use<> {
        let reference = self.refers.map(|(_, property, _)| property);
        let is_own = move |name: &str| {
            let own = ["Tags", "Targets", SOURCE, "RegistryName"];
            own.contains(&name) || Some(name) == reference
        };
        let shapes = self.of().shapes();
        let name = (self.key == RULES).then_some((NAME, Shape::Text));
        let policy = (self.key == REGISTRIES).then_some(("Policy", Shape::Json));
        let written = shapes.filter(move |(name, _)| !is_own(name));
        name.into_iter().chain(written).chain(policy)
    }

    /// The keys of topiq's own.
    pub(super) fn own_keys(&self) -> Vec<&'static str> {
        let has_tags = self.of().shapes().any(|(name, _)| name == "Tags");
        let reference = self.refers.map(|(key, ..)| key);
        let within = match self.key {
            RULES => Some("targets"),
            REGISTRIES => Some("schemas"),
            _ => None,
        };
        let tags = has_tags.then_some("tags");
        reference.into_iter().chain(within).chain(tags).collect()
    }
}
