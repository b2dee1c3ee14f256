//! Which part of a listing by name a client wants: what several services' routes take.

use serde::Serialize;

use super::{Given, Json, Member, Parameter, Query, Refusal, Schema};
use crate::aws::{AccountId, Region};

/// The most items of an answer.
const MOST: usize = 1000;

/// How many they are unless the client says.
const LIMIT: usize = 100;

/// How many items a client wants at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub usize);

impl Limit {
    /// The parameter.
    pub const PARAMETER: Parameter = Parameter::query(
        "limit",
        "How many at most: from 1 to 1000, 100 by default.",
        Schema::Number,
    );

    /// What a request says.
    pub fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let limit = given.text("limit").map_or(Some(LIMIT), |limit| {
            let limit = limit.parse().ok();
            limit.filter(|limit| (1..=MOST).contains(limit))
        });
        let refused = || Refusal::new(400, format!("limit is a number from 1 to {MOST}."));
        limit.map(Self).ok_or_else(refused)
    }
}

/// A part of what an account has in a region, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Whose.
    pub account: AccountId,
    /// Where.
    pub region: Region,
    /// What the names begin with.
    pub prefix: String,
    /// The name that the part comes after.
    pub after: Option<String>,
    /// How many there are at most.
    pub limit: usize,
}

/// Items, in the order of their names.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Listed<T> {
    /// These.
    pub items: Vec<T>,
    /// The name of the last one, if others come after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T: Json> Json for Listed<T> {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Items", Schema::List(&T::SCHEMA)),
        Member::sometimes("Next", Schema::Text),
    ]);
}

impl Query for Listing {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::ACCOUNT,
        Parameter::REGION,
        Parameter::query("prefix", "What the names begin with.", Schema::Text),
        Parameter::query("after", "The Next of the answer before.", Schema::Text),
        Limit::PARAMETER,
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let (account, region) = given.owner()?;
        let text = |name| given.text(name).map(str::to_owned);
        let Limit(limit) = Limit::read(given)?;
        Ok(Self {
            account,
            region,
            prefix: text("prefix").unwrap_or_default(),
            after: text("after"),
            limit,
        })
    }
}

impl Listing {
    /// The first items of `all` that are asked for. These come in the order of their names, from the one after
    /// [`Listing::after`] on; `name` is that of an item, and `show` may leave one out.
    pub fn part<I, T>(
        &self,
        all: impl Iterator<Item = I>,
        name: impl Fn(&I) -> &str,
        show: impl Fn(I) -> Option<T>,
    ) -> Listed<T> {
        let wanted = all.filter(|item| name(item).starts_with(&self.prefix));
        let mut wanted = wanted.peekable();
        let (mut items, mut last) = (Vec::new(), None);
        while items.len() < self.limit
            && let Some(item) = wanted.next()
        {
            last = Some(name(&item).to_owned());
            items.extend(show(item));
        }
        Listed {
            items,
            next: last.filter(|_| wanted.peek().is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Home;

    fn part(prefix: &str, limit: usize) -> (Vec<String>, Option<String>) {
        let home = Home::default();
        let listing = Listing {
            account: home.account,
            region: home.region,
            prefix: prefix.to_owned(),
            after: None,
            limit,
        };
        let all = ["a1", "a2", "b1", "gone", "z"].into_iter();
        let show = |name: &str| (name != "gone").then(|| name.to_owned());
        let Listed { items, next } = listing.part(all, |name| name, show);
        (items, next)
    }

    #[test]
    fn a_part_has_the_name_that_the_next_one_comes_after() {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(part("", 2), (texts(&["a1", "a2"]), Some("a2".to_owned())));
        assert_eq!(part("", 4), (texts(&["a1", "a2", "b1", "z"]), None));
        assert_eq!(part("a", 1), (texts(&["a1"]), Some("a1".to_owned())));
        assert_eq!(part("a", 2), (texts(&["a1", "a2"]), None));
        assert_eq!(part("none", 2), (Vec::new(), None));
    }
}
