//! A platform application: its attributes and its endpoints.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::RwLock;

use super::endpoint::{
    Endpoint, EndpointChange, checked_text, invalid_attribute_name, invalid_value, read_bool,
};
use super::{ApplicationName, EndpointName, Platform};
use crate::ids::Id;
use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// An application as the service holds it.
#[derive(Debug)]
pub(crate) struct Application {
    pub(crate) name: ApplicationName,
    pub(crate) arn: Arc<str>,
    attributes: RwLock<Arc<ApplicationAttributes>>,
    endpoints: RwLock<Endpoints>,
}

/// Its endpoints, one per token.
#[derive(Debug, Default)]
struct Endpoints {
    by_id: BTreeMap<Id, Arc<Endpoint>>,
    by_token: HashMap<Box<str>, Id>,
}

/// An application's attributes by name. Attributes that are not set are absent, except for `Enabled`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApplicationAttributes(BTreeMap<&'static str, String>);

const PRINCIPAL: &str = "PlatformPrincipal";
const CREDENTIAL: &str = "PlatformCredential";
const ENABLED: &str = "Enabled";
const SAMPLE_RATE: &str = "SuccessFeedbackSampleRate";

/// Every attribute that can be set.
const NAMES: [&str; 12] = [
    ENABLED,
    CREDENTIAL,
    PRINCIPAL,
    "EventEndpointCreated",
    "EventEndpointDeleted",
    "EventEndpointUpdated",
    "EventDeliveryFailure",
    "SuccessFeedbackRoleArn",
    "FailureFeedbackRoleArn",
    SAMPLE_RATE,
    "ApplePlatformTeamID",
    "ApplePlatformBundleID",
];

impl ApplicationAttributes {
    /// The attributes of a new application.
    pub(crate) fn new(asked: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self(BTreeMap::from([(ENABLED, "true".to_owned())])).with(asked)
    }

    /// These attributes with the requested changes. An empty value removes an attribute.
    pub(crate) fn with(&self, asked: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut changed = self.clone();
        for (name, value) in asked {
            let known = NAMES.into_iter().find(|known| known == name);
            let name = known.ok_or_else(|| invalid_attribute_name(name))?;
            let value = match name {
                ENABLED => read_bool(name, value)?.to_string(),
                SAMPLE_RATE => checked_rate(value)?,
                _ => checked_text(name, value)?.to_owned(),
            };
            if value.is_empty() {
                changed.0.remove(name);
            } else {
                changed.0.insert(name, value);
            }
        }
        Ok(changed)
    }

    /// Refuses a new application without the attributes that its platform requires.
    pub(crate) fn check_credentials(&self, platform: Platform) -> Result<(), Error> {
        let [has_principal, has_credential] =
            [PRINCIPAL, CREDENTIAL].map(|name| self.0.contains_key(name));
        let (given, missing) = match (has_principal, has_credential) {
            (true, false) => (PRINCIPAL, CREDENTIAL),
            // Recorded for ADM. GCM has no principal; for the others it is not known.
            (false, true) if platform == Platform::Adm => (CREDENTIAL, PRINCIPAL),
            _ => return Ok(()),
        };
        let reason = format!("{given} attribute provided without {missing}");
        Err(Error::invalid_because("Attributes", reason))
    }

    /// The attributes that callers may see: neither the principal nor the credential.
    pub(crate) fn shown(&self) -> BTreeMap<&'static str, String> {
        let mut shown = self.0.clone();
        shown.retain(|name, _| ![PRINCIPAL, CREDENTIAL].contains(name));
        shown
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.0.get(ENABLED).is_some_and(|value| value == "true")
    }
}

/// A percentage, or nothing. AWS's text is the one that a client library's tests have seen.
fn checked_rate(value: &str) -> Result<String, Error> {
    let is_rate = value
        .parse()
        .is_ok_and(|rate| limits::PERCENT.contains(&rate));
    if !is_rate && !value.is_empty() {
        let detail = format!("{value} value provided is not an integer between 0-100");
        return Err(invalid_value(SAMPLE_RATE, detail));
    }
    Ok(value.to_owned())
}

impl Application {
    pub(super) fn new(name: ApplicationName, attributes: ApplicationAttributes) -> Self {
        Self {
            arn: name.arn().into(),
            name,
            attributes: RwLock::new(Arc::new(attributes)),
            endpoints: RwLock::default(),
        }
    }

    pub(crate) fn attributes(&self) -> Arc<ApplicationAttributes> {
        self.attributes.read().clone()
    }

    /// Changes the attributes, all or none.
    pub(crate) fn change_attributes(&self, asked: &BTreeMap<String, String>) -> Result<(), Error> {
        let mut attributes = self.attributes.write();
        *attributes = Arc::new(attributes.with(asked)?);
        Ok(())
    }

    pub(crate) fn endpoint(&self, id: Id) -> Option<Arc<Endpoint>> {
        self.endpoints.read().by_id.get(&id).cloned()
    }

    /// So many endpoints after the one of an ARN, ordered by ARN.
    pub(crate) fn endpoints_after(&self, arn: Option<&str>, count: usize) -> Vec<Arc<Endpoint>> {
        let last = arn.and_then(EndpointName::parse).map(|name| name.id);
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        let endpoints = self.endpoints.read();
        let endpoints = endpoints.by_id.range((start, Bound::Unbounded));
        endpoints.take(count).map(|(_, one)| one.clone()).collect()
    }

    /// The endpoint of a token: the existing one, if it agrees with `asked`, or a new one with this id.
    pub(crate) fn add_endpoint(
        &self,
        id: Id,
        asked: EndpointChange,
    ) -> Result<Arc<Endpoint>, Error> {
        let mut endpoints = self.endpoints.write();
        let token = asked.token.as_deref().unwrap_or_default();
        if let Some(present) = endpoints.of_token(token) {
            if present.agrees_with(&asked) {
                return Ok(present.clone());
            }
            return Err(token_taken(present));
        }
        let name = EndpointName {
            application: self.name.clone(),
            id,
        };
        let endpoint = Arc::new(Endpoint::new(name.arn().into(), asked));
        endpoints.put(id, endpoint.clone());
        Ok(endpoint)
    }

    /// Changes an endpoint, if it still exists.
    pub(crate) fn change_endpoint(&self, id: Id, asked: EndpointChange) -> Result<(), Error> {
        let mut endpoints = self.endpoints.write();
        let present = endpoints
            .by_id
            .get(&id)
            .ok_or(Error::EndpointDoesNotExist)?;
        let changed = present.with(asked);
        if let Some(other) = endpoints.of_token(&changed.token)
            && other.arn != changed.arn
        {
            return Err(token_taken(other));
        }
        endpoints.remove(id);
        endpoints.put(id, Arc::new(changed));
        Ok(())
    }

    pub(crate) fn remove_endpoint(&self, id: Id) {
        self.endpoints.write().remove(id);
    }
}

impl Endpoints {
    fn of_token(&self, token: &str) -> Option<&Arc<Endpoint>> {
        self.by_id.get(self.by_token.get(token)?)
    }

    fn put(&mut self, id: Id, endpoint: Arc<Endpoint>) {
        self.by_token.insert(endpoint.token.clone(), id);
        self.by_id.insert(id, endpoint);
    }

    fn remove(&mut self, id: Id) {
        if let Some(removed) = self.by_id.remove(&id) {
            self.by_token.remove(&removed.token);
        }
    }
}

fn token_taken(endpoint: &Endpoint) -> Error {
    let reason = format!(
        "Endpoint {} already exists with the same Token, but different attributes.",
        endpoint.arn
    );
    Error::invalid_because("Token", reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{AccountId, Region};

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn application() -> Application {
        let (account, region) = (AccountId::DEFAULT, Region::default());
        let name = ApplicationName::new(account, region, Platform::Gcm, "a");
        Application::new(name, ApplicationAttributes::new(&map(&[])).expect("none"))
    }

    fn asked(token: &str, pairs: &[(&str, &str)]) -> EndpointChange {
        EndpointChange {
            token: Some(token.into()),
            ..EndpointChange::read(&map(pairs)).expect("attributes")
        }
    }

    #[test]
    fn secrets_are_kept_but_not_shown() {
        let pairs = [
            (PRINCIPAL, "p"),
            (CREDENTIAL, "c"),
            ("EventEndpointCreated", "arn"),
        ];
        let attributes = ApplicationAttributes::new(&map(&pairs)).expect("attributes");
        let shown = BTreeMap::from([
            (ENABLED, "true".to_owned()),
            ("EventEndpointCreated", "arn".to_owned()),
        ]);
        assert_eq!(attributes.shown(), shown);
        let other = attributes
            .with(&map(&[(CREDENTIAL, "d")]))
            .expect("changed");
        assert_ne!(other, attributes);
        assert_eq!(other.shown(), shown);
    }

    #[test]
    fn empty_values_take_attributes_away() {
        let attributes = ApplicationAttributes::new(&map(&[(SAMPLE_RATE, "5")])).expect("set");
        let changed = attributes.with(&map(&[(SAMPLE_RATE, "")])).expect("unset");
        assert_eq!(
            changed,
            ApplicationAttributes::new(&map(&[])).expect("none")
        );
    }

    #[test]
    fn a_token_has_one_endpoint_whose_attributes_must_be_the_same() {
        let application = application();
        let data = [("CustomUserData", "d")];
        let first = application.add_endpoint(Id::from_u128(1), asked("t", &data));
        let first = first.expect("new");
        let again = application.add_endpoint(Id::from_u128(2), asked("t", &data));
        assert_eq!(again.expect("the same").arn, first.arn);
        for other in [
            &[][..],
            &[("CustomUserData", "e")],
            &[data[0], (ENABLED, "false")],
        ] {
            let refused = application.add_endpoint(Id::from_u128(2), asked("t", other));
            assert_eq!(refused.expect_err("different"), token_taken(&first));
        }
        assert_eq!(application.endpoints_after(None, 2).len(), 1);
    }

    #[test]
    fn a_disabled_endpoint_is_found_by_those_who_do_not_say_enabled() {
        let application = application();
        let id = Id::from_u128(1);
        let disabled = asked("t", &[(ENABLED, "false")]);
        application.add_endpoint(id, disabled).expect("new");
        let found = application.add_endpoint(Id::from_u128(2), asked("t", &[]));
        assert!(!found.expect("the same").is_enabled);
    }

    #[test]
    fn a_changed_token_frees_the_old_one_and_must_be_free_itself() {
        let application = application();
        let (one, two, three) = (Id::from_u128(1), Id::from_u128(2), Id::from_u128(3));
        application.add_endpoint(one, asked("a", &[])).expect("new");
        let other = application.add_endpoint(two, asked("b", &[])).expect("new");
        assert_eq!(
            application.change_endpoint(one, asked("b", &[])),
            Err(token_taken(&other))
        );
        application
            .change_endpoint(one, asked("c", &[]))
            .expect("changed");
        let new = application
            .add_endpoint(three, asked("a", &[]))
            .expect("new");
        assert!(new.arn.ends_with(&three.to_string()));
        application.remove_endpoint(one);
        assert_eq!(
            application.change_endpoint(one, asked("d", &[])),
            Err(Error::EndpointDoesNotExist)
        );
    }
}
