//! Resources that topiq does not serve: invented values that look right and stay the same, so that policies, roles and
//! subscriptions that refer to them can be made.

use super::names;
use super::source::Template;

/// A type whose ARN is known.
struct Known {
    type_name: &'static str,
    /// The property that gives the name.
    name: &'static str,
    /// The rest after `arn:{partition}:`; `{r}`, `{a}` and `{n}` stand for region, account and name.
    arn: &'static str,
    /// Whether `Ref` gives the ARN, not the name.
    is_ref_arn: bool,
}

const fn known(type_name: &'static str, name: &'static str, arn: &'static str) -> Known {
    Known {
        type_name,
        name,
        arn,
        is_ref_arn: false,
    }
}

const fn by_arn(type_name: &'static str, name: &'static str, arn: &'static str) -> Known {
    Known {
        type_name,
        name,
        arn,
        is_ref_arn: true,
    }
}

/// The types that are commonly used with queues and topics; the ARNs of others are guessed.
const KNOWN: &[Known] = &[
    known(
        "AWS::CloudWatch::Alarm",
        "AlarmName",
        "cloudwatch:{r}:{a}:alarm:{n}",
    ),
    known(
        "AWS::DynamoDB::Table",
        "TableName",
        "dynamodb:{r}:{a}:table/{n}",
    ),
    by_arn(
        "AWS::IAM::ManagedPolicy",
        "ManagedPolicyName",
        "iam::{a}:policy/{n}",
    ),
    known("AWS::IAM::Role", "RoleName", "iam::{a}:role/{n}"),
    known("AWS::IAM::User", "UserName", "iam::{a}:user/{n}"),
    known("AWS::KMS::Key", "", "kms:{r}:{a}:key/{n}"),
    known("AWS::Kinesis::Stream", "Name", "kinesis:{r}:{a}:stream/{n}"),
    known(
        "AWS::KinesisFirehose::DeliveryStream",
        "DeliveryStreamName",
        "firehose:{r}:{a}:deliverystream/{n}",
    ),
    by_arn("AWS::Lambda::Alias", "", "lambda:{r}:{a}:function:{n}"),
    known(
        "AWS::Lambda::Function",
        "FunctionName",
        "lambda:{r}:{a}:function:{n}",
    ),
    by_arn("AWS::Lambda::Version", "", "lambda:{r}:{a}:function:{n}"),
    known(
        "AWS::Logs::LogGroup",
        "LogGroupName",
        "logs:{r}:{a}:log-group:{n}:*",
    ),
    known("AWS::S3::Bucket", "BucketName", "s3:::{n}"),
    by_arn(
        "AWS::SecretsManager::Secret",
        "Name",
        "secretsmanager:{r}:{a}:secret:{n}",
    ),
    known(
        "AWS::Serverless::Function",
        "FunctionName",
        "lambda:{r}:{a}:function:{n}",
    ),
    by_arn(
        "AWS::Serverless::StateMachine",
        "Name",
        "states:{r}:{a}:stateMachine:{n}",
    ),
    by_arn(
        "AWS::StepFunctions::StateMachine",
        "StateMachineName",
        "states:{r}:{a}:stateMachine:{n}",
    ),
];

/// The property that gives a resource of this type its name.
pub(super) fn name_property(type_name: &str) -> Option<&'static str> {
    find(type_name).map(|known| known.name)
}

fn find(type_name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.type_name == type_name)
}

/// A resource that is not served.
pub(super) struct Unserved<'a, 't> {
    pub(super) type_name: &'a str,
    pub(super) name: String,
    pub(super) template: &'a Template<'t>,
}

impl Unserved<'_, '_> {
    /// The value of `Ref`.
    pub(super) fn reference(&self) -> String {
        if find(self.type_name).is_some_and(|known| known.is_ref_arn) {
            self.arn()
        } else {
            self.name()
        }
    }

    /// The value of `Fn::GetAtt`.
    pub(super) fn attribute(&self, attribute: &str) -> String {
        match attribute {
            _ if attribute.ends_with("Arn") => self.arn(),
            "Name" | "KeyId" => self.name(),
            _ => format!("{}-{}", self.name, attribute.replace('.', "-")),
        }
    }

    fn name(&self) -> String {
        match self.type_name {
            "AWS::KMS::Key" => names::uuid(&self.template.stack, &self.name),
            "AWS::S3::Bucket" => self.name.to_lowercase(),
            _ => self.name.clone(),
        }
    }

    fn arn(&self) -> String {
        let context = self.template.context;
        let arn = match find(self.type_name) {
            Some(known) => known.arn.to_owned(),
            None => self.guessed_arn(),
        };
        let arn = arn
            .replace("{r}", context.home.region.as_str())
            .replace("{a}", &context.home.account.to_string())
            .replace("{n}", &self.name());
        format!("arn:{}:{arn}", context.partition())
    }

    /// `ecs:{r}:{a}:cluster/{n}` for `AWS::ECS::Cluster`.
    fn guessed_arn(&self) -> String {
        let mut parts = self.type_name.split("::").skip(1);
        let service = parts.next().unwrap_or("custom").to_lowercase();
        let resource = parts.next().unwrap_or("resource").to_lowercase();
        format!("{service}:{{r}}:{{a}}:{resource}/{{n}}")
    }
}
