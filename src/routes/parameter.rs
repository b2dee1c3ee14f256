//! What a client gives with a request.

use serde::Deserialize;

use super::{Question, Refusal, Schema};
use crate::aws::{AccountId, Home, Region};
use crate::ids::RequestId;
use crate::names;
use crate::wire::query::Form;

/// Where a parameter stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query string.
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
    /// Whether a request without it is refused.
    pub is_required: bool,
}

impl Parameter {
    /// A parameter of the query string.
    pub const fn query(name: &'static str, summary: &'static str, schema: Schema) -> Self {
        Self {
            name,
            location: Location::Query,
            summary,
            schema,
            is_required: false,
        }
    }

    /// A parameter of the query string that may not be missing.
    pub const fn required(name: &'static str, summary: &'static str, schema: Schema) -> Self {
        Self {
            is_required: true,
            ..Self::query(name, summary, schema)
        }
    }

    /// Whose resources are meant: see [`Given::owner`].
    pub const ACCOUNT: Self = Self::query(
        "account",
        "The account; the server's own by default.",
        Schema::Text,
    );

    /// Where they are.
    pub const REGION: Self = Self::query(
        "region",
        "The region; the server's own by default.",
        Schema::Text,
    );

    /// The variable of the path: a text.
    pub const fn path(name: &'static str, summary: &'static str) -> Self {
        Self {
            name,
            location: Location::Path,
            summary,
            schema: Schema::Text,
            is_required: true,
        }
    }
}

impl Parameter {
    /// Refuses a value that is not of the parameter's set. Texts have none.
    fn check(&self, value: &str) -> Result<(), Refusal> {
        let words = match self.schema {
            Schema::Words(words) => words,
            // Python writes True.
            Schema::Boolean if ["true", "false"].contains(&&*value.to_lowercase()) => return Ok(()),
            Schema::Boolean => &["true", "false"],
            _ => return Ok(()),
        };
        if words.contains(&value) {
            return Ok(());
        }
        let meant = names::nearest(value, words.iter().copied());
        let advice = meant.map(|meant| format!(": did you mean {meant}?"));
        let advice = advice.unwrap_or_else(|| ".".to_owned());
        let message = format!("{} is {}, not {value}{advice}", self.name, listed(words));
        Err(Refusal::new(400, message))
    }
}

/// The parameter of the query string with this name.
fn named(parameters: &'static [Parameter], name: &str) -> Option<&'static Parameter> {
    let mut parameters = parameters.iter();
    parameters.find(|parameter| parameter.location == Location::Query && parameter.name == name)
}

/// That a route has no parameter of this name, and which was meant.
fn unknown(parameters: &'static [Parameter], name: &str) -> String {
    let known = parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Query);
    let known: Vec<_> = known.map(|parameter| parameter.name).collect();
    if known.is_empty() {
        return format!("Unknown parameter {name}: none is taken here.");
    }
    match names::nearest(name, known.iter().copied()) {
        Some(meant) => format!("Unknown parameter {name}: did you mean {meant}?"),
        None => format!("Unknown parameter {name}: it is {}.", listed(&known)),
    }
}

/// `a, b or c`.
fn listed(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The parameters of a request, decoded.
#[derive(Debug)]
pub struct Given<'a> {
    parameters: &'static [Parameter],
    variable: &'a str,
    form: Form<'a>,
    question: &'a Question<'a>,
}

impl<'a> Given<'a> {
    /// The parameters of a request; `variable` is the text for the variable of the route's path.
    ///
    /// A query string that says anything else is refused: a mistyped or empty filter must not mean all that there is.
    pub(super) fn parse(
        parameters: &'static [Parameter],
        variable: &'a str,
        question: &'a Question<'a>,
    ) -> Result<Self, Refusal> {
        let refused = |message: String| Refusal::new(400, message);
        let form = Form::parse(question.query, b"");
        let form = form.map_err(|_| refused("The query string is malformed.".to_owned()))?;
        for (index, (name, value)) in form.pairs().enumerate() {
            let Some(parameter) = named(parameters, name) else {
                return Err(refused(unknown(parameters, name)));
            };
            if form.pairs().take(index).any(|(earlier, _)| earlier == name) {
                return Err(refused(format!("{name} is given twice.")));
            }
            if value.is_empty() {
                return Err(refused(format!("{name} is empty.")));
            }
            parameter.check(value)?;
        }
        for parameter in parameters {
            let is_in_query = parameter.location == Location::Query;
            if is_in_query && parameter.is_required && form.get(parameter.name).is_none() {
                return Err(refused(format!("{} is missing.", parameter.name)));
            }
        }
        Ok(Self {
            parameters,
            variable,
            form,
            question,
        })
    }

    /// A parameter's value.
    pub fn text(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let parameter = parameters.find(|parameter| parameter.name == name);
        debug_assert!(parameter.is_some(), "{name} is not described");
        match parameter?.location {
            Location::Path => Some(self.variable),
            Location::Query => self.form.get(name),
        }
    }

    /// Whether the parameter `name` is true; it is false unless it is given.
    pub fn is_true(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The account and region that the request is about if it names none.
    pub fn home(&self) -> Home {
        self.question.home
    }

    /// The request's body.
    pub fn body(&self) -> &[u8] {
        self.question.body
    }

    /// The request's body, read by [`object`].
    pub fn object<'b, T: Deserialize<'b>>(&'b self, example: &str) -> Result<T, Refusal> {
        object(self.body(), example).map_err(|message| Refusal::new(400, message))
    }

    /// The request's id.
    pub fn request_id(&self) -> RequestId {
        self.question.request_id
    }

    /// Whether the request names a media type in its `Accept`.
    pub fn accepts(&self, media: &str) -> bool {
        let mut accepted = self.question.accept.split(',');
        accepted.any(|one| one.split(';').next().map(str::trim) == Some(media))
    }

    /// What [`Parameter::ACCOUNT`] and [`Parameter::REGION`] give.
    pub fn owner(&self) -> Result<(AccountId, Region), Refusal> {
        let owner = self.account(Parameter::ACCOUNT.name).zip(self.region());
        let message = "account has twelve digits, region is a region's name.";
        owner.ok_or_else(|| Refusal::new(400, message))
    }

    /// The account that the parameter `name` gives, or the server's own; nothing if it gives another text.
    pub fn account(&self, name: &str) -> Option<AccountId> {
        match self.text(name) {
            Some(text) => AccountId::parse(text),
            None => Some(self.question.home.account),
        }
    }

    /// The region that the parameter `region` gives, or the server's own; nothing if it gives another text.
    pub fn region(&self) -> Option<Region> {
        match self.text("region") {
            Some(name) => Region::parse(name),
            None => Some(self.question.home.region),
        }
    }
}

/// Reads a body that must be a JSON object; `example` is one, for the sentence of a refusal.
pub(crate) fn object<'b, T: Deserialize<'b>>(body: &'b [u8], example: &str) -> Result<T, String> {
    let message = format!("The body is a JSON object such as {example}");
    // For serde a list could be a structure, too.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(format!("{message}."));
    }
    serde_json::from_slice(body).map_err(|error| format!("{message}: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    const PARAMETERS: &[Parameter] = &[
        Parameter::query("accountId", "", Schema::Text),
        Parameter::query("region", "", Schema::Text),
        Parameter::query("format", "", Schema::Words(&["yaml", "json"])),
        Parameter::query("ShowDelayed", "", Schema::Boolean),
        Parameter::path("arn", ""),
    ];

    const REQUIRED: &[Parameter] = &[Parameter::required("QueueUrl", "", Schema::Text)];

    /// What `reader` makes of a query string.
    fn read<R>(
        parameters: &'static [Parameter],
        query: &str,
        reader: impl FnOnce(&Given<'_>) -> R,
    ) -> Result<R, Refusal> {
        let question = Question {
            method: &Method::GET,
            path: "",
            query,
            accept: "text/html, application/json;q=0.9",
            body: b"",
            request_id: RequestId::from_u128(0),
            home: Home::default(),
        };
        let given = Given::parse(parameters, "x/y", &question)?;
        Ok(reader(&given))
    }

    fn given<R>(query: &str, reader: impl FnOnce(&Given<'_>) -> R) -> Result<R, Refusal> {
        read(PARAMETERS, query, reader)
    }

    #[test]
    fn account_and_region_have_defaults() {
        let both = |query| given(query, |given| (given.account("accountId"), given.region()));
        let defaults = (Some(AccountId::DEFAULT), Some(Region::default()));
        assert_eq!(both("format=json"), Ok(defaults));
        assert_eq!(both("accountId=1&region=EU"), Ok((None, None)));
    }

    #[test]
    fn variables_come_from_the_path_alone() {
        let arn = |query| given(query, |given| given.text("arn").map(str::to_owned));
        assert_eq!(arn(""), Ok(Some("x/y".to_owned())));
        assert!(arn("arn=z").is_err());
    }

    #[test]
    fn media_types_are_accepted_by_name() {
        let accepts = |media| given("", |given| given.accepts(media));
        assert_eq!(accepts("application/json"), Ok(true));
        assert_eq!(accepts("text/xml"), Ok(false));
    }

    #[test]
    fn booleans_are_true_or_false_as_python_writes_them_too() {
        for (query, expected) in [
            ("", false),
            ("ShowDelayed=true", true),
            ("ShowDelayed=True", true),
            ("ShowDelayed=False", false),
        ] {
            let is_true = given(query, |given| given.is_true("ShowDelayed"));
            assert_eq!(is_true, Ok(expected), "{query}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_what_was_meant() {
        let all = "accountId, region, format or ShowDelayed";
        for (query, message) in [
            ("a=%zz", "The query string is malformed."),
            ("reigon=x", "Unknown parameter reigon: did you mean region?"),
            ("x=1", &*format!("Unknown parameter x: it is {all}.")),
            ("region=a&region=a", "region is given twice."),
            ("region=", "region is empty."),
            ("region", "region is empty."),
            (
                "format=yml",
                "format is yaml or json, not yml: did you mean yaml?",
            ),
            ("format=x", "format is yaml or json, not x."),
            ("ShowDelayed=1", "ShowDelayed is true or false, not 1."),
        ] {
            assert_eq!(given(query, |_| ()), Err(Refusal::new(400, message)));
        }
        let missing = Err(Refusal::new(400, "QueueUrl is missing."));
        assert_eq!(read(REQUIRED, "", |_| ()), missing);
        let message = "Unknown parameter x: none is taken here.";
        assert_eq!(read(&[], "x=1", |_| ()), Err(Refusal::new(400, message)));
    }
}
