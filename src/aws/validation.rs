//! Model validation: the constraints that a service's model sets on members, as data, and AWS's sentence that names every
//! one that a request breaks.
//!
//! An operation goes through its members in the order of the service's model, required ones and constrained ones alike,
//! and then asks for the result:
//!
//! ```ignore
//! static PASSWORD: [Rule; 3] = [Rule::NotNull, Rule::LengthAtLeast(5), Rule::LengthAtMost(8)];
//!
//! let mut validation = Validation::default();
//! let topic_arn = validation.required("topicArn", input.topic_arn);
//! validation.check("oneTimePassword", input.one_time_password.as_deref(), &PASSWORD);
//! validation.finish()?;
//! ```
//!
//! A path is written, and a value copied, only when a rule is broken: a valid request allocates nothing here.

use std::fmt;
use std::sync::OnceLock;

use regex_lite::Regex;

/// A model's constraint on a member. Displays as AWS words it, without "Member must".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The member is required.
    NotNull,
    /// Characters of a text, entries of a list.
    LengthAtLeast(usize),
    /// Characters of a text, entries of a list.
    LengthAtMost(usize),
    /// The smallest number.
    AtLeast(i64),
    /// The largest number.
    AtMost(i64),
    /// One of these words, in the order in which AWS lists them, which is not that of its models.
    OneOf(&'static [&'static str]),
    /// A text that matches the pattern as a whole.
    Matches(&'static Pattern),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNull => f.write_str("not be null"),
            Self::LengthAtLeast(least) => {
                write!(f, "have length greater than or equal to {least}")
            }
            Self::LengthAtMost(most) => write!(f, "have length less than or equal to {most}"),
            Self::AtLeast(least) => write!(f, "have value greater than or equal to {least}"),
            Self::AtMost(most) => write!(f, "have value less than or equal to {most}"),
            Self::OneOf(words) => write!(f, "satisfy enum value set: [{}]", words.join(", ")),
            Self::Matches(pattern) => {
                write!(f, "satisfy regular expression pattern: {}", pattern.text)
            }
        }
    }
}

/// A regular expression of a model.
pub struct Pattern {
    text: &'static str,
    matcher: Matcher,
}

enum Matcher {
    /// Compiled when it is first used.
    Regex(OnceLock<Regex>),
    Function(fn(&str) -> bool),
}

impl Pattern {
    /// A pattern that is matched as it is written.
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            matcher: Matcher::Regex(OnceLock::new()),
        }
    }

    /// A pattern that `matches` decides: where a loop over bytes suffices, or where the pattern has syntax that only
    /// Java reads.
    pub const fn by(text: &'static str, matches: fn(&str) -> bool) -> Self {
        Self {
            text,
            matcher: Matcher::Function(matches),
        }
    }

    /// Whether the pattern matches the whole text, with or without its own anchors.
    pub fn matches(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Function(matches) => matches(text),
            Matcher::Regex(regex) => {
                let compile = || Regex::new(&format!("^(?:{})$", self.text));
                let regex = regex.get_or_init(|| compile().expect("a model's pattern is valid"));
                regex.is_match(text)
            }
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

/// The value of a member, as far as rules need it.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A text that AWS does not quote.
    Secret(&'a str),
    /// A whole number.
    Number(i64),
    /// A list.
    List {
        /// The number of its entries.
        length: usize,
        /// The list as AWS writes it, with its brackets.
        shown: &'a dyn fmt::Display,
    },
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl Value<'_> {
    fn satisfies(&self, rule: &Rule) -> bool {
        match *rule {
            Rule::NotNull => true,
            Rule::LengthAtLeast(least) => self.length().is_none_or(|length| length >= least),
            Rule::LengthAtMost(most) => self.length().is_none_or(|length| length <= most),
            Rule::AtLeast(least) => self.number().is_none_or(|number| number >= least),
            Rule::AtMost(most) => self.number().is_none_or(|number| number <= most),
            Rule::OneOf(words) => self.text().is_none_or(|text| words.contains(&text)),
            Rule::Matches(pattern) => self.text().is_none_or(|text| pattern.matches(text)),
        }
    }

    fn length(&self) -> Option<usize> {
        match self {
            Self::List { length, .. } => Some(*length),
            _ => self.text().map(|text| text.chars().count()),
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Secret(text) => Some(text),
            Self::Number(_) | Self::List { .. } => None,
        }
    }

    fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn shown(&self) -> Shown {
        match self {
            Self::Text(text) => Shown::Text((*text).to_owned()),
            Self::Number(number) => Shown::Text(number.to_string()),
            Self::List { shown, .. } => Shown::Text(shown.to_string()),
            Self::Secret(_) => Shown::Nothing,
        }
    }
}

/// A value in AWS's sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Null,
    Nothing,
    Text(String),
}

/// A rule that a member breaks. Displays as its part of AWS's sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Violation {
    path: String,
    shown: Shown,
    rule: Rule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, shown, rule } = self;
        f.write_str("Value")?;
        match shown {
            Shown::Null => f.write_str(" null")?,
            Shown::Nothing => {}
            Shown::Text(text) => write!(f, " '{text}'")?,
        }
        write!(
            f,
            " at '{path}' failed to satisfy constraint: Member must {rule}"
        )
    }
}

/// The rules that a request breaks, at least one. Displays as AWS's sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "{} validation error{plural} detected: ", self.0.len())?;
        for (place, violation) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

impl Violations {
    /// A request whose only required member is absent.
    pub fn null(path: &str) -> Self {
        Self(vec![Violation {
            path: path.to_owned(),
            shown: Shown::Null,
            rule: Rule::NotNull,
        }])
    }
}

/// How a service's sentence differs from that of others.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// Whether an absent value is called `null`.
    pub says_null: bool,
    /// The most violations that it names and counts.
    pub limit: usize,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            says_null: true,
            limit: usize::MAX,
        }
    }
}

/// Goes through a request's members and collects the rules that they break. A path is the member's name in lower camel
/// case; those of entries count from one: `entries.1.member.source`.
#[derive(Debug, Default)]
pub struct Validation {
    dialect: Dialect,
    violations: Vec<Violation>,
}

impl Validation {
    /// A validation with a service's wording.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            violations: Vec::new(),
        }
    }

    /// The value of a required member; its default until [`finish`](Self::finish) refuses the request.
    pub fn required<T: Default>(&mut self, path: impl fmt::Display, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.refuse_null(path);
            T::default()
        })
    }

    /// The value of a required text with further rules; empty until [`finish`](Self::finish) refuses the request.
    pub fn required_text<'t>(
        &mut self,
        path: impl fmt::Display,
        value: Option<&'t str>,
        rules: &[Rule],
    ) -> &'t str {
        match value {
            Some(_) => self.check(path, value, rules),
            None => self.refuse_null(path),
        }
        value.unwrap_or_default()
    }

    /// A required list. SDKs that write forms send an empty one as an empty value, which AWS treats as absent.
    pub fn required_list<T>(&mut self, path: impl fmt::Display, list: Option<Vec<T>>) -> Vec<T> {
        self.required(path, list.filter(|list| !list.is_empty()))
    }

    /// Notes that a required member is absent.
    pub fn refuse_null(&mut self, path: impl fmt::Display) {
        let shown = if self.dialect.says_null {
            Shown::Null
        } else {
            Shown::Nothing
        };
        self.note(path, shown, Rule::NotNull);
    }

    /// Checks a member by each of its rules, in the order in which AWS names them: patterns before lengths, as recorded
    /// of EventBridge. An absent value breaks [`Rule::NotNull`] alone.
    pub fn check<'a>(
        &mut self,
        path: impl fmt::Display,
        value: Option<impl Into<Value<'a>>>,
        rules: &[Rule],
    ) {
        match value.map(Into::into) {
            None if rules.contains(&Rule::NotNull) => self.refuse_null(path),
            None => {}
            Some(value) => {
                for rule in rules.iter().filter(|rule| !value.satisfies(rule)) {
                    self.note(&path, value.shown(), rule.clone());
                }
            }
        }
    }

    /// Whether the request has broken no rule so far.
    pub fn is_fine(&self) -> bool {
        self.violations.is_empty()
    }

    /// Refuses a request that breaks a rule.
    pub fn finish(self) -> Result<(), Violations> {
        if self.violations.is_empty() {
            Ok(())
        } else {
            Err(Violations(self.violations))
        }
    }

    fn note(&mut self, path: impl fmt::Display, shown: Shown, rule: Rule) {
        if self.violations.len() < self.dialect.limit {
            let path = path.to_string();
            self.violations.push(Violation { path, shown, rule });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(validation: Validation) -> String {
        validation.finish().expect_err("a violation").to_string()
    }

    #[track_caller]
    fn check<'a>(path: &str, value: impl Into<Value<'a>>, rules: &[Rule], clause: &str) {
        let mut validation = Validation::default();
        validation.check(path, Some(value), rules);
        let expected = format!("1 validation error detected: {clause}");
        assert_eq!(sentence(validation), expected);
    }

    /// Recorded sentences of several services.
    #[test]
    fn each_rule_is_broken_in_awss_words() {
        static STATE_MACHINE: Pattern =
            Pattern::by(r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$", |text| {
                text.bytes().any(|byte| !byte.is_ascii_digit())
            });
        check(
            "name",
            "123",
            &[Rule::Matches(&STATE_MACHINE)],
            r"Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
        );
        check(
            "statusFilter",
            "WRONG",
            &[Rule::OneOf(&[
                "SUCCEEDED",
                "TIMED_OUT",
                "PENDING_REDRIVE",
                "ABORTED",
                "FAILED",
                "RUNNING",
            ])],
            "Value 'WRONG' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
        );
        check(
            "maxResults",
            1001,
            &[Rule::AtLeast(0), Rule::AtMost(1000)],
            "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
        );
        check(
            "scalingConfig.maximumConcurrency",
            1,
            &[Rule::AtLeast(2), Rule::AtMost(1000)],
            "Value '1' at 'scalingConfig.maximumConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 2",
        );
        let long = "a".repeat(129);
        check(
            "streamName",
            long.as_str(),
            &[Rule::LengthAtLeast(1), Rule::LengthAtMost(128)],
            &format!(
                "Value '{long}' at 'streamName' failed to satisfy constraint: Member must have length less than or equal to 128"
            ),
        );
        check(
            "records.1.member.partitionKey",
            "",
            &[Rule::LengthAtLeast(1), Rule::LengthAtMost(256)],
            "Value '' at 'records.1.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
    }

    #[test]
    fn lists_are_counted_and_shown_as_java_writes_them() {
        let rules = [Rule::LengthAtLeast(1), Rule::LengthAtMost(10)];
        let list = |length, shown| Value::List { length, shown };
        check(
            "entries",
            list(0, &"[]"),
            &rules,
            "Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
        check(
            "entries",
            list(
                11,
                &"[PutEventsRequestEntry(time=null, source=shop.orders), …]",
            ),
            &rules,
            "Value '[PutEventsRequestEntry(time=null, source=shop.orders), …]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
        );
    }

    #[test]
    fn secrets_are_checked_but_not_shown() {
        check(
            "invokeConfiguration.lambdaParameters.invocationType",
            Value::Secret("X"),
            &[Rule::OneOf(&["REQUEST_RESPONSE", "EVENT"])],
            "Value at 'invokeConfiguration.lambdaParameters.invocationType' failed to satisfy constraint: Member must satisfy enum value set: [REQUEST_RESPONSE, EVENT]",
        );
    }

    /// Recorded of Kinesis.
    #[test]
    fn every_rule_that_is_broken_is_named() {
        static NAME: Pattern = Pattern::new("[a-zA-Z0-9_.-]+");
        let mut validation = Validation::default();
        validation.check("shardCount", Some(0), &[Rule::AtLeast(1)]);
        let rules = [
            Rule::Matches(&NAME),
            Rule::LengthAtLeast(1),
            Rule::LengthAtMost(128),
        ];
        validation.check("streamName", Some(""), &rules);
        assert_eq!(
            sentence(validation),
            "3 validation errors detected: Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1"
        );
    }

    #[test]
    fn absent_members_are_null_where_the_service_says_so() {
        let mut validation = Validation::default();
        assert_eq!(validation.required("label", None::<String>), "");
        assert_eq!(validation.required("topicArn", Some(String::new())), "");
        let empty = Some(Vec::<String>::new());
        assert_eq!(validation.required_list("actionName", empty), [""; 0]);
        assert_eq!(
            sentence(validation),
            "2 validation errors detected: Value null at 'label' failed to satisfy constraint: Member must not be null; Value null at 'actionName' failed to satisfy constraint: Member must not be null"
        );
        let mut validation = Validation::new(Dialect {
            says_null: false,
            ..Dialect::default()
        });
        validation.check("flexibleTimeWindow", None::<&str>, &[Rule::NotNull]);
        assert_eq!(
            sentence(validation),
            "1 validation error detected: Value at 'flexibleTimeWindow' failed to satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn a_service_may_limit_the_violations_that_it_names() {
        let mut validation = Validation::new(Dialect {
            limit: 10,
            ..Dialect::default()
        });
        for record in 1..=500 {
            validation.refuse_null(format_args!("records.{record}.member.data"));
        }
        let sentence = sentence(validation);
        assert!(sentence.starts_with("10 validation errors detected: "));
        assert!(sentence.contains("records.10.member") && !sentence.contains("records.11."));
    }

    #[test]
    fn absent_and_valid_members_break_no_rule() {
        let mut validation = Validation::default();
        let rules = [Rule::LengthAtMost(1), Rule::OneOf(&["ä"])];
        validation.check("a", None::<&str>, &rules);
        validation.check("a", Some("ä"), &[Rule::NotNull]);
        validation.check("b", Some("ä"), &rules);
        assert_eq!(validation.required_list("c", Some(vec![1])), [1]);
        assert_eq!(validation.finish(), Ok(()));
    }

    #[test]
    fn patterns_match_whole_texts_with_or_without_anchors() {
        for pattern in [Pattern::new("[a-c]+|x"), Pattern::new("^([a-c]+|x)$")] {
            for right in ["a", "abc", "x"] {
                assert!(pattern.matches(right), "{pattern:?} {right}");
            }
            for wrong in ["", "ax", "xa", "a\n", "d"] {
                assert!(!pattern.matches(wrong), "{pattern:?} {wrong}");
            }
        }
    }
}
