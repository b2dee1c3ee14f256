//! Resources by table: event buses, rules and what belongs to them.

use super::*;

const ARN: &str = "arn:aws:events:eu-west-1:000000000000";

#[test]
fn buses_and_rules_are_made_with_their_policies_and_targets() {
    let template = r#"
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: placed
      EventBusName: !Ref Bus
      EventPattern: {source: [shop], detail: {total: [{numeric: [">", 100]}]}}
      State: ENABLED
      Targets:
        - Id: queue
          Arn: !GetAtt Orders.Arn
          RetryPolicy: {MaximumRetryAttempts: "4", MaximumEventAgeInSeconds: 60}
          SqsParameters: {MessageGroupId: 7}
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: shop, Policy: {Version: "2012-10-17"}, Tags: [{Key: a, Value: 1}]}
  Orders:
    Type: AWS::SQS::Queue
    Properties: {QueueName: orders}
"#;
    assert_eq!(
        lines(template),
        format!(
            r#"queue orders
CreateEventBus {{"Name":"shop","Tags":[{{"Key":"a","Value":"1"}}]}} ["{ARN}:event-bus/shop"]
PutPermission {{"EventBusName":"shop","Policy":"{{\"Version\":\"2012-10-17\"}}"}} []
PutRule {{"Name":"placed","EventBusName":"shop","EventPattern":"{{\"source\":[\"shop\"],\"detail\":{{\"total\":[{{\"numeric\":[\">\",100]}}]}}}}","State":"ENABLED"}} ["{ARN}:rule/shop/placed"]
PutTargets {{"Rule":"placed","EventBusName":"shop","Targets":[{{"Id":"queue","Arn":"arn:aws:sqs:eu-west-1:000000000000:orders","RetryPolicy":{{"MaximumRetryAttempts":4,"MaximumEventAgeInSeconds":60}},"SqsParameters":{{"MessageGroupId":"7"}}}}]}} []
"#
        )
    );
}

#[test]
fn what_a_service_gives_an_id_is_referred_to_by_a_text_that_stands_for_it() {
    let template = "
Resources:
  Carrier:
    Type: AWS::Events::ApiDestination
    Properties:
      ConnectionArn: !GetAtt Key.Arn
      HttpMethod: POST
      InvocationEndpoint: http://localhost:9000/*
      InvocationRateLimitPerSecond: '10'
  Key:
    Type: AWS::Events::Connection
    Properties:
      Name: carrier
      AuthorizationType: API_KEY
      AuthParameters:
        ApiKeyAuthParameters: {ApiKeyName: X-Api-Key, ApiKeyValue: 123}
        InvocationHttpParameters: {HeaderParameters: [{Key: a, Value: b, IsValueSecret: 'true'}]}
";
    let name = names::made("shop", "Carrier", "", 64);
    let key = format!("{ARN}:connection/carrier/{}", names::uuid("shop", "Key"));
    let secret = names::uuid("shop", "carrier.SecretArn");
    let carrier = names::uuid("shop", "Carrier");
    assert_eq!(
        lines(template),
        format!(
            r#"CreateConnection {{"Name":"carrier","AuthorizationType":"API_KEY","AuthParameters":{{"ApiKeyAuthParameters":{{"ApiKeyName":"X-Api-Key","ApiKeyValue":"123"}},"InvocationHttpParameters":{{"HeaderParameters":[{{"Key":"a","Value":"b","IsValueSecret":true}}]}}}}}} ["{key}", "carrier-SecretArn-{secret}"]
CreateApiDestination {{"Name":"{name}","ConnectionArn":"{key}","InvocationEndpoint":"http://localhost:9000/*","HttpMethod":"POST","InvocationRateLimitPerSecond":10}} ["{ARN}:api-destination/{name}/{carrier}"]
"#
        )
    );
}

#[test]
fn references_to_rules_name_their_bus() {
    for (bus, reference, arn) in [
        ("", "r", "rule/r"),
        ("EventBusName: default", "r", "rule/r"),
        ("EventBusName: shop", "shop|r", "rule/shop/r"),
        (
            "EventBusName: arn:aws:events:eu-west-1:000000000000:event-bus/shop",
            "shop|r",
            "rule/shop/r",
        ),
    ] {
        let rest = format!(
            "  R:\n    Type: AWS::Events::Rule\n    Properties:\n      Name: r\n      {bus}\n"
        );
        assert_eq!(value("!Ref R", &rest), reference);
        assert_eq!(value("!GetAtt R.Arn", &rest), format!("{ARN}:{arn}"));
    }
}

#[test]
fn policies_of_buses_are_statements_or_their_parts() {
    let policy = |properties: &str| {
        lines(&format!(
            "Resources:\n  P:\n    Type: AWS::Events::EventBusPolicy\n    Properties: {{{properties}}}\n"
        ))
    };
    assert_eq!(
        policy("StatementId: s, Action: 'events:PutEvents', Principal: 111122223333"),
        "PutPermission {\"StatementId\":\"s\",\"Action\":\"events:PutEvents\",\"Principal\":\"111122223333\"} []\n"
    );
    assert_eq!(
        policy("StatementId: s, EventBusName: shop, Statement: {Effect: Allow, Sid: x}"),
        "statement of shop {\"Sid\":\"s\",\"Effect\":\"Allow\"}\n"
    );
}

#[test]
fn mistakes_are_told() {
    let refused = |type_name: &str, properties: &str| {
        refusal(&format!(
            "Resources:\n  R:\n    Type: {type_name}\n    Properties: {{{properties}}}\n"
        ))
    };
    assert_eq!(
        refused("AWS::Events::Rule", "EventPatern: {}"),
        "infra.yaml:4: resource R, property EventPatern: AWS::Events::Rule has no such property; did you mean EventPattern?"
    );
    assert_eq!(
        refused("AWS::Events::Rules", ""),
        "infra.yaml:3: resource R: there is no type AWS::Events::Rules; did you mean AWS::Events::Rule?"
    );
    assert_eq!(
        refused("AWS::Events::Archive", "SourceArn: !GetAtt R.Nmae"),
        "infra.yaml:4: resource R, property SourceArn: R is an AWS::Events::Archive and has no attribute Nmae, only Arn and ArchiveName"
    );
}
