//! The settings that targets of single kinds have, in the shapes of AWS's model. They are shown as they were given, without
//! members that the model does not have.

#![expect(
    clippy::struct_field_names,
    reason = "AWS's names: the `SageMakerPipelineParameters` of a target"
)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::constraints::{HEADER_KEYS, HEADER_VALUES, PATH_VALUES, QUERY_KEYS, QUERY_VALUES};
use crate::aws::validation::Validation;

macro_rules! shapes {
    ($($(#[$about:meta])* $name:ident { $($(#[$named:meta])* $member:ident: $kind:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
        #[serde(rename_all = "PascalCase")]
        pub(super) struct $name {
            $(
                $(#[$named])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub(super) $member: Option<$kind>,
            )*
        }
    )*};
}

shapes! {
    /// SQS: the group of every message.
    SqsParameters {
        message_group_id: String,
    }
    /// Kinesis.
    KinesisParameters {
        partition_key_path: String,
    }
    /// API destinations and API Gateway.
    HttpParameters {
        path_parameter_values: Vec<String>,
        header_parameters: BTreeMap<String, String>,
        query_string_parameters: BTreeMap<String, String>,
    }
    /// Systems Manager.
    RunCommandParameters {
        run_command_targets: Vec<RunCommandTarget>,
    }
    RunCommandTarget {
        key: String,
        values: Vec<String>,
    }
    /// ECS.
    EcsParameters {
        task_definition_arn: String,
        task_count: i32,
        launch_type: String,
        network_configuration: NetworkConfiguration,
        platform_version: String,
        group: String,
        capacity_provider_strategy: Vec<CapacityProvider>,
        #[serde(rename = "EnableECSManagedTags")]
        enable_ecs_managed_tags: bool,
        enable_execute_command: bool,
        placement_constraints: Vec<PlacementConstraint>,
        placement_strategy: Vec<PlacementStrategy>,
        propagate_tags: String,
        reference_id: String,
        tags: Vec<TaskTag>,
    }
    NetworkConfiguration {
        #[serde(rename = "awsvpcConfiguration")]
        awsvpc_configuration: AwsVpcConfiguration,
    }
    AwsVpcConfiguration {
        subnets: Vec<String>,
        security_groups: Vec<String>,
        assign_public_ip: String,
    }
    CapacityProvider {
        #[serde(rename = "capacityProvider")]
        capacity_provider: String,
        #[serde(rename = "weight")]
        weight: i32,
        #[serde(rename = "base")]
        base: i32,
    }
    PlacementConstraint {
        #[serde(rename = "type")]
        kind: String,
        #[serde(rename = "expression")]
        expression: String,
    }
    PlacementStrategy {
        #[serde(rename = "type")]
        kind: String,
        #[serde(rename = "field")]
        field: String,
    }
    TaskTag {
        key: String,
        value: String,
    }
    /// Batch.
    BatchParameters {
        job_definition: String,
        job_name: String,
        array_properties: BatchArrayProperties,
        retry_strategy: BatchRetryStrategy,
    }
    BatchArrayProperties {
        size: i32,
    }
    BatchRetryStrategy {
        attempts: i32,
    }
    /// The Redshift Data API.
    RedshiftDataParameters {
        secret_manager_arn: String,
        database: String,
        db_user: String,
        sql: String,
        statement_name: String,
        with_event: bool,
        sqls: Vec<String>,
    }
    /// `SageMaker`.
    SageMakerPipelineParameters {
        pipeline_parameter_list: Vec<SageMakerPipelineParameter>,
    }
    SageMakerPipelineParameter {
        name: String,
        value: String,
    }
    /// `AppSync`.
    AppSyncParameters {
        #[serde(rename = "GraphQLOperation")]
        graphql_operation: String,
    }
    /// A text that says what the target gets of an event.
    InputTransformer {
        input_paths_map: BTreeMap<String, String>,
        input_template: String,
    }
    /// How often, and for how long, a delivery is tried again.
    RetryPolicy {
        maximum_retry_attempts: i32,
        maximum_event_age_in_seconds: i32,
    }
}

impl HttpParameters {
    /// Checks the constraints of the model.
    pub(super) fn validate(&self, path: &str, validation: &mut Validation) {
        let values = self.path_parameter_values.iter().flatten();
        for (place, value) in (1..).zip(values) {
            let member = format_args!("{path}.pathParameterValues.{place}.member");
            validation.check(member, Some(value.as_str()), &PATH_VALUES);
        }
        let maps = [
            (
                "headerParameters",
                &self.header_parameters,
                &HEADER_KEYS,
                &HEADER_VALUES,
            ),
            (
                "queryStringParameters",
                &self.query_string_parameters,
                &QUERY_KEYS,
                &QUERY_VALUES,
            ),
        ];
        for (member, map, keys, values) in maps {
            for (name, value) in map.iter().flatten() {
                let key = format_args!("{path}.{member}.key");
                validation.check(key, Some(name.as_str()), keys);
                let member = format_args!("{path}.{member}.{name}.member");
                validation.check(member, Some(value.as_str()), values);
            }
        }
    }
}
