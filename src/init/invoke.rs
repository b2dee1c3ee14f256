//! The interface of `--init` to the services: the operations that clients call, so that all checks and errors are
//! AWS's.

use serde_json::Value;

use crate::aws::Caller;
use crate::services::{MODELS, Refused, Services};

/// The services, as far as `--init` needs them.
pub trait Invoke: Sync {
    /// Runs an operation of a service as if `caller` had called it. Input and output are JSON.
    fn invoke(
        &self,
        service: &'static str,
        operation: &str,
        caller: Caller<'_>,
        input: &Value,
    ) -> impl Future<Output = Result<Value, Refused>> + Send;

    /// The ARN of an endpoint's subscription to a topic, confirmed or not: AWS's API does not show an unconfirmed one's.
    fn subscription_arn(&self, topic_arn: &str, protocol: &str, endpoint: &str) -> Option<String>;
}

impl Invoke for Services {
    async fn invoke(
        &self,
        service: &'static str,
        operation: &str,
        caller: Caller<'_>,
        input: &Value,
    ) -> Result<Value, Refused> {
        let Some(model) = MODELS.iter().find(|model| model.name == service) else {
            return Err(Refused {
                code: String::new(),
                sentence: format!("There is no service {service}."),
            });
        };
        let output = self.invoke(model, operation, caller, input).await;
        // A stack, too, goes on when a stream is there.
        if service == "kinesis"
            && let Some(stream) = input["StreamName"].as_str()
        {
            self.kinesis().settle(caller.account, caller.region, stream);
        }
        output
    }

    fn subscription_arn(&self, topic_arn: &str, protocol: &str, endpoint: &str) -> Option<String> {
        let sns = self.sns();
        sns.subscription_arn(topic_arn, protocol, endpoint)
    }
}
