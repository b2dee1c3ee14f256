//! Amazon Resource Names.

/// The parts of an ARN, `arn:{partition}:{service}:{region}:{account}:{resource}`. The resource may hold colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: &'a str,
    /// `sqs`, `sns`, …
    pub service: &'a str,
    /// Empty in ARNs of global resources.
    pub region: &'a str,
    /// Empty in ARNs without an owner.
    pub account: &'a str,
    /// The rest after the fifth colon.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of `text`, if it is shaped like an ARN.
    pub fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix("arn:")?;
        let mut colons = memchr::memchr_iter(b':', rest.as_bytes());
        let (service, region) = (colons.next()?, colons.next()?);
        let (account, resource) = (colons.next()?, colons.next()?);
        let arn = Self {
            partition: &rest[..service],
            service: &rest[service + 1..region],
            region: &rest[region + 1..account],
            account: &rest[account + 1..resource],
            resource: &rest[resource + 1..],
        };
        (!arn.resource.is_empty()).then_some(arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_split_at_the_first_five_colons() {
        let arn =
            Arn::parse("arn:aws:sns:eu-west-1:123456789012:topic:subscription").expect("an ARN");
        assert_eq!(
            (arn.service, arn.region, arn.account),
            ("sns", "eu-west-1", "123456789012")
        );
        assert_eq!(arn.resource, "topic:subscription");
    }

    #[test]
    fn other_texts_are_refused() {
        for wrong in [
            "",
            "arn",
            "arn:aws:sqs:us-east-1:123456789012",
            "arn:aws:sqs:us-east-1:123456789012:",
            "x:a:b:c:d:e",
        ] {
            assert_eq!(Arn::parse(wrong), None, "{wrong}");
        }
    }
}
