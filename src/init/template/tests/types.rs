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
fn log_groups_and_streams_are_made_with_what_further_calls_set() {
    let template = "
Resources:
  Log:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: /shop
      RetentionInDays: '7'
      DeletionProtectionEnabled: 'true'
      Tags: [{Key: a, Value: 1}]
  Clicks:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: '2'
      RetentionPeriodHours: 48
      StreamModeDetails: {StreamMode: PROVISIONED}
      StreamEncryption: {EncryptionType: KMS, KeyId: alias/k}
      DesiredShardLevelMetrics: [IncomingBytes]
      Tags: [{Key: a, Value: b}]
";
    let name = names::made("shop", "Clicks", "", 128);
    assert_eq!(
        lines(template),
        format!(
            r#"CreateLogGroup {{"logGroupName":"/shop","deletionProtectionEnabled":true,"tags":{{"a":"1"}}}} []
PutRetentionPolicy {{"logGroupName":"/shop","retentionInDays":7}} []
CreateStream {{"StreamName":"{name}","ShardCount":2,"StreamModeDetails":{{"StreamMode":"PROVISIONED"}},"Tags":{{"a":"b"}}}} []
IncreaseStreamRetentionPeriod {{"StreamName":"{name}","RetentionPeriodHours":48}} []
StartStreamEncryption {{"StreamName":"{name}","EncryptionType":"KMS","KeyId":"alias/k"}} []
EnableEnhancedMonitoring {{"StreamName":"{name}","ShardLevelMetrics":["IncomingBytes"]}} []
"#
        )
    );
}

#[test]
fn registries_are_made_with_what_belongs_to_them() {
    let template = r#"
Resources:
  Registry:
    Type: AWS::EventSchemas::Registry
    Properties: {RegistryName: shop, Tags: [{Key: a, Value: b}]}
  Policy:
    Type: AWS::EventSchemas::RegistryPolicy
    Properties: {RegistryName: !GetAtt Registry.RegistryName, Policy: {Version: "2012-10-17"}}
  Schema:
    Type: AWS::EventSchemas::Schema
    Properties: {RegistryName: !GetAtt Registry.RegistryName, SchemaName: s, Type: OpenApi3, Content: "{}"}
  Discoverer:
    Type: AWS::EventSchemas::Discoverer
    Properties: {SourceArn: !GetAtt Bus.Arn, CrossAccount: "false"}
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: aws.partner/a/b}
"#;
    let told = |attribute: &str| {
        let id = names::uuid("shop", &format!("s.{attribute}"));
        format!("s-{attribute}-{id}")
    };
    let [version, modified, created] =
        ["SchemaVersion", "LastModified", "VersionCreatedDate"].map(told);
    let [state, crosses] = ["State", "CrossAccount"].map(|attribute| {
        let name = "events-event-bus-aws.partner-a-b";
        let id = names::uuid("shop", &format!("{name}.{attribute}"));
        format!("{name}-{attribute}-{id}")
    });
    assert_eq!(
        lines(template),
        format!(
            r#"CreateRegistry {{"RegistryName":"shop","tags":{{"a":"b"}}}} []
PutResourcePolicy {{"RegistryName":"shop","Policy":"{{\"Version\":\"2012-10-17\"}}"}} []
CreateSchema {{"SchemaName":"s","RegistryName":"shop","Type":"OpenApi3","Content":"{{}}"}} ["{version}", "{modified}", "{created}"]
CreateEventBus {{"Name":"aws.partner/a/b"}} ["{ARN}:event-bus/aws.partner/a/b"]
CreateDiscoverer {{"SourceArn":"{ARN}:event-bus/aws.partner/a/b","CrossAccount":false}} ["{state}", "{crosses}"]
"#
        )
    );
}

#[test]
fn references_are_names_or_arns() {
    let rest = "
  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: l}}
  K: {Type: AWS::Kinesis::Stream, Properties: {Name: k, ShardCount: 1}}
  R: {Type: AWS::EventSchemas::Registry, Properties: {RegistryName: default}}
  S: {Type: AWS::EventSchemas::Schema, Properties: {RegistryName: default, SchemaName: s}}
  D: {Type: AWS::EventSchemas::Discoverer, Properties: {SourceArn: 'arn:aws:events:eu-west-1:000000000000:event-bus/b'}}
";
    let here = "eu-west-1:000000000000";
    for (reference, expected) in [
        ("!Ref L", "l".to_owned()),
        (
            "!GetAtt L.Arn",
            format!("arn:aws:logs:{here}:log-group:l:*"),
        ),
        ("!Ref K", "k".to_owned()),
        ("!GetAtt K.Arn", format!("arn:aws:kinesis:{here}:stream/k")),
        ("!Ref R", format!("arn:aws:schemas:{here}:registry/default")),
        ("!GetAtt R.RegistryName", "default".to_owned()),
        ("!Ref S", format!("arn:aws:schemas:{here}:schema/default/s")),
        ("!GetAtt S.SchemaName", "s".to_owned()),
        (
            "!Ref D",
            format!("arn:aws:schemas:{here}:discoverer/events-event-bus-b"),
        ),
        ("!GetAtt D.DiscovererId", "events-event-bus-b".to_owned()),
    ] {
        assert_eq!(value(reference, rest), expected, "{reference}");
    }
}

#[test]
fn properties_that_topiq_does_not_have_are_left_out_with_a_warning() {
    let template = "
Resources:
  L:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: l, DataProtectionPolicy: {}}
";
    let plan = plan_with(template, &[]).unwrap();
    assert_eq!(shown(&plan), "CreateLogGroup {\"logGroupName\":\"l\"} []\n");
    assert_eq!(
        plan.warnings,
        [
            "infra.yaml:3: resource L: the property DataProtectionPolicy of AWS::Logs::LogGroup is left out, since topiq does not have it"
        ]
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
    for (type_name, properties, expected) in [
        (
            "AWS::Logs::LogGroup",
            "RetentionInDays: week",
            "RetentionInDays: this takes a whole number, not the text \"week\"",
        ),
        (
            "AWS::Logs::LogGroup",
            "Tags: {a: b}",
            "Tags: this takes a list, not a mapping",
        ),
        (
            "AWS::Kinesis::Stream",
            "ShardCounts: 1",
            "ShardCounts: AWS::Kinesis::Stream has no such property; did you mean ShardCount?",
        ),
        (
            "AWS::EventSchemas::Discoverer",
            "CrossAccount: 7",
            "CrossAccount: this takes true or false, not the number 7",
        ),
    ] {
        let expected = format!("infra.yaml:4: resource R, property {expected}");
        assert_eq!(refused(type_name, properties), expected);
    }
    assert_eq!(
        refused("AWS::EventSchemas::Schemas", ""),
        "infra.yaml:3: resource R: there is no type AWS::EventSchemas::Schemas; did you mean AWS::EventSchemas::Schema?"
    );
    assert_eq!(
        refused("AWS::Events::Archive", "SourceArn: !GetAtt R.Nmae"),
        "infra.yaml:4: resource R, property SourceArn: R is an AWS::Events::Archive and has no attribute Nmae, only Arn and ArchiveName"
    );
}
