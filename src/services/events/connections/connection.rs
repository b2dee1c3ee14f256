//! One connection: what its owner says of it, its state, and the credentials that it gives to deliveries.
//!
//! A state that passes by itself is kept with the moment at which it does, and read by the clock: nothing wakes for it. A
//! token is asked for when it is needed, once for all that wait for it.

use std::fmt;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

use super::parameters::{Authorization, AuthorizationType, Credentials};
use super::token::{Token, TokenSource};
use crate::clock::Timestamp;
use crate::ids::Ids;
use crate::services::events::identity::Identity;

/// A connection as the service holds it.
pub(in crate::services::events) struct Connection {
    pub(in crate::services::events) identity: Identity,
    pub(in crate::services::events) created_at: Timestamp,
    held: Mutex<Held>,
}

struct Held {
    described: Described,
    /// How often it was given or lost its parameters: what comes of older ones does not count.
    generation: u64,
    source: Option<TokenSource>,
    token: Option<Token>,
    /// Whether a token is asked for.
    is_asking: bool,
    waiting: Vec<Then>,
}

/// What of a connection is shown.
#[derive(Clone, Debug)]
pub(in crate::services::events) struct Described {
    pub(in crate::services::events) description: Option<String>,
    pub(in crate::services::events) kms_key_identifier: Option<String>,
    pub(in crate::services::events) kind: AuthorizationType,
    /// None after it was taken away.
    pub(in crate::services::events) authorization: Option<Arc<Authorization>>,
    pub(in crate::services::events) secret_arn: Option<String>,
    state: State,
    pub(in crate::services::events) reason: Option<String>,
    pub(in crate::services::events) modified_at: Timestamp,
    pub(in crate::services::events) authorized_at: Option<Timestamp>,
}

/// A connection's state, with the moment at which it passes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Authorizing,
    Authorized,
    Deauthorizing { until: Timestamp },
    Deauthorized,
    Deleting { until: Timestamp },
}

/// The names of all states that the model has.
pub(in crate::services::events) const STATES: &[&str] = &[
    "CREATING",
    "UPDATING",
    "DELETING",
    "AUTHORIZED",
    "DEAUTHORIZED",
    "AUTHORIZING",
    "DEAUTHORIZING",
    "ACTIVE",
    "FAILED_CONNECTIVITY",
];

/// What a delivery authorises with.
#[derive(Clone, Debug)]
pub(in crate::services::events) struct Grant {
    pub(in crate::services::events) authorization: Arc<Authorization>,
    /// The access token, with OAuth.
    pub(in crate::services::events) token: Option<Arc<str>>,
    generation: u64,
}

/// What is done with it, or without: then with the reason.
pub(in crate::services::events) type Then = Box<dyn FnOnce(Result<Grant, String>) + Send>;

impl Described {
    /// A connection with these parameters, which is not authorised yet.
    pub(in crate::services::events) fn new(
        kind: AuthorizationType,
        authorization: Authorization,
        secret_arn: String,
        now: Timestamp,
    ) -> Self {
        Self {
            description: None,
            kms_key_identifier: None,
            kind,
            authorization: Some(Arc::new(authorization)),
            secret_arn: Some(secret_arn),
            state: State::Authorizing,
            reason: None,
            modified_at: now,
            authorized_at: None,
        }
    }

    /// The name of its state.
    pub(in crate::services::events) fn state(&self, now: Timestamp) -> &'static str {
        match self.state {
            State::Authorizing => "AUTHORIZING",
            State::Authorized => "AUTHORIZED",
            State::Deauthorizing { until } if now < until => "DEAUTHORIZING",
            State::Deauthorizing { .. } | State::Deauthorized => "DEAUTHORIZED",
            State::Deleting { .. } => "DELETING",
        }
    }

    pub(in crate::services::events) fn is_authorized(&self) -> bool {
        self.state == State::Authorized
    }
}

impl Connection {
    /// A connection that is to be [authorised](Self::authorize).
    pub(in crate::services::events) fn new(identity: Identity, described: Described) -> Self {
        Self {
            identity,
            created_at: described.modified_at,
            held: Mutex::new(Held {
                described,
                generation: 0,
                source: None,
                token: None,
                is_asking: false,
                waiting: Vec::new(),
            }),
        }
    }

    pub(in crate::services::events) fn described(&self) -> Described {
        self.held.lock().described.clone()
    }

    /// Changes what is shown and takes no authorising.
    pub(in crate::services::events) fn change(&self, change: impl FnOnce(&mut Described)) {
        change(&mut self.held.lock().described);
    }

    /// Whether it is deleted, and its deletion over.
    pub(super) fn is_gone(&self, now: Timestamp) -> bool {
        let state = self.held.lock().described.state;
        matches!(state, State::Deleting { until } if until <= now)
    }

    /// Gives it parameters: at once it is authorised, or asks for a token from `source` in the background.
    pub(in crate::services::events) fn authorize(
        self: &Arc<Self>,
        kind: AuthorizationType,
        authorization: Arc<Authorization>,
        source: Option<TokenSource>,
        now: Timestamp,
    ) {
        let mut held = self.held.lock();
        if held.is_deleted() {
            return;
        }
        held.generation += 1;
        held.token = None;
        held.is_asking = source.is_some();
        held.source.clone_from(&source);
        held.described.kind = kind;
        held.described.reason = None;
        held.described.authorization = Some(authorization);
        let generation = held.generation;
        match source {
            Some(source) => {
                held.described.state = State::Authorizing;
                drop(held);
                source.ask(self, generation);
            }
            None => Self::finish(held, now),
        }
    }

    /// Calls `then` with what a delivery authorises with, when that is there; at once if it is.
    pub(in crate::services::events) fn grant(self: &Arc<Self>, now: Timestamp, then: Then) {
        let mut held = self.held.lock();
        if !matches!(held.described.state, State::Authorized | State::Authorizing) {
            let state = held.described.state(now);
            drop(held);
            return then(Err(format!("the connection is {state}")));
        }
        if let Some(grant) = held.grant(now) {
            drop(held);
            return then(Ok(grant));
        }
        held.waiting.push(then);
        if held.is_asking {
            return;
        }
        held.is_asking = true;
        let (source, generation) = (held.source.clone(), held.generation);
        drop(held);
        if let Some(source) = source {
            source.ask(self, generation);
        }
    }

    /// The authorization endpoint has given a token, or none: then for a reason.
    pub(super) fn asked(&self, generation: u64, token: Result<Token, String>, now: Timestamp) {
        let mut held = self.held.lock();
        if held.generation != generation || held.is_deleted() {
            return;
        }
        held.is_asking = false;
        match token {
            Ok(token) => {
                held.token = Some(token);
                Self::finish(held, now);
            }
            Err(reason) => {
                held.described.state = State::Deauthorized;
                held.described.reason = Some(reason.clone());
                Self::refuse_waiting(held, &reason);
            }
        }
    }

    /// An endpoint has refused what a delivery authorised with. A token can be had again; what its owner gave cannot.
    pub(in crate::services::events) fn refused(&self, grant: &Grant, status: u16) {
        let mut held = self.held.lock();
        if held.generation != grant.generation || !held.described.is_authorized() {
            return;
        }
        let Some(refused) = &grant.token else {
            held.described.state = State::Deauthorized;
            held.described.reason = Some(format!("The endpoint answered {status}."));
            return;
        };
        let is_it = |token: &Token| Arc::ptr_eq(&token.text, refused);
        held.token = held.token.take().filter(|token| !is_it(token));
    }

    /// Takes its parameters away. It is being deauthorised until a moment.
    pub(in crate::services::events) fn deauthorize(&self, now: Timestamp, until: Timestamp) {
        let mut held = self.held.lock();
        if held.is_deleted() {
            return;
        }
        held.forget();
        held.described.state = State::Deauthorizing { until };
        held.described.secret_arn = None;
        held.described.authorization = None;
        held.described.reason = None;
        held.described.modified_at = now;
        Self::refuse_waiting(held, "the connection is DEAUTHORIZED");
    }

    /// Deletes it: until a moment it is still shown.
    pub(in crate::services::events) fn delete(&self, now: Timestamp, until: Timestamp) {
        let mut held = self.held.lock();
        if held.is_deleted() {
            return;
        }
        held.forget();
        held.described.state = State::Deleting { until };
        held.described.modified_at = now;
        Self::refuse_waiting(held, "the connection is DELETING");
    }

    /// It is authorised: all that waits for it gets what it waits for.
    fn finish(mut held: MutexGuard<'_, Held>, now: Timestamp) {
        held.described.state = State::Authorized;
        held.described.authorized_at = Some(now);
        let waiting = std::mem::take(&mut held.waiting);
        let grant = held.grant_at_all();
        drop(held);
        for then in waiting {
            then(grant.clone().ok_or_else(|| "it has no token".to_owned()));
        }
    }

    fn refuse_waiting(mut held: MutexGuard<'_, Held>, reason: &str) {
        let waiting = std::mem::take(&mut held.waiting);
        drop(held);
        for then in waiting {
            then(Err(reason.to_owned()));
        }
    }
}

impl Held {
    fn is_deleted(&self) -> bool {
        matches!(self.described.state, State::Deleting { .. })
    }

    /// What is there to authorise with, unless it must be asked for.
    fn grant(&self, now: Timestamp) -> Option<Grant> {
        let is_stale = self
            .token
            .as_ref()
            .is_some_and(|token| token.refresh_at <= now);
        self.grant_at_all().filter(|_| !is_stale)
    }

    /// What is there to authorise with, however old it is.
    fn grant_at_all(&self) -> Option<Grant> {
        let authorization = self.described.authorization.clone()?;
        let token = self.token.as_ref().map(|token| token.text.clone());
        let is_oauth = matches!(authorization.credentials, Credentials::OAuth(_));
        (token.is_some() == is_oauth).then_some(Grant {
            authorization,
            token,
            generation: self.generation,
        })
    }

    fn forget(&mut self) {
        self.generation += 1;
        self.source = None;
        self.token = None;
        self.is_asking = false;
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connection").field(&self.identity).finish()
    }
}

/// The ARN of a new secret that holds a connection's parameters. There is no such secret here: nothing shows them.
pub(in crate::services::events) fn secret_arn(identity: &Identity, ids: &Ids) -> String {
    const CHARACTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let Identity {
        account,
        region,
        name,
        ..
    } = identity;
    let (partition, id) = (region.partition(), ids.message_id());
    let random = ids.number().to_le_bytes();
    let character = |byte: &u8| char::from(CHARACTERS[usize::from(*byte) % CHARACTERS.len()]);
    let suffix: String = random[..6].iter().map(character).collect();
    format!(
        "arn:{partition}:secretsmanager:{region}:{account}:secret:events!connection/{name}/{id}-{suffix}"
    )
}
