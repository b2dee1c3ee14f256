//! `/_topiq/faults`: what goes wrong on purpose.

use std::sync::Arc;

use http::Method;
use serde::Serialize;
use serde_json::Value;

use super::Host;
use crate::clock::Timestamp;
use crate::faults::clients::{self, Client};
use crate::faults::definition::Definition;
use crate::faults::effect::Effect;
use crate::faults::{Fault, error};
use crate::names;
use crate::routes::{Given, Json, Member, Parameter, Query, Refusal, Route, Schema, now};
use crate::services::{MODELS, Services};
use crate::wire::{DateTime, ErrorInfo};

const PATH: &str = "/_topiq/faults";
const ONE: &str = "/_topiq/faults/{name}";

const NAME: Parameter = Parameter::path("name", "The fault's name.");

/// The longest name of a fault.
const NAME_LENGTH: usize = 64;

pub(super) fn routes<S: Host>() -> [Route<S>; 5] {
    [
        Route::new(
            Method::GET,
            PATH,
            "Lists the faults that are set, in the order in which they are asked, and how often each struck.",
            |server: &S, ()| now(Ok(all(server))),
        ),
        Route::new(
            Method::DELETE,
            PATH,
            "Removes all faults.",
            |server: &S, ()| {
                let removed = server.faults().clear();
                now(Ok(Removed { removed }))
            },
        ),
        Route::new(
            Method::GET,
            ONE,
            "Shows a fault, and how often it struck.",
            |server: &S, name: Name| now(one(server, &name.0)),
        ),
        Route::new(
            Method::PUT,
            ONE,
            "Sets a fault, or replaces the one of this name; says what SDKs will make of it.",
            |server: &S, new: New| now(set(server, new)),
        ),
        Route::new(
            Method::DELETE,
            ONE,
            "Removes a fault.",
            |server: &S, name: Name| now(remove(server, &name.0)),
        ),
    ]
}

/// The name in the path.
struct Name(String);

/// A fault to set.
struct New {
    name: String,
    definition: Definition,
    /// What SDKs will make of it.
    clients: Vec<Client>,
}

impl Query for Name {
    const PARAMETERS: &'static [Parameter] = &[NAME];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        Ok(Self(given.text(NAME.name).unwrap_or_default().to_owned()))
    }
}

impl Query for New {
    const PARAMETERS: &'static [Parameter] = &[NAME];
    const BODY: Option<Schema> = Some(Schema::Object(&[
        Member::sometimes("match", Schema::AnyObject),
        Member::always("effect", Schema::AnyObject),
        Member::sometimes("count", Schema::Number),
        Member::sometimes("for", Schema::Text),
    ]));

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let name = given.text(NAME.name).unwrap_or_default();
        Self::parse(name, given.body()).map_err(|message| Refusal::new(400, message))
    }
}

impl New {
    fn parse(name: &str, body: &[u8]) -> Result<Self, String> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if name.is_empty() || name.len() > NAME_LENGTH || !name.bytes().all(is_plain) {
            return Err(format!(
                "A fault's name has 1 to {NAME_LENGTH} letters, digits, dots, hyphens and underscores."
            ));
        }
        let definition = Definition::parse(body)?;
        let service = service(&definition)?;
        check_action(&definition, service)?;
        let status = check_error(&definition, service)?;
        Ok(Self {
            name: name.to_owned(),
            clients: clients::of(&definition, status),
            definition,
        })
    }
}

/// The service that a fault names, which must be one.
fn service(definition: &Definition) -> Result<Option<&'static str>, String> {
    let Some(wanted) = &definition.scope.service else {
        return Ok(None);
    };
    let services: Vec<_> = MODELS.iter().map(|model| model.name).collect();
    if let Some(service) = services.iter().find(|service| *service == wanted) {
        return Ok(Some(service));
    }
    let advice = names::did_you_mean(wanted, services.iter().copied());
    let services = services.join(", ");
    Err(format!(
        "match.service is one of {services}, not {wanted}{advice}"
    ))
}

/// Refuses an action that no service has: the fault would never strike.
fn check_action(definition: &Definition, service: Option<&str>) -> Result<(), String> {
    let Some(wanted) = &definition.scope.action else {
        return Ok(());
    };
    let models = MODELS.iter();
    let models = models.filter(|model| service.is_none_or(|service| service == model.name));
    let actions: Vec<_> = models.flat_map(|model| model.operations).copied().collect();
    if actions
        .iter()
        .any(|action| definition.scope.has_action(action))
    {
        return Ok(());
    }
    let advice = names::did_you_mean(wanted, actions);
    Err(format!(
        "match.action {wanted} is no action of {}{advice}",
        service.unwrap_or("any service")
    ))
}

/// The status of a fault's error; zero of another effect. A code that is none is refused.
fn check_error(definition: &Definition, service: Option<&str>) -> Result<u16, String> {
    let (Effect::Error(injected) | Effect::PartialBatch(injected)) = &definition.effect else {
        return Ok(0);
    };
    let known: Vec<(_, Vec<ErrorInfo>)> = Services::known_errors()
        .into_iter()
        .filter(|(name, _)| service.is_none_or(|service| service == *name))
        .collect();
    error::check(injected, &known)?;
    let has_code = |(name, own): &(&'static str, Vec<ErrorInfo>)| {
        let info = injected.info(name, own);
        error::check(injected, &[(name, own.clone())])
            .is_ok()
            .then_some(info.status)
    };
    Ok(known.iter().find_map(has_code).unwrap_or_default())
}

/// A fault, as it is listed.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    name: String,
    fault: Value,
    matched: u64,
    struck: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<DateTime>,
    over: bool,
}

const SHOWN: [Member; 6] = [
    Member::always("Name", Schema::Text),
    Member::always("Fault", Schema::AnyObject),
    Member::always("Matched", Schema::Number),
    Member::always("Struck", Schema::Number),
    Member::sometimes("Ends", Schema::Moment),
    Member::always("Over", Schema::Boolean),
];

impl Shown {
    fn of(fault: &Fault, now: Timestamp) -> Self {
        let tally = fault.tally();
        Self {
            name: fault.name().to_owned(),
            fault: fault.definition().source.clone(),
            matched: tally.matched,
            struck: tally.struck,
            ends: fault.ends().map(DateTime),
            over: fault.is_over(now),
        }
    }
}

impl Json for Shown {
    const SCHEMA: Schema = Schema::Object(&SHOWN);
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct All {
    faults: Vec<Shown>,
}

impl Json for All {
    const SCHEMA: Schema =
        Schema::Object(&[Member::always("Faults", Schema::List(&Shown::SCHEMA))]);
}

/// A fault that was set.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Set {
    #[serde(flatten)]
    fault: Shown,
    clients: Vec<ShownClient>,
}

const SET: [Member; 7] = {
    let [name, fault, matched, struck, ends, over] = SHOWN;
    let clients = Member::always("Clients", Schema::List(&ShownClient::SCHEMA));
    [name, fault, matched, struck, ends, over, clients]
};

impl Json for Set {
    const SCHEMA: Schema = Schema::Object(&SET);
}

/// What a client makes of a fault.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownClient {
    client: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u64>,
    outcome: String,
}

impl ShownClient {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Client", Schema::Text),
        Member::sometimes("Attempts", Schema::Number),
        Member::always("Outcome", Schema::Text),
    ]);
}

impl From<Client> for ShownClient {
    fn from(client: Client) -> Self {
        let Client {
            client,
            attempts,
            outcome,
        } = client;
        Self {
            client,
            attempts,
            outcome,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Removed {
    removed: usize,
}

impl Json for Removed {
    const SCHEMA: Schema = Schema::Object(&[Member::always("Removed", Schema::Number)]);
}

fn all(server: &impl Host) -> All {
    let now = server.agenda().clock().now();
    let faults = server.faults().all();
    let faults = faults.iter().map(|fault| Shown::of(fault, now));
    All {
        faults: faults.collect(),
    }
}

fn one(server: &impl Host, name: &str) -> Result<Shown, Refusal> {
    let now = server.agenda().clock().now();
    match server.faults().get(name) {
        Some(fault) => Ok(Shown::of(&fault, now)),
        None => Err(absent(server, name)),
    }
}

fn set(server: &impl Host, new: New) -> Result<Set, Refusal> {
    let now = server.agenda().clock().now();
    let fault = server.faults().set(&new.name, new.definition, now);
    let fault = fault.map_err(|error| Refusal::new(409, error.to_string()))?;
    Ok(Set {
        fault: Shown::of(&fault, now),
        clients: new.clients.into_iter().map(ShownClient::from).collect(),
    })
}

fn remove(server: &impl Host, name: &str) -> Result<Removed, Refusal> {
    if server.faults().remove(name) {
        return Ok(Removed { removed: 1 });
    }
    Err(absent(server, name))
}

fn absent(server: &impl Host, name: &str) -> Refusal {
    let faults: Vec<Arc<Fault>> = server.faults().all();
    let names = faults.iter().map(|fault| fault.name());
    let advice = match names::nearest(name, names) {
        Some(meant) => format!(": did you mean {meant}?"),
        None => ".".to_owned(),
    };
    Refusal::new(404, format!("There is no fault {name}{advice}"))
}
