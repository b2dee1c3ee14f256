//! The file that `--config` names: YAML or JSON, a mapping from the flags' names to their values.
//!
//! ```yaml
//! port: 4566
//! allow-host: [queue.example, "*.test"]
//! strict-timing: true
//! ```

use std::path::Path;

use clap::builder::Resettable;
use clap::{Arg, ArgAction, Command};
use topiq::document::{self, Key, Node, Value};
use topiq::names;

/// These flags take effect before the file is read.
const NOT_SETTINGS: [&str; 3] = ["config", "help", "version"];

/// A value of the file, checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The flag's name.
    name: String,
    /// One value, or those of a list.
    values: Vec<String>,
}

/// The settings of the file at `path`, each held against the flag of its name.
pub(super) fn read(path: &Path, command: &Command) -> Result<Vec<Setting>, String> {
    let text = text_of(path)?;
    settings(&text, command)
        .map_err(|(line, reason)| format!("{}:{line}: {reason}", path.display()))
}

/// The one value of the setting `name`, if the file has it: for callers that need no more than this.
pub(crate) fn value_of(path: &Path, name: &str) -> Result<Option<String>, String> {
    let document = document::read(&text_of(path)?);
    let document = document.map_err(|error| {
        let file = path.display();
        format!("{file}:{}: {}", error.line, error.message)
    })?;
    Ok(document.get(name).and_then(|node| node.value.scalar()))
}

fn text_of(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path);
    text.map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The command, with the settings as its defaults and as those of the subcommand that runs a server.
pub(super) fn with_defaults(command: Command, settings: &[Setting]) -> Command {
    let command = command.mut_args(|argument| {
        match settings
            .iter()
            .find(|setting| argument.get_long() == Some(&setting.name))
        {
            Some(setting) => argument.default_values(setting.values.clone()),
            None => argument,
        }
    });
    command.mut_subcommands(|command| match command.get_name() {
        "run" => with_defaults(command, settings),
        _ => command,
    })
}

/// A line of the file and what is wrong there.
type Refused = (usize, String);

fn settings(text: &str, command: &Command) -> Result<Vec<Setting>, Refused> {
    let document = document::read(text).map_err(|error| (error.line, error.message))?;
    let entries = match document.value {
        Value::Map(entries) => entries,
        Value::Null => Vec::new(),
        other => {
            return Err((
                document.line,
                format!("expected settings, found {}", other.kind()),
            ));
        }
    };
    // What the environment says is not this file's fault.
    let command = command
        .clone()
        .mut_args(|argument| argument.env(Resettable::Reset));
    let mut settings = Vec::new();
    for (key, node) in entries.iter().filter(|(_, node)| node.value != Value::Null) {
        let argument = argument(&command, key)?;
        let setting = Setting {
            name: key.text.clone(),
            values: values(argument, node)?,
        };
        check(&command, &setting).map_err(|reason| (node.line, reason))?;
        settings.push(setting);
    }
    Ok(settings)
}

/// The flag that a setting is named after.
fn argument<'a>(command: &'a Command, key: &Key) -> Result<&'a Arg, Refused> {
    let flags = || {
        command.get_arguments().filter(|argument| {
            argument
                .get_long()
                .is_some_and(|name| !NOT_SETTINGS.contains(&name))
        })
    };
    let name = key.text.as_str();
    if let Some(argument) = flags().find(|argument| argument.get_long() == Some(name)) {
        return Ok(argument);
    }
    let advice = match names::nearest(name, flags().filter_map(Arg::get_long)) {
        Some(known) => format!("did you mean {known}?"),
        None => "settings are named like the flags in topiq --help".to_owned(),
    };
    Err((key.line, format!("unknown setting {name}: {advice}")))
}

/// The texts of a value, of the shape that the flag takes.
fn values(argument: &Arg, node: &Node) -> Result<Vec<String>, Refused> {
    let is = |expected: &str| {
        let name = argument.get_long().unwrap_or_default();
        (
            node.line,
            format!("{name}: expected {expected}, found {}", node.value.kind()),
        )
    };
    match (argument.get_action(), &node.value) {
        (ArgAction::SetTrue, Value::Bool(_)) => Ok(node.value.scalar().into_iter().collect()),
        (ArgAction::SetTrue, value) => {
            let (line, mut reason) = is("true or false");
            let text = value.scalar().unwrap_or_default();
            if let Some(meant) = names::nearest(&text, ["true", "false"]) {
                reason.extend([": did you mean ", meant, "?"]);
            }
            Err((line, reason))
        }
        (ArgAction::Append, Value::List(nodes)) => nodes
            .iter()
            .map(|node| node.value.scalar().ok_or_else(|| is("a list of values")))
            .collect(),
        (ArgAction::Append, Value::Map(entries)) if takes_pairs(argument) => entries
            .iter()
            .map(|(key, node)| {
                let value = node
                    .value
                    .scalar()
                    .ok_or_else(|| is("a mapping of values"))?;
                Ok(format!("{}={value}", key.text))
            })
            .collect(),
        (ArgAction::Append, _) => Ok(vec![node.value.scalar().ok_or_else(|| is("a list"))?]),
        _ => Ok(vec![node.value.scalar().ok_or_else(|| is("a value"))?]),
    }
}

/// Whether a flag's values are pairs, which the file gives as a mapping rather than as a list of texts.
fn takes_pairs(argument: &Arg) -> bool {
    let names = argument.get_value_names().unwrap_or_default();
    names.iter().any(|name| name.contains('='))
}

/// Has clap parse the value, as if nothing else were given.
fn check(command: &Command, setting: &Setting) -> Result<(), String> {
    let setting = std::slice::from_ref(setting);
    let parsed = with_defaults(command.clone(), setting).try_get_matches_from(["topiq"]);
    parsed.map(drop).map_err(|error| {
        // "error: invalid value …", then the possible values, then a paragraph on --help.
        let text = error.to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        let (reason, _) = text.split_once("\n\n").unwrap_or((text, ""));
        reason.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Arguments;
    use clap::CommandFactory;

    /// Settings and their values, or the line and the words of the refusal.
    type Expected<'a> = Result<&'a [(&'a str, &'a [&'a str])], (usize, &'a str)>;

    fn check(text: &str, expected: Expected<'_>) {
        let found = settings(text, &Arguments::command());
        let found = found.map(|settings| {
            let plain = |setting: Setting| (setting.name, setting.values);
            settings.into_iter().map(plain).collect::<Vec<_>>()
        });
        let owned = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        let expected = expected
            .map(|settings| {
                let settings = settings.iter();
                settings
                    .map(|(name, values)| ((*name).to_owned(), owned(values)))
                    .collect()
            })
            .map_err(|(line, reason)| (line, reason.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn settings_are_read_by_the_names_of_flags() {
        check("", Ok(&[]));
        check("port: 7\nhost:\n", Ok(&[("port", &["7"])]));
        check(
            "{\"port\": 7, \"strict-timing\": true}",
            Ok(&[("port", &["7"]), ("strict-timing", &["true"])]),
        );
        check("allow-host: [a, b]", Ok(&[("allow-host", &["a", "b"])]));
        check("allow-host: a", Ok(&[("allow-host", &["a"])]));
        check(
            "init-param: {Stage: test}",
            Ok(&[("init-param", &["Stage=test"])]),
        );
    }

    #[test]
    fn refusals_name_the_line() {
        check(
            "# first\nprot: 7",
            Err((2, "unknown setting prot: did you mean port?")),
        );
        check(
            "port: 1\nallow_host: a",
            Err((2, "unknown setting allow_host: did you mean allow-host?")),
        );
        check(
            "config: more.yaml",
            Err((
                1,
                "unknown setting config: settings are named like the flags in topiq --help",
            )),
        );
        check(
            "port:\n  - 7",
            Err((2, "port: expected a value, found a list")),
        );
        check(
            "port: 70000",
            Err((
                1,
                "invalid value '70000' for '--port <PORT>': 70000 is not in 0..=65535",
            )),
        );
        check(
            "strict-timing: 'yes'",
            Err((1, "strict-timing: expected true or false, found a text")),
        );
        check(
            "strict-timing: Flase",
            Err((
                1,
                "strict-timing: expected true or false, found a text: did you mean false?",
            )),
        );
        check(
            "allow-host:\n  a: b",
            Err((2, "allow-host: expected a list, found a mapping")),
        );
        check("- port", Err((1, "expected settings, found a list")));
        check(
            "log-format: xml",
            Err((
                1,
                "invalid value 'xml' for '--log-format <LOG_FORMAT>' [possible values: human, json]",
            )),
        );
    }
}
