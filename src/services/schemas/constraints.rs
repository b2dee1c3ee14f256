//! The constraints on members that several actions have. Names of registries and schemas have theirs from the console.

use crate::aws::validation::{Pattern, Rule};

use super::limits;

static NAME: Pattern = Pattern::by("[0-9A-Za-z_.@-]+", |text| {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.@-".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
});

/// Names of registries.
pub(super) static REGISTRY_NAMES: [Rule; 3] = [
    Rule::Matches(&NAME),
    Rule::LengthAtLeast(*limits::REGISTRY_NAME.start()),
    Rule::LengthAtMost(*limits::REGISTRY_NAME.end()),
];

/// Names of schemas.
pub(super) static SCHEMA_NAMES: [Rule; 3] = [
    Rule::Matches(&NAME),
    Rule::LengthAtLeast(*limits::SCHEMA_NAME.start()),
    Rule::LengthAtMost(*limits::SCHEMA_NAME.end()),
];

/// Descriptions of registries, schemas and discoverers.
pub(super) static DESCRIPTIONS: [Rule; 1] = [Rule::LengthAtMost(256)];

/// A schema's content, and an event to discover one from.
pub(super) static CONTENTS: [Rule; 2] =
    [Rule::LengthAtLeast(1), Rule::LengthAtMost(limits::CONTENT)];

/// `Type`.
pub(super) static TYPES: [Rule; 1] = [Rule::OneOf(&["OpenApi3", "JSONSchemaDraft4"])];

/// `Language`.
pub(super) static LANGUAGES: [Rule; 1] =
    [Rule::OneOf(&["Java8", "Python36", "TypeScript3", "Go1"])];
