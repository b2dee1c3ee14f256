//! A target of a rule: as it is sent, checked and shown.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::api_destinations::is_api_destination;
use super::bus::DeadLetterConfig;
use super::buses::BusName;
use super::constraints::{ARNS, NAMES};
use super::delivery;
use super::error::Error;
use super::event::Event;
use super::input::{self, Context, InputFailed, TargetInput};
use super::limits;
use super::parameters::{
    AppSyncParameters, BatchParameters, EcsParameters, HttpParameters, InputTransformer,
    KinesisParameters, RedshiftDataParameters, RetryPolicy, RunCommandParameters,
    SageMakerPipelineParameters, SqsParameters,
};
use crate::aws::validation::{self, Rule, Validation};
use crate::aws::{Arn, is_fifo_name};
use crate::delivery::TargetCache;

/// Services whose targets EventBridge can only call in a role. (It also asks for one in other cases, and says so then.)
const IN_A_ROLE: [&str; 4] = ["states", "codebuild", "codepipeline", "batch"];

/// Members whose texts can be JSON paths into the event.
const WITH_PATHS: [&str; 4] = [
    "EcsParameters",
    "HttpParameters",
    "RedshiftDataParameters",
    "SageMakerPipelineParameters",
];

/// A target, with the members that were given.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Target {
    /// Required: [`Target::validate`] refuses one without.
    id: Option<String>,
    /// Shared with what is recorded of deliveries.
    arn: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_transformer: Option<InputTransformer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kinesis_parameters: Option<KinesisParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_command_parameters: Option<RunCommandParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ecs_parameters: Option<Box<EcsParameters>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_parameters: Option<Box<BatchParameters>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sqs_parameters: Option<SqsParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_parameters: Option<Box<HttpParameters>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redshift_data_parameters: Option<Box<RedshiftDataParameters>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sage_maker_pipeline_parameters: Option<SageMakerPipelineParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_policy: Option<RetryPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_sync_parameters: Option<AppSyncParameters>,
    /// What its input members say: see [`Target::check`].
    #[serde(skip)]
    parsed: TargetInput,
    /// What its ARN names: see [`Target::check`].
    #[serde(skip)]
    place: Place,
    /// Where it was found last, if it is in another service.
    #[serde(skip)]
    pub(super) known: TargetCache,
}

/// What the ARN of a target names.
#[derive(Debug, Default)]
pub(super) enum Place {
    Bus(BusName),
    ApiDestination,
    Queue,
    Stream,
    #[default]
    Other,
}

impl Place {
    fn of(arn: &str, service: &str) -> Self {
        match service {
            "sqs" => Self::Queue,
            "kinesis" => Self::Stream,
            _ if is_api_destination(arn) => Self::ApiDestination,
            _ => BusName::parse(arn).map_or(Self::Other, Self::Bus),
        }
    }
}

impl Target {
    /// The target of a rule that a service manages, which is shown and not delivered to.
    pub(super) fn managed(
        id: &str,
        arn: String,
        role_arn: Option<String>,
        template: Option<String>,
    ) -> Self {
        let input_transformer = template.map(|template| InputTransformer {
            input_paths_map: None,
            input_template: Some(template),
        });
        Self {
            id: Some(id.to_owned()),
            arn: Some(arn.into()),
            role_arn,
            input_transformer,
            ..Self::default()
        }
    }

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
        self.validate_input(place, validation);
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
        if let Some(http) = &self.http_parameters {
            http.validate(&path("httpParameters"), validation);
        }
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

    fn validate_input(&self, place: usize, validation: &mut Validation) {
        let path = |member: &str| format!("targets.{place}.member.{member}");
        for (member, value, length) in [
            ("input", &self.input, limits::INPUT_LENGTH),
            ("inputPath", &self.input_path, limits::PATH_LENGTH),
        ] {
            let rules = [Rule::LengthAtMost(length)];
            validation.check(path(member), value.as_deref(), &rules);
        }
        let Some(transformer) = &self.input_transformer else {
            return;
        };
        let paths = transformer.input_paths_map.as_ref();
        let map = paths.map(|paths| validation::Value::List {
            length: paths.len(),
            shown: &"{...}",
        });
        let member = path("inputTransformer.inputPathsMap");
        validation.check(&member, map, &[Rule::LengthAtMost(limits::PATHS)]);
        let rules = [Rule::LengthAtMost(limits::PATH_LENGTH)];
        for (name, value) in paths.into_iter().flatten() {
            let member = format!("{member}.{name}.member");
            validation.check(member, Some(&**value), &rules);
        }
        validation.check(
            path("inputTransformer.inputTemplate"),
            transformer.input_template.as_deref(),
            &[
                Rule::NotNull,
                Rule::LengthAtLeast(1),
                Rule::LengthAtMost(limits::TEMPLATE_LENGTH),
            ],
        );
    }

    /// Checks what the model does not say, and reads what it says of the target's input.
    pub(super) fn check(&mut self) -> Result<(), Error> {
        self.parsed = self.parse_input()?;
        let (id, arn) = (self.id(), self.arn());
        let Some(parts) = Arn::parse(arn) else {
            return Err(Error::invalid(format!(
                "Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."
            )));
        };
        let place = Place::of(arn, parts.service);
        if parts.service == "sqs" && is_fifo_name(parts.resource) && self.sqs_parameters.is_none() {
            return Err(Error::invalid(format!(
                "Parameter(s) SqsParameters must be specified for target: {id}."
            )));
        }
        let is_api_destination = matches!(place, Place::ApiDestination);
        let needs_role = IN_A_ROLE.contains(&parts.service) || is_api_destination;
        if needs_role && self.role_arn.is_none() {
            return Err(Error::invalid(format!(
                "RoleArn is required for target {arn}."
            )));
        }
        self.place = place;
        Ok(())
    }

    pub(super) fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    pub(super) fn arn(&self) -> &str {
        self.arn.as_deref().unwrap_or_default()
    }

    pub(super) fn shared_arn(&self) -> Arc<str> {
        self.arn.clone().unwrap_or_default()
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    fn parse_input(&self) -> Result<TargetInput, Error> {
        let transformer = self.input_transformer.as_ref();
        let transformer = transformer.map(|transformer| input::InputTransformer {
            paths: transformer
                .input_paths_map
                .iter()
                .flatten()
                .map(|(name, path)| (&**name, &**path))
                .collect(),
            template: transformer.input_template.as_deref().unwrap_or_default(),
        });
        let parsed = TargetInput::parse(
            self.id(),
            self.arn(),
            self.input.as_deref(),
            self.input_path.as_deref(),
            transformer.as_ref(),
        );
        parsed.map_err(|refused| Error::invalid(refused.to_string()))
    }

    /// What it adds to requests, for an API destination.
    pub(super) fn http_parameters(&self) -> Option<&HttpParameters> {
        self.http_parameters.as_deref()
    }

    /// Whether it gets the whole event.
    pub(super) fn takes_events_as_they_are(&self) -> bool {
        self.parsed == TargetInput::default()
    }

    /// What it gets of an event.
    pub(super) fn rendered<'t>(
        &'t self,
        event: &'t str,
        context: &Context<'_>,
    ) -> Result<Cow<'t, str>, InputFailed> {
        self.parsed.render(event, context)
    }

    /// How often and how long its deliveries are tried again.
    pub(super) fn retry_policy(&self) -> delivery::RetryPolicy {
        delivery::RetryPolicy::of(self.retry_policy.as_ref())
    }

    /// The ARN of the queue of what it does not get.
    pub(super) fn dead_letter_queue(&self) -> Option<&str> {
        self.dead_letter_config.as_ref()?.arn.as_deref()
    }

    /// The settings of its kind, with what their paths find in the event.
    pub(super) fn parameters(&self, event: &Event) -> Map<String, Value> {
        let Ok(Value::Object(mut members)) = serde_json::to_value(self) else {
            return Map::new();
        };
        members.retain(|name, _| name.ends_with("Parameters"));
        for (name, parameters) in &mut members {
            if WITH_PATHS.contains(&&**name) {
                input::resolve_paths(parameters, &event.text);
            }
        }
        members
    }

    /// The group of a queue's messages, or the partition key of a stream's records: what its path finds in the event, or
    /// else the event's id.
    pub(super) fn group_id(&self, event: &Event) -> Option<Arc<str>> {
        match self.place {
            Place::Queue => {
                let sqs = self.sqs_parameters.as_ref()?;
                sqs.message_group_id.as_deref().map(Arc::from)
            }
            Place::Stream => {
                let kinesis = self.kinesis_parameters.as_ref();
                let path = kinesis.and_then(|kinesis| kinesis.partition_key_path.as_deref());
                let found = path.and_then(|path| input::text_at(&event.text, path));
                Some(found.map_or_else(|| event.id.to_string().into(), Arc::from))
            }
            Place::Bus(_) | Place::ApiDestination | Place::Other => None,
        }
    }
}
