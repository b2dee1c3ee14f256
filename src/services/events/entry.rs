//! An entry of `PutEvents`, as a publisher sends it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer};

use super::constraints::OWN_BUSES;
use super::event::Compact;
use super::limits;
use crate::aws::validation::{Rule, Validation};
use crate::clock::Timestamp;
use crate::wire::{DateTime, Text};

/// What a publisher sends.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry<'a> {
    pub(super) time: Option<SentTime>,
    #[serde(borrow)]
    pub(super) source: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) resources: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(super) detail_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) detail: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) event_bus_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) trace_header: Option<Text<'a>>,
}

/// Why an entry is refused. Its publisher is told in the answer: the call itself succeeds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("Parameter {0} is not valid. Reason: {0} is a required argument.")]
    Missing(&'static str),
    #[error("Detail is malformed.")]
    MalformedDetail,
    #[error("Not authorized for the source.")]
    ReservedSource,
    /// The bus's policy does not allow it; holds the whole sentence.
    #[error("{0}")]
    AccessDenied(String),
    #[error("Parameter Source is not valid. Reason: Event source does not exist.")]
    UnknownSource,
}

impl Refused {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) | Self::UnknownSource => "InvalidArgument",
            Self::MalformedDetail => "MalformedDetail",
            Self::ReservedSource => "NotAuthorizedForSourceException",
            Self::AccessDenied(_) => "AccessDeniedException",
        }
    }
}

/// An entry's texts that are always there.
#[derive(Debug)]
struct Texts<'e> {
    source: &'e str,
    detail_type: &'e str,
    detail: &'e str,
}

/// These texts, checked.
#[derive(Debug)]
pub(super) struct Checked<'e> {
    pub(super) source: &'e str,
    pub(super) detail_type: &'e str,
    /// A JSON object, without blanks between its tokens.
    pub(super) detail: Cow<'e, str>,
}

impl Entry<'_> {
    /// Checks the constraints of the model; `place` counts from one.
    pub(super) fn validate(&self, place: usize, validation: &mut Validation) {
        self.validate_resources(place, validation);
        validation.check(
            format_args!("entries.{place}.member.eventBusName"),
            self.event_bus_name.as_deref(),
            &OWN_BUSES,
        );
        validation.check(
            format_args!("entries.{place}.member.traceHeader"),
            self.trace_header.as_deref(),
            &[Rule::LengthAtLeast(1), Rule::LengthAtMost(500)],
        );
    }

    /// Checks the constraint of the model that partners' entries have, too.
    pub(super) fn validate_resources(&self, place: usize, validation: &mut Validation) {
        let resources = self.resources.iter().flatten();
        for (resource, number) in resources.zip(1..) {
            validation.check(
                format_args!("entries.{place}.member.resources.{number}.member"),
                Some(&**resource),
                &[Rule::LengthAtMost(2048)],
            );
        }
    }

    /// The bytes that it counts of those that a request may have.
    pub(super) fn size(&self) -> usize {
        let time = self.time.map_or(0, |_| limits::TIME_SIZE);
        let texts = [&self.source, &self.detail_type, &self.detail].into_iter();
        let texts: usize = texts.flatten().map(|text| text.len()).sum();
        let resources = self.resources.iter().flatten();
        time + texts + resources.map(|resource| resource.len()).sum::<usize>()
    }

    /// Its texts, or the first thing that is wrong with them.
    pub(super) fn check(&self) -> Result<Checked<'_>, Refused> {
        let texts = self.texts()?;
        if texts.source.starts_with("aws.") {
            return Err(Refused::ReservedSource);
        }
        texts.check()
    }

    /// The same of a partner's entry.
    pub(super) fn check_of_partner(&self) -> Result<Checked<'_>, Refused> {
        self.texts()?.check()
    }

    fn texts(&self) -> Result<Texts<'_>, Refused> {
        Ok(Texts {
            source: given("Source", self.source.as_ref())?,
            detail_type: given("DetailType", self.detail_type.as_ref())?,
            detail: given("Detail", self.detail.as_ref())?,
        })
    }

    /// Writes the members that partners' entries have, too, as AWS's Java classes do.
    pub(super) fn write_members(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self
            .time
            .map_or("null".to_owned(), |time| DateTime(time.0).to_string());
        let resources = match &self.resources {
            None => "null".to_owned(),
            Some(list) => {
                let list: Vec<_> = list.iter().map(|text| &**text).collect();
                format!("[{}]", list.join(", "))
            }
        };
        write!(
            f,
            "time={time}, source={}, resources={resources}, detailType={}, detail={}",
            or_null(self.source.as_ref()),
            or_null(self.detail_type.as_ref()),
            or_null(self.detail.as_ref()),
        )
    }
}

impl<'e> Texts<'e> {
    fn check(self) -> Result<Checked<'e>, Refused> {
        let detail = Compact::object(self.detail).ok_or(Refused::MalformedDetail)?;
        if detail.depth > limits::DETAIL_DEPTH {
            return Err(Refused::MalformedDetail);
        }
        Ok(Checked {
            source: self.source,
            detail_type: self.detail_type,
            detail: detail.text,
        })
    }
}

fn or_null<'t>(text: Option<&'t Text<'_>>) -> &'t str {
    text.map_or("null", |text| text)
}

/// Empty counts as absent.
fn given<'t>(parameter: &'static str, text: Option<&'t Text<'_>>) -> Result<&'t str, Refused> {
    let text = text.map(|text| &**text).filter(|text| !text.is_empty());
    text.ok_or(Refused::Missing(parameter))
}

/// As AWS's Java classes write themselves.
impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PutEventsRequestEntry(")?;
        self.write_members(f)?;
        write!(
            f,
            ", eventBusName={}, traceHeader={}, kmsKeyIdentifier=null, internalMetadata=null)",
            or_null(self.event_bus_name.as_ref()),
            or_null(self.trace_header.as_ref()),
        )
    }
}

/// The time of an entry: seconds since the Unix epoch, whose fraction is dropped, or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SentTime(pub(super) Timestamp);

impl<'de> Deserialize<'de> for SentTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeVisitor;

        impl Visitor<'_> for TimeVisitor {
            type Value = SentTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("f64")
            }

            fn visit_u64<E: serde::de::Error>(self, seconds: u64) -> Result<SentTime, E> {
                if seconds > LATEST {
                    return Err(E::custom("the moment lies outside of time"));
                }
                Ok(SentTime(Timestamp::from_secs(seconds)))
            }

            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the fraction is dropped, and the next function checks the range"
            )]
            fn visit_f64<E: serde::de::Error>(self, seconds: f64) -> Result<SentTime, E> {
                if seconds < 0.0 {
                    return Err(E::custom("the moment lies outside of time"));
                }
                self.visit_u64(seconds as u64)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<SentTime, E> {
                let moment = DateTime::parse(text)
                    .ok_or_else(|| E::invalid_type(serde::de::Unexpected::Str(text), &self))?;
                Ok(SentTime(Timestamp::from_secs(moment.0.as_secs())))
            }
        }

        /// The end of the year 9999.
        const LATEST: u64 = 253_402_300_799;

        deserializer
            .deserialize_any(TimeVisitor)
            .map_err(D::Error::custom)
    }
}
