//! Moments as members. Smithy's `timestampFormat` fixes how one is written; without it, the protocol decides: JSON has
//! seconds since the Unix epoch, Query a date, CBOR a tag with milliseconds.

use std::fmt;

use ciborium::tag;
use serde::de::{self, Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

use crate::aws::calendar::{self, digits, millis_of_day};
use crate::clock::Timestamp;

/// The name under which [`Moment`] serialises, so that a codec that writes moments as dates knows it.
pub(super) const MOMENT: &str = "topiq::Moment";

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A moment in the protocol's own format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub Timestamp);

/// A moment as a number of seconds since the Unix epoch, in every protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpochSeconds(pub Timestamp);

/// A moment as `2014-04-29T18:30:38Z`, in every protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub Timestamp);

/// A moment as `2014-04-29T18:30:38.000Z`: always with three decimals, as SNS writes it into messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTimeMillis(pub Timestamp);

/// A moment as `Tue, 29 Apr 2014 18:30:38 GMT`, in every protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct HttpDate(pub Timestamp);

impl DateTime {
    /// The moment that `text` names: RFC 3339, with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        calendar::parse(text).map(Self)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() % 1000 {
            0 => write!(f, "{}Z", Seconds(self.0)),
            _ => DateTimeMillis(self.0).fmt(f),
        }
    }
}

impl fmt::Display for DateTimeMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}Z", Seconds(self.0), self.0.as_millis() % 1000)
    }
}

/// `2014-04-29T18:30:38`, in UTC.
struct Seconds(Timestamp);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = calendar::utc(self.0);
        let (year, month, day) = (utc.year(), u8::from(utc.month()), utc.day());
        let (hour, minute, second) = utc.as_hms();
        let Some(century) = u8::try_from(year / 100).ok().filter(|first| *first < 100) else {
            return write!(
                f,
                "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
            );
        };
        // Much faster than a format with padding: it is in every event and notification.
        let mut text = *b"0000-00-00T00:00:00";
        let of_century = u8::try_from(year % 100).expect("less than a hundred");
        let parts = [century, of_century, month, day, hour, minute, second];
        for (part, at) in parts.into_iter().zip([0, 2, 5, 8, 11, 14, 17]) {
            text[at] += part / 10;
            text[at + 1] += part % 10;
        }
        f.write_str(str::from_utf8(&text).expect("ASCII"))
    }
}

impl HttpDate {
    /// The moment that `text` names.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_once(", ")?.1.split(' ');
        let (day, name, year) = (words.next()?, words.next()?, words.next()?);
        let month = (1..).zip(MONTHS).find(|(_, month)| *month == name)?.0;
        let midnight = calendar::midnight(digits(year)?, month, digits(day)?)?;
        let millis = midnight + millis_of_day(words.next()?)?;
        (words.next() == Some("GMT")).then_some(Self(calendar::moment(millis)?))
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = calendar::utc(self.0);
        let weekday = WEEKDAYS[usize::from(utc.weekday().number_days_from_monday())];
        let month = MONTHS[usize::from(u8::from(utc.month())) - 1];
        let (day, year) = (utc.day(), utc.year());
        let (hour, minute, second) = utc.as_hms();
        write!(
            f,
            "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"
        )
    }
}

impl Serialize for EpochSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let millis = self.0.as_millis();
        if millis.is_multiple_of(1000) {
            return serializer.serialize_u64(millis / 1000);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact for the next 280,000 years"
        )]
        serializer.serialize_f64(millis as f64 / 1000.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            // AWS's CBOR 1.1 has milliseconds under the tag for which RFC 8949 has seconds.
            return tag::Required::<u64, 1>(self.0.as_millis()).serialize(serializer);
        }
        serializer.serialize_newtype_struct(MOMENT, &EpochSeconds(self.0))
    }
}

impl<'de> Deserialize<'de> for EpochSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        if !(0.0..1e15).contains(&seconds) {
            return Err(D::Error::custom("the moment lies outside of time"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range was checked above"
        )]
        let millis = (seconds * 1000.0).round() as u64;
        Ok(Self(Timestamp::from_millis(millis)))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MomentVisitor;

        impl<'de> Visitor<'de> for MomentVisitor {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a moment")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Moment, D::Error> {
                EpochSeconds::deserialize(deserializer).map(|seconds| Moment(seconds.0))
            }
        }

        if !deserializer.is_human_readable() {
            // A client may leave the tag out.
            let tag::Accepted(millis) = tag::Accepted::<u64, 1>::deserialize(deserializer)?;
            return Ok(Self(Timestamp::from_millis(millis)));
        }
        deserializer.deserialize_newtype_struct(MOMENT, MomentVisitor)
    }
}

macro_rules! as_text {
    ($($type:ident)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| de::Error::custom("the text is not a date"))
            }
        }
    )*};
}

as_text! { DateTime HttpDate }

#[cfg(test)]
mod tests {
    use super::*;

    fn check(millis: u64, date_time: &str, http_date: &str) {
        let moment = Timestamp::from_millis(millis);
        assert_eq!(DateTime(moment).to_string(), date_time);
        assert_eq!(HttpDate(moment).to_string(), http_date);
        assert_eq!(DateTime::parse(date_time), Some(DateTime(moment)));
        let seconds = Timestamp::from_secs(moment.as_secs());
        assert_eq!(HttpDate::parse(http_date), Some(HttpDate(seconds)));
    }

    #[test]
    fn moments_round_trip_through_both_texts() {
        check(0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT");
        check(
            1_398_796_238_000,
            "2014-04-29T18:30:38Z",
            "Tue, 29 Apr 2014 18:30:38 GMT",
        );
        check(
            951_827_696_123,
            "2000-02-29T12:34:56.123Z",
            "Tue, 29 Feb 2000 12:34:56 GMT",
        );
        check(
            4_107_542_399_000,
            "2100-02-28T23:59:59Z",
            "Sun, 28 Feb 2100 23:59:59 GMT",
        );
    }

    #[test]
    fn three_decimals_are_written_even_if_zero() {
        for (millis, text) in [
            (1_398_796_238_000, "2014-04-29T18:30:38.000Z"),
            (1_398_796_238_007, "2014-04-29T18:30:38.007Z"),
        ] {
            let moment = DateTimeMillis(Timestamp::from_millis(millis));
            assert_eq!(moment.to_string(), text);
        }
    }

    #[test]
    fn offsets_are_taken_into_account() {
        let moment = DateTime::parse("2019-12-16T23:48:18Z");
        assert!(moment.is_some());
        assert_eq!(DateTime::parse("2019-12-16T22:48:18-01:00"), moment);
        assert_eq!(DateTime::parse("2019-12-17T00:48:18+01:00"), moment);
    }

    #[test]
    fn other_texts_are_refused() {
        for wrong in [
            "",
            "2019-12-16",
            "2019-02-29T00:00:00Z",
            "2019-13-01T00:00:00Z",
            "2019-12-16T24:00:00Z",
            "2019-12-16T00:00:00",
            "2019-12-16T00:00:00+",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(DateTime::parse(wrong), None, "{wrong}");
        }
        for wrong in [
            "",
            "Tue, 29 Apr 2014 18:30:38",
            "Tue, 31 Apr 2014 18:30:38 GMT",
        ] {
            assert_eq!(HttpDate::parse(wrong), None, "{wrong}");
        }
    }
}
