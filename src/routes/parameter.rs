//! What a client gives with a request.

use super::Schema;
use crate::aws::{AccountId, Home, Region};
use crate::wire::query::Form;

/// Where a parameter stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query string, where it may be missing.
    Query,
}

/// A parameter of a route.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub location: Location,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// The values that it takes.
    pub schema: Schema,
}

impl Parameter {
    /// A parameter of the query string.
    pub const fn query(name: &'static str, summary: &'static str, schema: Schema) -> Self {
        Self {
            name,
            location: Location::Query,
            summary,
            schema,
        }
    }

    /// The variable of the path: a text.
    pub const fn path(name: &'static str, summary: &'static str) -> Self {
        Self {
            name,
            location: Location::Path,
            summary,
            schema: Schema::Text,
        }
    }
}

/// The parameters of a request, decoded.
#[derive(Debug)]
pub struct Given<'a> {
    parameters: &'static [Parameter],
    variable: &'a str,
    form: Form<'a>,
    home: Home,
}

impl<'a> Given<'a> {
    /// The parameters of a request; `variable` is the text for the variable of the route's path. Nothing if the query
    /// string is malformed.
    pub(super) fn parse(
        parameters: &'static [Parameter],
        variable: &'a str,
        query: &'a str,
        home: Home,
    ) -> Option<Self> {
        Some(Self {
            parameters,
            variable,
            form: Form::parse(query, b"").ok()?,
            home,
        })
    }

    /// A parameter's value. One of the query string that is empty counts as missing.
    pub fn text(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let parameter = parameters.find(|parameter| parameter.name == name);
        debug_assert!(parameter.is_some(), "{name} is not described");
        match parameter?.location {
            Location::Path => Some(self.variable),
            Location::Query => self.form.get(name).filter(|value| !value.is_empty()),
        }
    }

    /// The account that the parameter `name` gives, or the server's own; nothing if it gives another text.
    pub fn account(&self, name: &str) -> Option<AccountId> {
        match self.text(name) {
            Some(text) => AccountId::parse(text),
            None => Some(self.home.account),
        }
    }

    /// The region that the parameter `region` gives, or the server's own; nothing if it gives another text.
    pub fn region(&self) -> Option<Region> {
        match self.text("region") {
            Some(name) => Region::parse(name),
            None => Some(self.home.region),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETERS: &[Parameter] = &[
        Parameter::query("accountId", "", Schema::Text),
        Parameter::query("region", "", Schema::Text),
        Parameter::path("arn", ""),
    ];

    fn given(query: &str) -> Option<Given<'_>> {
        Given::parse(PARAMETERS, "x/y", query, Home::default())
    }

    #[test]
    fn account_and_region_have_defaults() {
        let defaults = given("accountId=&x=1").unwrap();
        assert_eq!(defaults.account("accountId"), Some(AccountId::DEFAULT));
        assert_eq!(defaults.region(), Some(Region::default()));
        let wrong = given("accountId=1&region=EU").unwrap();
        assert_eq!((wrong.account("accountId"), wrong.region()), (None, None));
    }

    #[test]
    fn variables_come_from_the_path_alone() {
        assert_eq!(given("arn=z").unwrap().text("arn"), Some("x/y"));
    }

    #[test]
    fn malformed_query_strings_are_refused() {
        assert!(given("a=%zz").is_none());
    }
}
