//! A target of a rule: as it is sent, checked and shown.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bus::DeadLetterConfig;
use super::constraints::{ARNS, NAMES};
use super::error::Error;
use super::parameters::{
    AppSyncParameters, BatchParameters, EcsParameters, HttpParameters, KinesisParameters,
    RedshiftDataParameters, RetryPolicy, RunCommandParameters, SageMakerPipelineParameters,
    SqsParameters,
};
use crate::aws::validation::{Rule, Validation};
use crate::aws::{Arn, is_fifo_name};

/// Services whose targets EventBridge can only call in a role. (It also asks for one in other cases, and says so then.)
const IN_A_ROLE: [&str; 4] = ["states", "codebuild", "codepipeline", "batch"];

/// A target, with the members that were given.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Target {
    /// Required: [`Target::validate`] refuses one without.
    id: Option<String>,
    arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role_arn: Option<String>,
    #[serde(skip_serializing)]
    input: Option<String>,
    #[serde(skip_serializing)]
    input_path: Option<String>,
    #[serde(skip_serializing)]
    input_transformer: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kinesis_parameters: Option<KinesisParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_command_parameters: Option<RunCommandParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ecs_parameters: Option<EcsParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_parameters: Option<BatchParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sqs_parameters: Option<SqsParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_parameters: Option<HttpParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redshift_data_parameters: Option<RedshiftDataParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sage_maker_pipeline_parameters: Option<SageMakerPipelineParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_policy: Option<RetryPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_sync_parameters: Option<AppSyncParameters>,
}

impl Target {
    /// Checks the constraints of the model; `place` counts from one.
    pub(super) fn validate(&self, place: usize, validation: &mut Validation) {
        let path = |member: &str| format!("targets.{place}.member.{member}");
        for (member, value, rules) in [
            ("id", self.id.as_deref(), &NAMES[..]),
            ("arn", self.arn.as_deref(), &ARNS[..]),
        ] {
            match value {
                Some(_) => validation.check(path(member), value, rules),
                None => validation.refuse_null(path(member)),
            }
        }
        validation.check(path("roleArn"), self.role_arn.as_deref(), &ARNS);
        let kinesis = self.kinesis_parameters.as_ref();
        if let Some(kinesis) = kinesis {
            let rules = [Rule::NotNull, Rule::LengthAtMost(256)];
            let member = path("kinesisParameters.partitionKeyPath");
            validation.check(member, kinesis.partition_key_path.as_deref(), &rules);
        }
        let sqs = self.sqs_parameters.as_ref();
        let group = sqs.and_then(|sqs| sqs.message_group_id.as_deref());
        validation.check(
            path("sqsParameters.messageGroupId"),
            group,
            &[Rule::LengthAtMost(100)],
        );
        let dead_letters = self.dead_letter_config.as_ref();
        let queue = dead_letters.and_then(|config| config.arn.as_deref());
        validation.check(path("deadLetterConfig.arn"), queue, &ARNS);
        if let Some(policy) = &self.retry_policy {
            validation.check(
                path("retryPolicy.maximumRetryAttempts"),
                policy.maximum_retry_attempts,
                &[Rule::AtLeast(0), Rule::AtMost(185)],
            );
            validation.check(
                path("retryPolicy.maximumEventAgeInSeconds"),
                policy.maximum_event_age_in_seconds,
                &[Rule::AtLeast(60), Rule::AtMost(86_400)],
            );
        }
    }

    /// Checks what the model does not say.
    pub(super) fn check(&self) -> Result<(), Error> {
        let (id, arn) = (self.id(), self.arn());
        let Some(parts) = Arn::parse(arn) else {
            return Err(Error::invalid(format!(
                "Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."
            )));
        };
        let inputs = [
            self.input.is_some(),
            self.input_path.is_some(),
            self.input_transformer.is_some(),
        ];
        match inputs.into_iter().filter(|given| *given).count() {
            0 => {}
            1 => {
                return Err(Error::invalid(format!(
                    "topiq does not apply Input, InputPath and InputTransformer yet: target {id} would get another text than on AWS."
                )));
            }
            _ => {
                return Err(Error::invalid(format!(
                    "Only one of Input, InputPath, or InputTransformer must be provided for target {id}."
                )));
            }
        }
        if parts.service == "sqs" && is_fifo_name(parts.resource) && self.sqs_parameters.is_none() {
            return Err(Error::invalid(format!(
                "Parameter(s) SqsParameters must be specified for target: {id}."
            )));
        }
        if IN_A_ROLE.contains(&parts.service) && self.role_arn.is_none() {
            return Err(Error::invalid(format!(
                "RoleArn is required for target {arn}."
            )));
        }
        Ok(())
    }

    pub(super) fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    pub(super) fn arn(&self) -> &str {
        self.arn.as_deref().unwrap_or_default()
    }

    /// The group of its messages, for a queue.
    pub(super) fn group_id(&self) -> Option<&str> {
        let sqs = self.sqs_parameters.as_ref()?;
        sqs.message_group_id.as_deref()
    }
}
