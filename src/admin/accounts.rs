//! `/_topiq/accounts/{account}`: one account is forgotten, now or later. Accounts come into being by use, so that a test
//! that has one of its own is alone on a server that it shares.

use http::Method;
use serde::{Deserialize, Serialize};

use super::Host;
use super::clock::{Amount, END};
use crate::aws::AccountId;
use crate::clock::Timestamp;
use crate::routes::{
    Given, Json, Member, NoContent, Parameter, Query, Refusal, Route, Schema, now,
};
use crate::wire::DateTime;

const PATH: &str = "/_topiq/accounts/{account}";

const ACCOUNT: Parameter = Parameter::path("account", "The account: twelve digits.");

pub(super) fn routes<S: Host>() -> [Route<S>; 2] {
    [
        Route::new(
            Method::DELETE,
            PATH,
            "Deletes all that an account holds, in every region.",
            |server: &S, Named(account): Named| {
                server.forget(account);
                now(Ok(NoContent))
            },
        ),
        Route::new(
            Method::PUT,
            PATH,
            "Has all that an account holds deleted after some time.",
            |server: &S, limited: Limited| now(expire(server, &limited)),
        ),
    ]
}

struct Named(AccountId);

impl Query for Named {
    const PARAMETERS: &'static [Parameter] = &[ACCOUNT];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let account = given.text("account").unwrap_or_default();
        let parsed = AccountId::parse(account);
        let message = || format!("{account} is no account: it has twelve digits.");
        parsed.map(Self).ok_or_else(|| Refusal::new(400, message()))
    }
}

/// An account, and how long it lives.
struct Limited {
    account: AccountId,
    ttl: Amount,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    ttl: Amount,
}

impl Query for Limited {
    const PARAMETERS: &'static [Parameter] = &[ACCOUNT];
    const BODY: Option<Schema> = Some(Schema::Object(&[Member::always("ttl", Schema::Text)]));

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let Named(account) = Named::read(given)?;
        let body = given.object::<Body>(r#"{"ttl": "10m"}"#)?;
        Ok(Self {
            account,
            ttl: body.ttl,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Expiring {
    account: String,
    expires_at: DateTime,
}

impl Json for Expiring {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Account", Schema::Text),
        Member::always("ExpiresAt", Schema::Moment),
    ]);
}

fn expire(server: &impl Host, limited: &Limited) -> Result<Expiring, Refusal> {
    let ttl = limited.ttl.duration("ttl");
    let ttl = ttl.map_err(|message| Refusal::new(400, message))?;
    let at: Timestamp = server.agenda().clock().now() + ttl;
    if at > END {
        return Err(Refusal::new(400, "Time ends with the year 9999."));
    }
    server.forget_at(limited.account, at);
    Ok(Expiring {
        account: limited.account.to_string(),
        expires_at: DateTime(at),
    })
}
