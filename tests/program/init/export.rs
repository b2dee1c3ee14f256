//! Event buses and what belongs to them, log groups, streams and registries: written by export, and read again.

use serde_json::json;

use super::harness::{amz_json, events, export, refused, started, started_with};
use crate::support::{Host, Request};

/// The secrets of [`EVERYTHING`], by the names that both formats give them.
const SECRETS: [(&str, &str); 5] = [
    ("CarrierConnectionApiKeyValue", "secret-1"),
    ("CarrierConnectionXTenantValue", "secret-2"),
    ("PlainConnectionPassword", "secret-3"),
    ("TokensConnectionClientSecret", "secret-4"),
    ("TokensConnectionScopeValue", "secret-5"),
];

fn secrets() -> Vec<(String, String)> {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    SECRETS.map(owned).into()
}

/// All that the short format has besides queues and topics.
const EVERYTHING: &str = r#"
queues:
  orders: {Policy: {Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: "sqs:SendMessage", Resource: "${queues.orders}", Condition: {ArnEquals: {"aws:SourceArn": "${rules.placed}"}}}]}}
  dead:
  steps.fifo:
topics: {alerts: }
buses:
  default:
    Description: Of AWS
    tags: {team: platform}
    Policy:
      Version: "2012-10-17"
      Statement:
        - {Sid: others, Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "events:PutEvents", Resource: "${buses.default}"}
        - {Effect: Deny, Principal: "*", Action: "events:PutEvents", Resource: "${buses.default}"}
  shop:
    Description: All that happens
    DeadLetterConfig: {Arn: dead}
    LogConfig: {IncludeDetail: FULL, Level: INFO}
    Policy: {Version: "2012-10-17", Statement: [{Sid: s, Effect: Allow, Principal: "*", Action: "events:PutEvents", Resource: "${buses.shop}"}]}
    tags: {team: shop}
  audit: {}
rules:
  placed:
    bus: shop
    Description: Orders over a hundred
    EventPattern: {source: [shop.order], detail: {total: [{numeric: [">", 1.50]}], account: ["123456789012"]}}
    State: DISABLED
    tags: {team: shop}
    targets:
      - orders
      - queue: steps.fifo
        SqsParameters: {MessageGroupId: all}
        DeadLetterConfig: {Arn: dead}
        RetryPolicy: {MaximumRetryAttempts: 4, MaximumEventAgeInSeconds: 60}
      - topic: alerts
        Id: alert
        InputTransformer: {InputPathsMap: {order: $.detail.order}, InputTemplate: "\"Order <order>\""}
      - stream: clicks
        KinesisParameters: {PartitionKeyPath: $.detail.user}
      - bus: audit
  log.all:
    bus: shop
    EventPattern: {source: [{prefix: shop.}]}
    targets:
      - {logGroup: /shop/events, InputPath: $.detail}
      - {apiDestination: ship, RoleArn: "arn:aws:iam::${account}:role/ship", HttpParameters: {PathParameterValues: [$.detail.order]}}
      - {Arn: "arn:aws:lambda:${region}:${account}:function:thank", Input: {thanks: true}}
      - {queue: orders, Input: "\"a  b\""}
  nightly: {ScheduleExpression: "cron(0 3 * * ? *)", targets: [orders]}
  other: {Name: placed, bus: audit, EventPattern: {source: [shop]}}
archives:
  all: {RetentionDays: 7}
  shop: {bus: shop, EventPattern: {source: [shop.order]}, Description: Orders}
connections:
  carrier:
    AuthorizationType: API_KEY
    Description: By key
    AuthParameters:
      ApiKeyAuthParameters: {ApiKeyName: X-Api-Key, ApiKeyValue: "${parameters.CarrierConnectionApiKeyValue}"}
      InvocationHttpParameters:
        HeaderParameters: [{Key: X-Tenant, Value: "${parameters.CarrierConnectionXTenantValue}", IsValueSecret: true}]
        QueryStringParameters: [{Key: v, Value: "2", IsValueSecret: false}]
  plain: {AuthorizationType: BASIC, AuthParameters: {BasicAuthParameters: {Username: me, Password: "${parameters.PlainConnectionPassword}"}}}
  tokens:
    AuthorizationType: OAUTH_CLIENT_CREDENTIALS
    AuthParameters:
      OAuthParameters:
        AuthorizationEndpoint: http://127.0.0.1:9/token
        HttpMethod: POST
        ClientParameters: {ClientID: me, ClientSecret: "${parameters.TokensConnectionClientSecret}"}
        OAuthHttpParameters: {BodyParameters: [{Key: scope, Value: "${parameters.TokensConnectionScopeValue}", IsValueSecret: true}]}
apiDestinations:
  ship: {connection: carrier, InvocationEndpoint: "http://127.0.0.1:9/orders/*", HttpMethod: POST, InvocationRateLimitPerSecond: 10}
  slow: {connection: plain, InvocationEndpoint: "http://127.0.0.1:9/", HttpMethod: GET}
endpoints:
  both:
    EventBuses: [{EventBusArn: "${buses.shop}"}, {EventBusArn: "arn:aws:events:us-east-1:${account}:event-bus/shop"}]
    RoutingConfig: {FailoverConfig: {Primary: {HealthCheck: "arn:aws:route53:::healthcheck/a"}, Secondary: {Route: us-east-1}}}
    ReplicationConfig: {State: DISABLED}
logGroups:
  /shop/events: {RetentionInDays: 7, KmsKeyId: "arn:aws:kms:${region}:${account}:key/k", tags: {team: shop}}
  kept: {DeletionProtectionEnabled: true, LogGroupClass: INFREQUENT_ACCESS}
streams:
  clicks:
    ShardCount: 2
    RetentionPeriodHours: 48
    MaxRecordSizeInKiB: 2048
    StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}
    DesiredShardLevelMetrics: [IncomingBytes, OutgoingBytes]
    tags: {team: shop}
  wide: {StreamModeDetails: {StreamMode: ON_DEMAND}}
registries:
  discovered-schemas: {schemas: {mine: {Type: JSONSchemaDraft4, Content: "{ }"}}}
  shop:
    Description: Of the shop
    Policy: {Version: "2012-10-17", Statement: [{Sid: s, Effect: Allow, Principal: {AWS: "111122223333"}, Action: "schemas:*", Resource: "${registries.shop}"}]}
    tags: {team: shop}
    schemas:
      OrderPlaced: {Type: OpenApi3, Description: An order, Content: {openapi: "3.0.0", info: {title: o, version: "1"}, paths: {}}, tags: {team: shop}}
discoverers:
  shop: {Description: Finds, CrossAccount: false, tags: {team: shop}}
  default: {}
"#;

/// How many resources of each kind a file of [`EVERYTHING`] makes, in the order of their kinds.
async fn counts(host: &Host) -> String {
    let answer = host.ask(&Request::new("GET /_topiq/namespaces")).await;
    let counts = &answer.value()["Namespaces"];
    assert_eq!(counts.as_array().map(Vec::len), Some(1), "{counts}");
    counts[0]["Resources"].to_string().replace("AWS::", "")
}

/// The header of a caller of this account.
fn signed(account: &str, service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={account}/20260101/eu-west-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
}

const COUNTS: &str = r#"{"EventSchemas::Discoverer":2,"EventSchemas::Registry":1,"EventSchemas::Schema":2,"Events::ApiDestination":2,"Events::Archive":2,"Events::Connection":3,"Events::Endpoint":1,"Events::EventBus":3,"Events::Rule":4,"Kinesis::Stream":2,"Logs::LogGroup":2,"SNS::Topic":1,"SQS::Queue":3}"#;

#[tokio::test]
async fn everything_comes_back_as_it_was_exported() {
    let first = started_with("export/everything.yaml", EVERYTHING, &SECRETS).await;
    assert_eq!(counts(&first).await, COUNTS);
    let short = export(&first, "format=topiq").await;
    let template = export(&first, "").await;
    for output in ["yaml", "json"] {
        let query = format!("format=topiq&output={output}");
        let text = export(&first, &query).await;
        let again = started_with(&format!("export/short.{output}"), &text, &SECRETS).await;
        assert_eq!(counts(&again).await, COUNTS);
        assert_eq!(export(&again, "format=topiq").await, short);
        assert_eq!(export(&again, "").await, template);
    }
    let (_, resources) = template.split_once("Resources:\n").expect("resources");
    for text in [&short, resources] {
        for unexpected in ["123456789012\n", ":123456789012:", "eu-west-1", "secret-"] {
            assert!(!text.contains(unexpected), "{unexpected}: {text}");
        }
    }
}

#[tokio::test]
async fn the_same_file_twice_is_as_good_as_once() {
    let once = started_with("export/once.yaml", EVERYTHING, &SECRETS).await;
    let path = super::harness::file("export/twice.yaml", EVERYTHING);
    let mut config = super::harness::config([path.clone(), path]);
    config.init.parameters = secrets();
    let twice = Host::with(config).await;
    let exported = export(&once, "format=topiq").await;
    assert_eq!(export(&twice, "format=topiq").await, exported);
}

#[tokio::test]
async fn a_template_makes_all_that_it_can_say() {
    let first = started_with("export/for-template.yaml", EVERYTHING, &SECRETS).await;
    let template = export(&first, "").await;
    let again = started_with("export/template.yaml", &template, &SECRETS).await;
    // What is left out of it, it cannot leave out again.
    let (head, resources) = template.split_once("Metadata:\n").expect("notes");
    let (notes, resources) = resources.split_once("Parameters:\n").expect("secrets");
    let text = format!("{head}Parameters:\n{resources}");
    assert_eq!(export(&again, "").await, text);
    assert_eq!(
        notes,
        r#"  NotExported:
    - "Description of bus default: \"Of AWS\""
    - "Statement without Sid of the policy of bus default: {\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"events:PutEvents\",\"Resource\":\"arn:aws:events:eu-west-1:123456789012:event-bus/default\"}"
    - "Tag team of bus default: platform"
"#
    );
    let short = export(&first, "format=topiq").await;
    let said = export(&again, "format=topiq").await;
    let differing = short.lines().filter(|line| !said.contains(line));
    let differing: Vec<_> = differing.map(str::trim).collect();
    assert_eq!(
        differing,
        [
            "Description: \"Of AWS\"",
            "- Effect: Deny",
            "team: platform"
        ],
        "{said}"
    );
}

#[tokio::test]
async fn templates_are_written_for_people() {
    let host = started_with("export/people.yaml", EVERYTHING, &SECRETS).await;
    let template = export(&host, "").await;
    for expected in [
        "Parameters:\n  CarrierConnectionApiKeyValue:\n    Type: String\n    NoEcho: true\n",
        "          ApiKeyValue: !Ref CarrierConnectionApiKeyValue\n",
        "      EventBusName: !Ref ShopBus\n",
        "        - Id: Target1\n          Arn: !GetAtt StepsFifoQueue.Arn\n",
        "          Arn: !Sub \"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${ShopEventsLogGroup}\"\n",
        "          Arn: !GetAtt ShipApiDestination.Arn\n",
        "      ConnectionArn: !GetAtt CarrierConnection.Arn\n",
        "      SourceArn: !GetAtt ShopBus.Arn\n",
        "              aws:SourceArn: !GetAtt PlacedRule2.Arn\n",
        "      RegistryName: !GetAtt ShopRegistry.RegistryName\n",
        "      RegistryName: discovered-schemas\n",
        "    Type: AWS::Events::EventBusPolicy\n    Properties:\n      StatementId: others\n",
    ] {
        assert!(template.contains(expected), "{expected}\n{template}");
    }
    let short = export(&host, "format=topiq").await;
    for expected in [
        "\n  placed:\n    bus: audit\n",
        "  shop.placed:\n    Name: placed\n    bus: shop\n    Description: \"Orders over a hundred\"\n",
        "    targets:\n      - orders\n      - queue: steps.fifo\n",
        "      - Arn: \"arn:aws:lambda:${region}:${account}:function:thank\"\n        Input:\n          thanks: true\n",
        "          - 1.50\n",
        "        Content:\n          openapi: \"3.0.0\"\n          info:\n",
        "        ApiKeyValue: \"${parameters.CarrierConnectionApiKeyValue}\"\n",
        "  default:\n    Description: \"Of AWS\"\n",
        "              aws:SourceArn: \"${rules.shop.placed}\"\n",
        "  slow:\n    connection: plain\n",
    ] {
        assert!(short.contains(expected), "{expected}\n{short}");
    }
}

#[tokio::test]
async fn rules_of_one_name_have_keys_of_their_own() {
    let text = "
buses: {a: , b: , c: }
rules:
  one: {bus: a, Name: r, EventPattern: {source: [a]}}
  two: {bus: a, Name: c.r, EventPattern: {source: [a]}}
  three: {bus: b, Name: r, EventPattern: {source: [b]}}
  four: {bus: c, Name: r, EventPattern: {source: [c]}}
  five: {Name: 404, EventPattern: {source: [e]}}
";
    let host = started("export/same.yaml", text).await;
    let exported = export(&host, "format=topiq").await;
    for expected in [
        "\n  r:\n    bus: a\n",
        "\n  c.r:\n    bus: a\n",
        "\n  b.r:\n    Name: r\n    bus: b\n",
        "\n  c.r.2:\n    Name: r\n    bus: c\n",
        "\n  \"404\":\n    EventPattern:\n",
    ] {
        assert!(exported.contains(expected), "{expected}{exported}");
    }
    let again = started("export/same-again.yaml", &exported).await;
    assert_eq!(export(&again, "format=topiq").await, exported);
}

#[tokio::test]
async fn a_file_changes_what_is_there() {
    let change = "
buses: {shop: {Description: Changed, tags: {team: other}}}
logGroups: {/shop/events: {RetentionInDays: 14, tags: {team: other}}}
streams: {clicks: {ShardCount: 2, tags: {team: other}}}
registries: {shop: {Description: Changed, tags: {team: other}}}
discoverers: {shop: {Description: Changed, tags: {team: other}}}
rules: {placed: {bus: shop, EventPattern: {source: [changed]}, tags: {team: other}}}
";
    let mut config = super::harness::config([
        super::harness::file("export/before.yaml", EVERYTHING),
        super::harness::file("export/change.yaml", change),
    ]);
    config.init.parameters = secrets();
    let host = Host::with(config).await;
    let short = export(&host, "format=topiq").await;
    assert_eq!(short.matches("team: other\n").count(), 6, "{short}");
    assert_eq!(
        short.matches("Description: Changed\n").count(),
        3,
        "{short}"
    );
    assert!(short.contains("RetentionInDays: 14\n"), "{short}");
    assert!(short.contains("- changed\n"), "{short}");
}

#[tokio::test]
async fn a_stream_is_there_at_once_when_time_is_strict() {
    let text = "streams: {s: {ShardCount: 1, RetentionPeriodHours: 48}}";
    let mut config = super::harness::config([super::harness::file("export/strict.yaml", text)]);
    config.services.strict_timing = true;
    let host = Host::with(config).await;
    let input = json!({ "StreamName": "s" });
    let stream = amz_json(&host, "Kinesis_20131202.DescribeStreamSummary", &input).await;
    let stream = &stream["StreamDescriptionSummary"];
    assert_eq!(stream["StreamStatus"], "ACTIVE", "{stream}");
    assert_eq!(stream["RetentionPeriodHours"], 48, "{stream}");
}

#[tokio::test]
async fn accounts_that_hold_events_are_named_and_those_that_only_looked_are_not() {
    let host = started("export/none.yaml", "queues:\n").await;
    let ask = async |account: &str, target: &str, input: &str| {
        let request = Request::new("POST /")
            .header("Authorization", &signed(account, "events"))
            .header("X-Amz-Target", &format!("AWSEvents.{target}"))
            .header("Content-Type", "application/x-amz-json-1.1")
            .body(input);
        let answer = host.ask(&request).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
    };
    ask("000000000001", "ListRules", "{}").await;
    ask("000000000002", "CreateEventBus", r#"{"Name":"b"}"#).await;
    ask(
        "000000000003",
        "PutRule",
        r#"{"Name":"r","ScheduleExpression":"rate(1 day)"}"#,
    )
    .await;
    for (account, line) in [
        ("000000000004", "GET /v1/registries"),
        ("000000000005", "POST /v1/registries/name/r"),
    ] {
        let request = Request::new(line)
            .header("Authorization", &signed(account, "schemas"))
            .header("Content-Type", "application/json")
            .body("{}");
        let answer = host.ask(&request).await;
        assert!(answer.status() < 300, "{answer:?}");
    }
    let answer = host.ask(&Request::new("GET /_topiq/namespaces")).await;
    let namespaces = answer.value()["Namespaces"].clone();
    let namespaces = namespaces.as_array().expect("a list").iter();
    let shown = namespaces.map(|one| format!("{} {}", one["Account"], one["Resources"]));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            r#""000000000002" {"AWS::Events::EventBus":1}"#,
            r#""000000000003" {"AWS::Events::Rule":1}"#,
            r#""000000000005" {"AWS::EventSchemas::Registry":1}"#,
        ]
    );
}

#[tokio::test]
async fn what_nothing_can_make_again_is_noted() {
    let text = "
connections: {c: {AuthorizationType: BASIC, AuthParameters: {BasicAuthParameters: {Username: u, Password: p}}}}
apiDestinations: {d: {connection: c, InvocationEndpoint: \"http://127.0.0.1:9\", HttpMethod: GET}}
buses: {b: }
archives: {a: {bus: b}}
streams: {s: {ShardCount: 1}}
discoverers: {default: }
";
    let host = started("export/lost.yaml", text).await;
    events(&host, "DeauthorizeConnection", &json!({ "Name": "c" })).await;
    // An archive keeps its bus by its rule, unless its owner insists.
    let rule = json!({"Rule": "Events-Archive-a", "EventBusName": "b", "Ids": ["Events-Archive-a"], "Force": true});
    events(&host, "RemoveTargets", &rule).await;
    let rule = json!({"Name": "Events-Archive-a", "EventBusName": "b", "Force": true});
    events(&host, "DeleteRule", &rule).await;
    events(&host, "DeleteEventBus", &json!({ "Name": "b" })).await;
    let consumer = json!({
        "StreamARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/s",
        "ConsumerName": "reader",
    });
    amz_json(&host, "Kinesis_20131202.RegisterStreamConsumer", &consumer).await;
    let stop = Request::new("POST /v1/discoverers/id/events-event-bus-default/stop")
        .header("Authorization", &signed("123456789012", "schemas"));
    let answer = host.ask(&stop).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    let template = export(&host, "").await;
    let (notes, rest) = template.split_once("Resources:\n").expect("resources");
    for expected in [
        "    - \"AWS::Events::Connection c\"\n",
        "    - \"AWS::Events::ApiDestination d\"\n",
        "    - \"AWS::Events::Archive a\"\n",
        "    - \"AWS::Kinesis::StreamConsumer reader\"\n",
        "    - \"State of discoverer events-event-bus-default: \\\"STOPPED\\\"\"\n",
    ] {
        assert!(notes.contains(expected), "{expected}{template}");
    }
    for text in [rest.to_owned(), export(&host, "format=topiq").await] {
        assert!(!text.contains("onnection"), "{text}");
        assert!(!text.contains("rchive"), "{text}");
    }
}

#[tokio::test]
async fn what_watches_a_bus_that_is_not_exported_is_noted() {
    const PARTNERS: &str = "aws.partner/shop.example/default";

    let text = "
buses: {gone: }
discoverers: {gone: , default: }
archives: {kept: }
";
    let host = started("export/watched.yaml", text).await;
    let source = json!({ "Name": PARTNERS, "Account": "123456789012" });
    events(&host, "CreatePartnerEventSource", &source).await;
    let bus = json!({ "Name": PARTNERS, "EventSourceName": PARTNERS });
    events(&host, "CreateEventBus", &bus).await;
    let arn = format!("arn:aws:events:eu-west-1:123456789012:event-bus/{PARTNERS}");
    let archive = json!({ "ArchiveName": "theirs", "EventSourceArn": arn });
    events(&host, "CreateArchive", &archive).await;
    let discover = Request::new("POST /v1/discoverers")
        .header("Authorization", &signed("123456789012", "schemas"))
        .body(json!({ "SourceArn": arn }).to_string());
    let answer = host.ask(&discover).await;
    assert_eq!(answer.status(), 201, "{answer:?}");
    // A discoverer keeps its bus by its rule, unless its owner insists.
    let name = "Schemas-events-event-bus-gone";
    let rule = json!({"Rule": name, "EventBusName": "gone", "Ids": [name], "Force": true});
    events(&host, "RemoveTargets", &rule).await;
    let rule = json!({"Name": name, "EventBusName": "gone", "Force": true});
    events(&host, "DeleteRule", &rule).await;
    events(&host, "DeleteEventBus", &json!({ "Name": "gone" })).await;

    let template = export(&host, "").await;
    for expected in [
        "    - \"AWS::Events::Archive theirs\"\n",
        "    - \"AWS::EventSchemas::Discoverer events-event-bus-gone\"\n",
        "    - \"AWS::EventSchemas::Discoverer events-event-bus-aws.partner-shop.example-default\"\n",
    ] {
        assert!(template.contains(expected), "{expected}{template}");
    }
    let short = export(&host, "format=topiq").await;
    assert_eq!(
        short,
        "archives:\n  kept: {}\ndiscoverers:\n  default: {}\n"
    );
    let again = started("export/watched-again.yaml", &short).await;
    assert_eq!(export(&again, "format=topiq").await, short);
}

#[tokio::test]
async fn errors_say_where_they_are() {
    for (text, expected) in [
        (
            "rules:\n  r:\n    EventPattern: {source: [a]}\n    targets:\n      - q\n",
            "wrong.yaml:5: rules.r.targets[0]: there is no queue q",
        ),
        (
            "rules:\n  r:\n    bus: shop\n    EventPattern: {source: [a]}\n",
            "wrong.yaml:3: rules.r.bus: there is no bus shop",
        ),
        (
            "rules:\n  r:\n    EventPatern: {source: [a]}\n",
            "wrong.yaml:3: rules.r.EventPatern: there is no such attribute; did you mean EventPattern?",
        ),
        (
            "queues: {q: }\nrules:\n  r:\n    targets:\n      - queue: q\n        topic: t\n",
            "wrong.yaml:6: rules.r.targets[0].topic: there is no topic t",
        ),
        (
            "queues: {q: }\nrules:\n  r:\n    targets:\n      - queue: q\n        Arn: a:b\n",
            "wrong.yaml:5: rules.r.targets[0] has one of queue, topic, bus, stream, logGroup, apiDestination and Arn",
        ),
        (
            "queues: {q: }\nrules:\n  r:\n    targets:\n      - queue: q\n        Inptu: {}\n",
            "wrong.yaml:6: rules.r.targets[0].Inptu: there is no such attribute; did you mean Input?",
        ),
        (
            "buses:\n  b: {Description: {a: b}}\n",
            "wrong.yaml:2: buses.b.Description: this takes a text, not a mapping",
        ),
        (
            "archives:\n  a:\n    RetentionDays: many\n",
            "wrong.yaml:3: archives.a.RetentionDays: this takes a whole number, not the text \"many\"",
        ),
        (
            "rules:\n  r:\n    EventPattern: [a]\n",
            "wrong.yaml:3: rules.r.EventPattern: this takes a mapping or its JSON text, not a list",
        ),
        (
            "rules:\n  r: {EventPattern: {source: a}}\n",
            "wrong.yaml:2: resource rules.r: Event pattern is not valid. Reason: \"source\" must be an object or an array\\n at [Source: (String)\"{\"source\":\"a\"}\"; line: 1, column: 12]",
        ),
        (
            "registries:\n  shop:\n    schemas:\n      s:\n        Type: OpenApi3\n        Content: {a: b}\n",
            "wrong.yaml:4: resource registries.shop.schemas.s: The schema's content is not an OpenAPI 3 document.",
        ),
        (
            "connections:\n  c:\n    AuthorizationType: BASIC\n    AuthParameters:\n      BasicAuthParameters: {Username: u, Password: \"${parameters.Key}\"}\n",
            "wrong.yaml:5: connections.c.AuthParameters: the parameter Key has no value: --init-param Key=VALUE",
        ),
        (
            "discoverers:\n  shop: {}\n",
            "wrong.yaml:2: discoverers.shop: there is no bus shop",
        ),
        (
            "streams:\n  s: {ShardCount: 0}\n",
            "wrong.yaml:2: resource streams.s: 1 validation error detected: Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ),
        (
            "logGroups:\n  g: {RetentionInDays: 2}\n",
            "wrong.yaml:2: resource logGroups.g: 1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]",
        ),
    ] {
        assert_eq!(refused("export/wrong.yaml", text).await, expected);
    }
}
