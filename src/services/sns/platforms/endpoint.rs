//! A platform endpoint: an app on a device.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::aws::attributes::boolean;
use crate::aws::characters::ill_formed;
use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// An endpoint. It does not change: a changed one takes its place in the application.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) arn: Arc<str>,
    /// The push service's name for the device.
    pub(crate) token: Box<str>,
    pub(crate) is_enabled: bool,
    pub(crate) custom_user_data: Option<Box<str>>,
}

/// The checked attributes that a request asks for.
#[derive(Debug, Default)]
pub(crate) struct EndpointChange {
    pub(crate) token: Option<Box<str>>,
    pub(crate) is_enabled: Option<bool>,
    pub(crate) custom_user_data: Option<Box<str>>,
}

impl EndpointChange {
    /// Reads a map of attributes.
    pub(crate) fn read(asked: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut change = Self::default();
        for (name, value) in asked {
            match name.as_str() {
                "CustomUserData" => change.custom_user_data = Some(checked_user_data(value)?),
                "Enabled" => change.is_enabled = Some(read_bool("Enabled", value)?),
                "Token" if value.is_empty() => {
                    return Err(invalid_value("Token", "cannot be empty"));
                }
                "Token" => change.token = Some(checked_text("Token", value)?.into()),
                _ => return Err(invalid_attribute_name(name)),
            }
        }
        Ok(change)
    }
}

impl Endpoint {
    pub(super) fn new(arn: Arc<str>, asked: EndpointChange) -> Self {
        Self {
            arn,
            token: asked.token.unwrap_or_default(),
            is_enabled: asked.is_enabled.unwrap_or(true),
            custom_user_data: asked.custom_user_data,
        }
    }

    /// The endpoint with the requested changes.
    pub(super) fn with(&self, asked: EndpointChange) -> Self {
        Self {
            arn: self.arn.clone(),
            token: asked.token.unwrap_or_else(|| self.token.clone()),
            is_enabled: asked.is_enabled.unwrap_or(self.is_enabled),
            custom_user_data: asked
                .custom_user_data
                .or_else(|| self.custom_user_data.clone()),
        }
    }

    /// Whether this endpoint agrees with `asked`.
    ///
    /// AWS's guide ("Mobile token management") has apps create their endpoint at each start, by its token alone, and
    /// then check whether it is enabled: so a request that does not set `Enabled` finds a disabled endpoint too. User
    /// data must be the same, though.
    pub(super) fn agrees_with(&self, asked: &EndpointChange) -> bool {
        let user_data = |data: &Option<Box<str>>| data.clone().unwrap_or_default();
        asked
            .is_enabled
            .is_none_or(|is_enabled| is_enabled == self.is_enabled)
            && user_data(&asked.custom_user_data) == user_data(&self.custom_user_data)
    }

    /// The attributes as they are shown.
    pub(crate) fn attributes(&self) -> BTreeMap<&'static str, String> {
        let mut attributes = BTreeMap::from([
            ("Enabled", self.is_enabled.to_string()),
            ("Token", self.token.to_string()),
        ]);
        if let Some(data) = &self.custom_user_data {
            attributes.insert("CustomUserData", data.to_string());
        }
        attributes
    }
}

/// Checks the characters and the length of user data.
pub(crate) fn checked_user_data(data: &str) -> Result<Box<str>, Error> {
    checked_text("CustomUserData", data)?;
    if data.len() > limits::CUSTOM_USER_DATA_LENGTH {
        let detail = "must be at most 2048 bytes long in UTF-8 encoding";
        return Err(invalid_value("CustomUserData", detail));
    }
    Ok(data.into())
}

/// A text that answers can show. AWS's text for others is not known.
pub(crate) fn checked_text<'a>(name: &str, text: &'a str) -> Result<&'a str, Error> {
    if ill_formed(text).is_some() {
        return Err(invalid_value(name, "has a character that XML lacks"));
    }
    Ok(text)
}

/// A boolean in any letter case. AWS's text for others is not known: this one is modelled on its other texts.
pub(super) fn read_bool(name: &str, value: &str) -> Result<bool, Error> {
    boolean(value).ok_or_else(|| invalid_value(name, "must be true or false"))
}

pub(super) fn invalid_value(name: &str, detail: impl fmt::Display) -> Error {
    let reason = format!("Invalid value for attribute: {name}: {detail}");
    Error::invalid_because("Attributes", reason)
}

/// Recorded for endpoints; applications are assumed to answer the same.
pub(super) fn invalid_attribute_name(name: &str) -> Error {
    Error::invalid_because("Attributes", format!("Invalid attribute name: {name}"))
}
