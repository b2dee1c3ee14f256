//! Resources that topiq does not serve: invented values and warnings.

use super::{made, plan_with, value, value_refusal};

const OTHERS: &str = "
  Function: {Type: 'AWS::Lambda::Function', Properties: {FunctionName: !Sub 'fn-${AWS::Region}'}}
  Unnamed: {Type: 'AWS::Lambda::Function', Properties: {FunctionName: !ImportValue x}}
  Alias: {Type: 'AWS::Lambda::Alias'}
  Role: {Type: 'AWS::IAM::Role', Properties: {RoleName: r}}
  Bucket: {Type: 'AWS::S3::Bucket'}
  Key: {Type: 'AWS::KMS::Key'}
  Table: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: t}}
  Cluster: {Type: 'AWS::ECS::Cluster'}
  Custom: {Type: 'Custom::Thing', Properties: [anything]}
  Policy: {Type: 'AWS::SQS::QueuePolicy', Properties: {Queues: [], PolicyDocument: {}}}
  Api: {Type: 'AWS::Serverless::Function'}
";

fn is(written: &str, expected: &str) {
    assert_eq!(value(written, OTHERS), expected, "{written}");
}

#[test]
fn references_to_unserved_resources_look_right() {
    is("!Ref Function", "fn-eu-west-1");
    is(
        "!GetAtt Function.Arn",
        "arn:aws:lambda:eu-west-1:000000000000:function:fn-eu-west-1",
    );
    is(
        "!GetAtt Unnamed.Arn",
        &format!(
            "arn:aws:lambda:eu-west-1:000000000000:function:{}",
            made("Unnamed")
        ),
    );
    is(
        "!Ref Alias",
        &format!(
            "arn:aws:lambda:eu-west-1:000000000000:function:{}",
            made("Alias")
        ),
    );
    is("!GetAtt Role.Arn", "arn:aws:iam::000000000000:role/r");
    is("!Ref Role", "r");
    is("!Ref Bucket", &made("Bucket").to_lowercase());
    is(
        "!GetAtt Bucket.Arn",
        &format!("arn:aws:s3:::{}", made("Bucket").to_lowercase()),
    );
    is(
        "!GetAtt Bucket.DomainName",
        &format!("{}-DomainName", made("Bucket")),
    );
    is(
        "!Select [4, !Split ['-', !Ref Key]]",
        &value("!Ref Key", OTHERS)[24..],
    );
    is(
        "!GetAtt Table.StreamArn",
        "arn:aws:dynamodb:eu-west-1:000000000000:table/t",
    );
    is(
        "!GetAtt Cluster.Arn",
        &format!(
            "arn:aws:ecs:eu-west-1:000000000000:cluster/{}",
            made("Cluster")
        ),
    );
    is(
        "!GetAtt Custom.Result.Value",
        &format!("{}-Result-Value", made("Custom")),
    );
    is("!Ref Policy", &made("Policy"));
    is("!GetAtt Policy.Id", &made("Policy"));
}

#[test]
fn sams_generated_resources_exist_under_its_transform_only() {
    assert_eq!(
        value_refusal("!GetAtt ApiRole.Arn", OTHERS),
        "there is no resource named ApiRole"
    );
    let sam = format!("{OTHERS}\nTransform: AWS::Serverless-2016-10-31\n");
    assert_eq!(
        value("!GetAtt ApiRole.Arn", &sam),
        format!("arn:aws:iam::000000000000:role/{}", made("ApiRole"))
    );
    assert_eq!(
        value("!Ref ServerlessRestApi", &sam),
        made("ServerlessRestApi")
    );
    assert_eq!(
        value_refusal("!GetAtt OtherRole.Arn", &sam),
        "there is no resource named OtherRole"
    );
}

#[test]
fn each_unserved_type_is_warned_of_once() {
    let text = "Resources:
  Zeta: {Type: 'AWS::Lambda::Function'}
  Table: {Type: 'AWS::DynamoDB::Table'}
  Alpha: {Type: 'AWS::Lambda::Function'}
  Gone: {Type: 'AWS::Lambda::Function', Condition: Never}
  CDKMetadata: {Type: 'AWS::CDK::Metadata'}
Conditions: {Never: !Equals [a, b]}
";
    assert_eq!(
        plan_with(text, &[]).unwrap().warnings,
        [
            "infra.yaml: topiq does not serve AWS::DynamoDB::Table, and leaves out Table",
            "infra.yaml: topiq does not serve AWS::Lambda::Function, and leaves out Zeta, Alpha",
        ]
    );
}
