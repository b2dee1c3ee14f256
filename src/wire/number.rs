//! Floating-point members.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

/// The name under which [`Float`] serialises: in a form every value is a text, and the codec reads the number.
pub(super) const FLOAT: &str = "topiq::Float";

/// A `float` or `double`. JSON has no numbers for infinities and NaN: Smithy writes them as the texts `NaN`, `Infinity`
/// and `-Infinity`, in every textual protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Float(pub f64);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = match self.0 {
            _ if !serializer.is_human_readable() || self.0.is_finite() => {
                return serializer.serialize_f64(self.0);
            }
            f64::INFINITY => "Infinity",
            f64::NEG_INFINITY => "-Infinity",
            _ => "NaN",
        };
        serializer.serialize_str(text)
    }
}

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(FLOAT, FloatVisitor)
    }
}

struct FloatVisitor;

impl<'de> Visitor<'de> for FloatVisitor {
    type Value = Float;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("f64")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Float, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Float, E> {
        Ok(Float(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "a double is what was asked for")]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Float, E> {
        Ok(Float(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a double is what was asked for")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Float, E> {
        Ok(Float(number as f64))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Float, E> {
        let number = match text {
            "NaN" => f64::NAN,
            "Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            _ => return Err(E::invalid_type(serde::de::Unexpected::Str(text), &self)),
        };
        Ok(Float(number))
    }
}
