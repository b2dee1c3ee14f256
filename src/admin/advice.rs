//! `/_topiq/advice`: what is legal and wrong in what an account holds in a region.

use http::Method;

use super::Host;
use crate::aws::Home;
use crate::lint::{Report, Subject, advice};
use crate::routes::{Given, Parameter, Query, Refusal, Route, now};

pub(super) fn route<S: Host>() -> Route<S> {
    Route::new(
        Method::GET,
        "/_topiq/advice",
        "Says what is legal and wrong in what an account holds in a region.",
        |server: &S, Owner(home): Owner| {
            let resources = server.held(home.account, home.region);
            let subject = Subject::on_a_server(&resources, home);
            now(Ok(Report {
                advice: advice(&subject),
            }))
        },
    )
}

/// Whose resources are looked at.
struct Owner(Home);

impl Query for Owner {
    const PARAMETERS: &'static [Parameter] = &[Parameter::ACCOUNT, Parameter::REGION];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let (account, region) = given.owner()?;
        Ok(Self(Home { account, region }))
    }
}
