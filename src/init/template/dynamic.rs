//! Dynamic references, such as `{{resolve:ssm:/shop/key}}`: AWS would look their values up; here they are given with
//! `--init-param resolve:ssm:/shop/key=VALUE`.

use std::borrow::Cow;

use super::error::Fault;
use super::parameters::last;

/// How a parameter's name begins that stands for a dynamic reference.
pub const PREFIX: &str = "resolve:";

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// What to do with a reference that nobody has given a value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    Refuse,
    /// It stays as it is written: where a value is only kept and shown.
    Keep,
}

/// The text with the given values in place of its dynamic references.
pub(super) fn resolved<'t>(
    text: &'t str,
    line: usize,
    values: &[(String, String)],
    unknown: Unknown,
) -> Result<Cow<'t, str>, Fault> {
    if !text.contains("{{resolve:") {
        return Ok(Cow::Borrowed(text));
    }
    let mut resolved = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        resolved.push_str(before);
        let reference = after
            .split_once(CLOSE)
            .filter(|(reference, _)| reference.starts_with(PREFIX));
        let Some((reference, after)) = reference else {
            resolved.push_str(OPEN);
            rest = after;
            continue;
        };
        let value = last(values, reference).or_else(|| {
            let (unversioned, _) = reference.rsplit_once(':')?;
            last(values, unversioned)
        });
        match value {
            Some(value) => resolved.push_str(value),
            None if unknown == Unknown::Keep => {
                resolved.extend([OPEN, reference, CLOSE]);
            }
            None => {
                let message = format!(
                    "topiq cannot look up {{{{{reference}}}}}: give its value by --init-param {reference}=VALUE"
                );
                return Err(Fault::new(line, message));
            }
        }
        rest = after;
    }
    resolved.push_str(rest);
    Ok(Cow::Owned(resolved))
}

/// The value given for a reference to a name in a store, such as `ssm`.
pub(super) fn given<'p>(
    values: &'p [(String, String)],
    store: &str,
    name: &str,
) -> Option<&'p str> {
    last(values, &format!("{PREFIX}{store}:{name}"))
}
