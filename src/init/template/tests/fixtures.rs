//! Templates by AWS SAM, the AWS CDK and the Serverless Framework.

use proptest::prelude::*;

use super::{made, plan_with, shown};
use crate::document;

const SAM: &str = include_str!("../../../../tests/fixtures/init/sam.yaml");
const CDK: &str = include_str!("../../../../tests/fixtures/init/cdk.json");
const SERVERLESS: &str = include_str!("../../../../tests/fixtures/init/serverless.json");

#[test]
fn a_sam_template_starts() {
    let plan = plan_with(SAM, &[]).unwrap();
    let (dead_letters, orders) = (made("OrdersDeadLetterQueue"), made("OrdersQueue"));
    let arn = "arn:aws:sqs:eu-west-1:000000000000";
    let topic = "arn:aws:sns:eu-west-1:000000000000:orders-dev";
    assert_eq!(
        shown(&plan),
        format!(
            r#"queue {dead_letters} MessageRetentionPeriod=1209600
queue {orders} VisibilityTimeout=60 MessageRetentionPeriod=86400 RedrivePolicy={{"deadLetterTargetArn":"{arn}:{dead_letters}","maxReceiveCount":5}}
topic orders-dev DisplayName=Orders #stage=dev
attributes of queue {orders} Policy={{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"sns.amazonaws.com"}},"Action":"sqs:SendMessage","Resource":"{arn}:{orders}","Condition":{{"ArnEquals":{{"aws:SourceArn":"{topic}"}}}}}}]}}
subscription {topic} sqs {arn}:{orders} RawMessageDelivery=true FilterPolicy={{"status":["placed"],"total":[{{"numeric":[">",0]}}]}}
"#
        )
    );
    assert_eq!(
        plan.warnings,
        [
            "infra.yaml: topiq does not serve AWS::Serverless::Function, and makes only the queues, topics, subscriptions and policies of PlaceOrderFunction, \
          FulfilOrderFunction, AuditFunction"
        ]
    );
}

#[test]
fn parameters_choose_the_resources_of_a_sam_template() {
    let plan = plan_with(SAM, &[("Stage", "prod"), ("MaxReceiveCount", "9")]).unwrap();
    let shown = shown(&plan);
    assert!(
        shown.contains("MessageRetentionPeriod=1209600 KmsMasterKeyId=alias/orders"),
        "{shown}"
    );
    assert!(shown.contains("\"maxReceiveCount\":9"), "{shown}");
    let audit = "subscription arn:aws:sns:eu-west-1:000000000000:orders-prod lambda \
                 arn:aws:lambda:eu-west-1:000000000000:function:audit-prod\n";
    assert!(shown.ends_with(audit), "{shown}");
}

#[test]
fn a_cdk_template_starts() {
    let plan = plan_with(CDK, &[]).unwrap();
    let (dead_letters, orders) = (made("DeadLettersFB2FBEAC"), made("Orders44C4AD12"));
    let arn = "arn:aws:sqs:eu-west-1:000000000000";
    let topic = "arn:aws:sns:eu-west-1:000000000000:order-events.fifo";
    assert_eq!(
        shown(&plan),
        format!(
            r#"queue {dead_letters}.fifo FifoQueue=true MessageRetentionPeriod=1209600
queue {orders}.fifo ContentBasedDeduplication=true FifoQueue=true RedrivePolicy={{"deadLetterTargetArn":"{arn}:{dead_letters}.fifo","maxReceiveCount":3}} VisibilityTimeout=300
topic order-events.fifo ContentBasedDeduplication=true FifoTopic=true
attributes of queue {orders}.fifo Policy={{"Statement":[{{"Action":"sqs:SendMessage","Condition":{{"ArnEquals":{{"aws:SourceArn":"{topic}"}}}},"Effect":"Allow","Principal":{{"Service":"sns.amazonaws.com"}},"Resource":"{arn}:{orders}.fifo"}}],"Version":"2012-10-17"}}
subscription {topic} sqs {arn}:{orders}.fifo FilterPolicy={{"kind":["placed","paid"]}} FilterPolicyScope=MessageBody RawMessageDelivery=true
"#
        )
    );
    assert_eq!(
        plan.warnings,
        [
            "infra.yaml: topiq does not serve AWS::IAM::Role, and leaves out FulfilServiceRole5B7C2D1A",
            "infra.yaml: topiq does not serve AWS::Lambda::EventSourceMapping, and leaves out \
             FulfilSqsEventSource1F2E3D4C",
            "infra.yaml: topiq does not serve AWS::Lambda::Function, and leaves out Fulfil8D3C1B2A",
        ]
    );
}

#[test]
fn a_serverless_framework_template_starts() {
    let plan = plan_with(SERVERLESS, &[]).unwrap();
    let topic = "arn:aws:sns:eu-west-1:000000000000:order-placed";
    let role = "arn:aws:iam::000000000000:role/shop-dev-eu-west-1-lambdaRole";
    assert_eq!(
        shown(&plan),
        format!(
            r#"queue shop-dev-orders-dlq
queue shop-dev-orders RedrivePolicy={{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:shop-dev-orders-dlq","maxReceiveCount":"3"}}
topic order-placed DisplayName=
subscription {topic} lambda arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-notify
attributes of topic {topic} Policy={{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{role}"}},"Action":"sns:Publish","Resource":"{topic}"}}]}}
CreateLogGroup {{"logGroupName":"/aws/lambda/shop-dev-notify"}} []
"#
        )
    );
    assert_eq!(plan.warnings.len(), 5);
}

proptest! {
    /// An error names one of the template's lines.
    #[test]
    fn a_template_with_mixed_up_lines_is_planned_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3), 1..8),
    ) {
        let mut lines: Vec<&str> = SAM.lines().collect();
        for (from, to, change) in changes {
            let (from, to) = (from.index(lines.len()), to.index(lines.len()));
            match change {
                0 => lines.swap(from, to),
                1 => lines[to] = lines[from],
                _ => drop(lines.remove(from)),
            }
        }
        let text = lines.join("\n");
        if document::read(&text).is_ok()
            && let Err(error) = plan_with(&text, &[])
        {
            prop_assert!((1..=lines.len()).contains(&error.line), "{}", error);
        }
    }
}
