//! Platform applications and their endpoints: the apps and devices of mobile push.
//!
//! In reading order: [`platform`] lists the push services that SNS knows, [`name`] reads the names of applications and
//! endpoints from ARNs, with the errors of ARNs that name none; [`application`] is an application with its endpoints,
//! [`endpoint`] one endpoint. The collection of all of them is here.
//!
//! Credentials and tokens, which AWS checks with the push service, are accepted unchecked: there is no push service
//! here.

mod application;
mod endpoint;
mod name;
mod platform;

use std::sync::Arc;

pub(crate) use application::{Application, ApplicationAttributes};
pub(crate) use endpoint::{Endpoint, EndpointChange, checked_text, checked_user_data};
pub(crate) use name::{ApplicationName, EndpointName};
pub(crate) use platform::Platform;

use super::Sns;
use super::error::Error;
use crate::aws::{AccountId, Caller, Named, Region};

/// The platform applications of all accounts and regions, by platform and name.
#[derive(Debug, Default)]
pub(crate) struct Platforms(Named<Application>);

impl Platforms {
    pub(crate) fn application(&self, name: &ApplicationName) -> Option<Arc<Application>> {
        self.0.get(name.account, name.region, &name.path)
    }

    /// The endpoint of this name, and its application.
    pub(crate) fn endpoint(
        &self,
        name: &EndpointName,
    ) -> Option<(Arc<Application>, Arc<Endpoint>)> {
        let application = self.application(&name.application)?;
        let endpoint = application.endpoint(name.id)?;
        Some((application, endpoint))
    }

    /// The application of this name: the present one, or a new one with these attributes. Says whether it is new.
    pub(crate) fn get_or_insert(
        &self,
        name: &ApplicationName,
        attributes: ApplicationAttributes,
    ) -> (Arc<Application>, bool) {
        let make = || Application::new(name.clone(), attributes);
        self.0
            .get_or_insert(name.account, name.region, &name.path, make)
    }

    /// Removes an application, and its endpoints with it.
    pub(crate) fn remove(&self, name: &ApplicationName) {
        if let Some(application) = self.application(name) {
            self.0
                .remove(name.account, name.region, &name.path, &application);
        }
    }

    /// Removes all applications of an account.
    pub(crate) fn forget(&self, account: AccountId) {
        self.0.take(account);
    }

    /// The applications of one account in one region after the one of a path, ordered by path.
    pub(crate) fn after<'p>(
        &'p self,
        account: AccountId,
        region: Region,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Application>> + use<'p> {
        self.0.after(account, region, last)
    }
}

impl Sns {
    /// The application named by a request's member `PlatformApplicationArn`.
    pub(super) fn application(
        &self,
        caller: &Caller<'_>,
        arn: &str,
    ) -> Result<Arc<Application>, Error> {
        name::application(caller, arn)?
            .and_then(|name| self.platforms.application(&name))
            .ok_or(Error::PlatformApplicationDoesNotExist)
    }

    /// The endpoint named by a request's member `EndpointArn`, and its application.
    pub(super) fn endpoint(
        &self,
        caller: &Caller<'_>,
        arn: &str,
    ) -> Result<(Arc<Application>, Arc<Endpoint>), Error> {
        name::endpoint(caller, arn)?
            .and_then(|name| self.platforms.endpoint(&name))
            .ok_or(Error::EndpointDoesNotExist)
    }

    /// Whether there is a platform endpoint with this ARN, in any region.
    pub(crate) fn has_platform_endpoint(&self, arn: &str) -> bool {
        EndpointName::parse(arn).is_some_and(|name| self.platforms.endpoint(&name).is_some())
    }
}

/// Reads the name of an application from a request's `PlatformApplicationArn`; `None` if no application can have it.
pub(super) use name::application as application_name;
/// Reads the name of an endpoint from a request's `EndpointArn`; `None` if no endpoint can have it.
pub(super) use name::endpoint as endpoint_name;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::ids::Id;

    fn name(account: &str, region: &str, platform: Platform, name: &str) -> ApplicationName {
        let account = AccountId::parse(account).expect("an account");
        let region = Region::parse(region).expect("a region");
        ApplicationName::new(account, region, platform, name)
    }

    fn attributes() -> ApplicationAttributes {
        let asked = BTreeMap::from([("PlatformCredential".to_owned(), "k".to_owned())]);
        ApplicationAttributes::new(&asked).expect("attributes")
    }

    #[test]
    fn applications_are_told_apart_by_account_region_platform_and_name() {
        let platforms = Platforms::default();
        let names = [
            name("000000000001", "us-east-1", Platform::Gcm, "a"),
            name("000000000002", "us-east-1", Platform::Gcm, "a"),
            name("000000000001", "eu-west-1", Platform::Gcm, "a"),
            name("000000000001", "us-east-1", Platform::Apns, "a"),
            name("000000000001", "us-east-1", Platform::Gcm, "b"),
        ];
        for name in &names {
            assert!(platforms.get_or_insert(name, attributes()).1);
            assert!(!platforms.get_or_insert(name, attributes()).1);
        }
        let listed: Vec<_> = platforms
            .after(names[0].account, names[0].region, None)
            .map(|application| application.arn.to_string())
            .collect();
        assert_eq!(
            listed,
            [
                "arn:aws:sns:us-east-1:000000000001:app/APNS/a",
                "arn:aws:sns:us-east-1:000000000001:app/GCM/a",
                "arn:aws:sns:us-east-1:000000000001:app/GCM/b",
            ]
        );
    }

    #[test]
    fn endpoints_go_with_their_application() {
        let platforms = Platforms::default();
        let app = name("000000000001", "us-east-1", Platform::Gcm, "a");
        let (application, _) = platforms.get_or_insert(&app, attributes());
        let id = Id::from_u128(7);
        let token = EndpointChange {
            token: Some("t".into()),
            ..EndpointChange::default()
        };
        application.add_endpoint(id, token).expect("an endpoint");
        let endpoint = EndpointName {
            application: app.clone(),
            id,
        };
        assert!(platforms.endpoint(&endpoint).is_some());
        platforms.remove(&app);
        assert!(platforms.endpoint(&endpoint).is_none());
        platforms.get_or_insert(&app, attributes());
        assert!(platforms.endpoint(&endpoint).is_none());
    }
}
