//! The names of platform applications and endpoints in ARNs, and the errors of ARNs that name none.

use super::Platform;
use crate::aws::{AccountId, Caller, Region};
use crate::ids::Id;
use crate::services::sns::arn;
use crate::services::sns::error::Error;

/// The parts of an application's ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApplicationName {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) platform: Platform,
    /// Platform and name, as ARNs have them: `GCM/my-app`.
    pub(crate) path: Box<str>,
}

/// The parts of an endpoint's ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndpointName {
    pub(crate) application: ApplicationName,
    pub(crate) id: Id,
}

impl ApplicationName {
    pub(crate) fn new(account: AccountId, region: Region, platform: Platform, name: &str) -> Self {
        Self {
            account,
            region,
            platform,
            path: format!("{platform}/{name}").into(),
        }
    }

    pub(crate) fn arn(&self) -> String {
        format!("{}app/{}", self.prefix(), self.path)
    }

    /// The part of an ARN before its resource.
    fn prefix(&self) -> String {
        let Self {
            account, region, ..
        } = self;
        format!("arn:{}:sns:{region}:{account}:", region.partition())
    }

    /// The application whose ARN has these parts: those before the resource, and those of the resource after its kind.
    fn of(parts: &[&str], platform: &str, name: &str) -> Option<Self> {
        if parts[0] != "arn" || parts[2] != "sns" {
            return None;
        }
        Some(Self::new(
            AccountId::parse(parts[4])?,
            Region::parse(parts[3])?,
            Platform::parse(platform)?,
            name,
        ))
    }
}

impl EndpointName {
    pub(crate) fn arn(&self) -> String {
        let Self { application, id } = self;
        format!("{}endpoint/{}/{id}", application.prefix(), application.path)
    }

    /// The endpoint that an ARN names, if it names one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<_> = text.splitn(6, ':').collect();
        Self::of(&parts, parts.get(5)?)
    }

    fn of(parts: &[&str], resource: &str) -> Option<Self> {
        let steps: Vec<_> = resource.split('/').collect();
        let ["endpoint", platform, name, id] = steps[..] else {
            return None;
        };
        Some(Self {
            application: ApplicationName::of(parts, platform, name)?,
            id: Id::parse(id).filter(|_| id.len() == ID_LENGTH)?,
        })
    }
}

const ID_LENGTH: usize = 36;
const APPLICATION: &str = "PlatformApplicationArn";
const ENDPOINT: &str = "EndpointArn";

/// The application named by a request's member `PlatformApplicationArn`; `None` if no application can have that name.
/// It need not exist.
pub(in crate::services::sns) fn application(
    caller: &Caller<'_>,
    text: &str,
) -> Result<Option<ApplicationName>, Error> {
    let parts = arn::parts(APPLICATION, text)?;
    let steps = steps(APPLICATION, parts[5], 3)?;
    check_region(caller, APPLICATION, parts[3])?;
    let is_application = steps[0] == "app";
    Ok(ApplicationName::of(&parts, steps[1], steps[2]).filter(|_| is_application))
}

/// The endpoint named by a request's member `EndpointArn`; `None` if no endpoint can have that name. It need not exist.
pub(in crate::services::sns) fn endpoint(
    caller: &Caller<'_>,
    text: &str,
) -> Result<Option<EndpointName>, Error> {
    let parts = arn::parts(ENDPOINT, text)?;
    let steps = steps(ENDPOINT, parts[5], 4)?;
    if steps[3].chars().count() != ID_LENGTH {
        // A client library's tests saw AWS answer this.
        let reason =
            "ARN specifies an invalid endpointId: UUID must be encoded in exactly 36 characters.";
        return Err(Error::invalid_because(ENDPOINT, reason));
    }
    check_region(caller, ENDPOINT, parts[3])?;
    Ok(EndpointName::of(&parts, parts[5]))
}

fn steps<'a>(parameter: &str, resource: &'a str, count: usize) -> Result<Vec<&'a str>, Error> {
    let steps: Vec<_> = resource.split('/').collect();
    if steps.len() != count {
        let reason = "Wrong number of slashes in relative portion of the ARN.";
        return Err(Error::invalid_because(parameter, reason));
    }
    Ok(steps)
}

/// As for topics, another region's ARN is refused without a reason.
fn check_region(caller: &Caller<'_>, parameter: &'static str, region: &str) -> Result<(), Error> {
    if region == caller.region.as_str() {
        return Ok(());
    }
    Err(Error::invalid(parameter))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:sns:eu-west-1:123456789012:endpoint/APNS/my.app/63a3f6b6-d533-4a47-aef9-fcf5cf758c76";

    #[test]
    fn endpoint_arns_round_trip() {
        let name = EndpointName::parse(ARN).expect("an endpoint");
        assert_eq!(name.arn(), ARN);
        assert_eq!(
            name.application.arn(),
            "arn:aws:sns:eu-west-1:123456789012:app/APNS/my.app"
        );
    }

    #[test]
    fn other_arns_name_no_endpoint() {
        for wrong in [
            "",
            "arn:aws:sns:eu-west-1:123456789012",
            "arn:aws:sns:eu-west-1:123456789012:topic",
            "arn:aws:sns:eu-west-1:123456789012:app/APNS/my.app",
            &ARN.replace("endpoint/", "app/"),
            &ARN.replace("APNS", "APN"),
            &ARN.replace(":sns:", ":sqs:"),
            &ARN.replace("63a3", "63a"),
            &format!("{ARN}/x"),
        ] {
            assert_eq!(EndpointName::parse(wrong), None, "{wrong}");
        }
    }
}
