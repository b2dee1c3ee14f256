//! How SNS checks the ARNs that requests name, with its errors in its order: shape, region.

use memchr::memchr_iter;

use super::error::Error;
use super::topics::TopicName;
use crate::aws::{AccountId, Caller, Region};
use crate::ids::Id;

/// The six parts of an ARN that a request gives as `parameter`. Further colons are the last part's.
pub(super) fn parts<'a>(parameter: &str, text: &'a str) -> Result<[&'a str; 6], Error> {
    let mut parts = [""; 6];
    let (mut count, mut start) = (0, 0);
    for colon in memchr_iter(b':', text.as_bytes()).take(5) {
        parts[count] = &text[start..colon];
        (count, start) = (count + 1, colon + 1);
    }
    if count < 5 {
        let reason = format!("An ARN must have at least 6 elements, not {}", count + 1);
        return Err(Error::invalid_because(parameter, reason));
    }
    parts[5] = &text[start..];
    Ok(parts)
}

/// The caller of one of the two actions that messages link to. A link is not signed and its host is not AWS's, so its
/// region is that of the ARN in it.
pub(super) fn caller_by_link<'a>(caller: &Caller<'a>, arn: &str) -> Caller<'a> {
    let named = arn.split(':').nth(3).and_then(Region::parse);
    let region = named.filter(|_| !caller.is_signed);
    Caller {
        region: region.unwrap_or(caller.region),
        ..*caller
    }
}

/// The topic named by a request's member `parameter`; it need not exist.
pub(super) fn topic(
    caller: &Caller<'_>,
    parameter: &'static str,
    text: &str,
) -> Result<TopicName, Error> {
    let parts = parts(parameter, text)?;
    let refused = || Error::invalid(parameter);
    let region = Region::parse(parts[3]).filter(|region| *region == caller.region);
    if parts[0] != "arn" || parts[2] != "sns" {
        return Err(refused());
    }
    Ok(TopicName {
        region: region.ok_or_else(refused)?,
        // An impossible account has no topics: AWS answers that the topic does not exist.
        account: AccountId::parse(parts[4]).ok_or(Error::TopicDoesNotExist)?,
        name: parts[5].into(),
    })
}

/// The topic and the id of the subscription named by a request's member `SubscriptionArn`.
///
/// A malformed id has no subscription: `None`. A topic's own ARN is refused (recorded).
pub(super) fn subscription(
    caller: &Caller<'_>,
    text: &str,
) -> Result<Option<(TopicName, Id)>, Error> {
    let parts = parts("SubscriptionArn", text)?;
    let Some((topic, id)) = parts[5].split_once(':') else {
        return Err(Error::invalid("SubscriptionId"));
    };
    let region = Region::parse(parts[3]).filter(|region| *region == caller.region);
    let region = region.ok_or_else(|| Error::invalid("SubscriptionArn"))?;
    let name = AccountId::parse(parts[4]).map(|account| TopicName {
        account,
        region,
        name: topic.into(),
    });
    Ok(name.zip(Id::parse(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: fn() -> Caller<'static> = || {
        Caller::within(
            AccountId::DEFAULT,
            Region::default(),
            "Publish",
            "http://localhost:4566",
        )
    };

    #[test]
    fn arns_are_checked_by_shape_then_region() {
        let sentence = |text| {
            topic(&CALLER(), "TopicArn", text)
                .expect_err("refused")
                .to_string()
        };
        assert_eq!(
            sentence(""),
            "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"
        );
        assert_eq!(
            sentence("arn:aws:sns:us-east-1:000000000000"),
            "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 5"
        );
        assert_eq!(
            sentence("arn:aws:sns:eu-west-1:000000000000:t"),
            "Invalid parameter: TopicArn"
        );
        let name = topic(
            &CALLER(),
            "TopicArn",
            "arn:aws:sns:us-east-1:000000000000:t",
        );
        assert_eq!(
            name.expect("a topic").arn(),
            "arn:aws:sns:us-east-1:000000000000:t"
        );
    }

    #[test]
    fn links_are_for_the_region_of_their_arn() {
        let arn = "arn:aws:sns:eu-west-1:000000000000:t";
        assert_eq!(caller_by_link(&CALLER(), arn).region, Region::default());
        let unsigned = Caller {
            is_signed: false,
            ..CALLER()
        };
        assert_eq!(caller_by_link(&unsigned, arn).region.as_str(), "eu-west-1");
        assert_eq!(caller_by_link(&unsigned, "x").region, Region::default());
    }

    #[test]
    fn subscriptions_need_their_id() {
        let arn = "arn:aws:sns:us-east-1:000000000000:t";
        assert_eq!(
            subscription(&CALLER(), arn).expect_err("refused"),
            Error::invalid("SubscriptionId")
        );
        let id = "63a3f6b6-d533-4a47-aef9-fcf5cf758c76";
        let named = subscription(&CALLER(), &format!("{arn}:{id}")).expect("a subscription");
        assert_eq!(named.expect("an id").1.to_string(), id);
        assert_eq!(subscription(&CALLER(), &format!("{arn}:x")), Ok(None));
    }
}
