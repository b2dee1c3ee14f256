//! Which environment variables count. A `TOPIQ_` one that is one typo away from a setting is refused, since it would
//! otherwise silently do nothing; all others that are unknown are somebody else's, such as a test harness's, and are named in one
//! warning. An empty one counts as not set, as compose files mean it; those that Kubernetes injects are ignored.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::builder::Resettable;
use clap::{Arg, Command};

use topiq::names;

const PREFIX: &str = "TOPIQ_";

/// What tells subcommands where the server is.
const CLIENTS: &str = "TOPIQ_ENDPOINT";

/// The names and values of this process's `TOPIQ_` variables.
pub(crate) fn variables() -> Vec<(String, String)> {
    let text = |word: OsString| word.to_string_lossy().into_owned();
    std::env::vars_os()
        .map(|(name, value)| (text(name), text(value)))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect()
}

/// The command, without the variables that are present but set nothing.
pub(super) fn drop_unset(command: Command) -> Command {
    let command = command.mut_args(|argument| {
        if is_unset(&argument) {
            argument.env(Resettable::Reset)
        } else {
            argument
        }
    });
    command.mut_subcommands(drop_unset)
}

fn is_unset(argument: &Arg) -> bool {
    let Some(name) = argument.get_env() else {
        return false;
    };
    let name = name.to_string_lossy();
    std::env::var_os(&*name).is_some_and(|value| {
        let value = value.to_string_lossy();
        value.trim().is_empty() || is_kubernetes(&name, &value)
    })
}

/// Refuses a variable that one slip makes of one that a flag of `command` knows.
pub(super) fn check(command: &Command, variables: &[(String, String)]) -> Result<(), String> {
    let known = known(command);
    // All names share the prefix, so it does not count towards their similarity.
    let rests = || known.iter().filter_map(|name| name.strip_prefix(PREFIX));
    let slips = unknown(&known, variables).filter_map(|name| {
        let meant = names::slip_of(name.trim_start_matches(PREFIX), rests())?;
        Some((name, meant))
    });
    match slips.min() {
        Some((name, meant)) => Err(format!(
            "unknown environment variable {name}: did you mean {PREFIX}{meant}?"
        )),
        None => Ok(()),
    }
}

/// The variables that are neither settings nor known to be somebody else's.
fn unknown<'a>(
    known: &BTreeSet<String>,
    variables: &'a [(String, String)],
) -> impl Iterator<Item = &'a str> {
    let is_known = |name: &str| known.contains(name) || is_client(name);
    variables
        .iter()
        .filter(move |(name, value)| !is_known(name) && !is_kubernetes(name, value))
        .map(|(name, _)| &**name)
}

fn known(command: &Command) -> BTreeSet<String> {
    let settings = command.get_arguments().filter_map(Arg::get_env);
    let settings = settings.map(|name| name.to_string_lossy().into_owned());
    settings.chain([CLIENTS.to_owned()]).collect()
}

/// `TOPIQ_ENDPOINT`, `TOPIQ_STRICT_ENDPOINT` and the like tell clients where servers are; a test run has these and the
/// server's own variables in one environment.
fn is_client(name: &str) -> bool {
    name.ends_with("_ENDPOINT")
}

/// Whether Kubernetes sets this variable in every container, for a Service named `topiq` or `topiq-…`: it names them as
/// Docker's links did (Kubernetes, "Environment variables" of the Service page).
pub(crate) fn is_kubernetes(name: &str, value: &str) -> bool {
    let is_address = ["tcp://", "udp://", "sctp://"]
        .iter()
        .any(|scheme| value.starts_with(scheme));
    // Such as 4566_TCP_ADDR.
    let is_port = |rest: &str| {
        let mut words = rest.split('_');
        words.next().is_some_and(|word| word.parse::<u16>().is_ok())
            && matches!(words.next(), Some("TCP" | "UDP" | "SCTP"))
    };
    name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || (name.ends_with("_PORT") && is_address)
        || name.split("_PORT_").skip(1).any(is_port)
}

/// What to say of the variables that are ignored: a sentence of those that nobody knows, and one of those of Kubernetes.
pub(crate) fn warnings(command: &Command, variables: &[(String, String)]) -> Vec<String> {
    let known = known(command);
    let names: BTreeSet<_> = unknown(&known, variables).collect();
    let unknown = (!names.is_empty()).then(|| {
        let names: Vec<_> = names.into_iter().collect();
        format!(
            "ignored, as they are no settings of topiq (topiq --help lists them): {}",
            names.join(", ")
        )
    });
    let mut variables = variables.iter();
    let injected = variables.find(|(name, value)| is_kubernetes(name, value));
    let injected = injected.map(|(name, value)| {
        format!(
            "{name}={value} is Kubernetes' word on a Service named topiq and is ignored, as all of its kind; \
             enableServiceLinks: false in the pod's spec keeps them out"
        )
    });
    unknown.into_iter().chain(injected).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Arguments;
    use clap::CommandFactory;

    fn check(name: &str, value: &str, expected: Result<(), &str>) {
        let variables = [(name.to_owned(), value.to_owned())];
        let checked = super::check(&Arguments::command(), &variables);
        assert_eq!(checked.as_ref().map_err(String::as_str).copied(), expected);
    }

    #[test]
    fn variable_that_is_one_slip_from_a_setting_is_refused() {
        for (name, meant) in [
            ("TOPIQ_PROT", "TOPIQ_PORT"),
            ("TOPIQ_ALLOW_HOSTS", "TOPIQ_ALLOW_HOST"),
            ("TOPIQ_port", "TOPIQ_PORT"),
            ("TOPIQ_LOGFORMAT", "TOPIQ_LOG_FORMAT"),
            ("TOPIQ_ENDPONT", "TOPIQ_ENDPOINT"),
        ] {
            let refusal = format!("unknown environment variable {name}: did you mean {meant}?");
            check(name, "1", Err(&refusal));
            check(name, "", Err(&refusal));
        }
        check("TOPIQ_PORT", "1", Ok(()));
    }

    #[test]
    fn variables_of_others_are_named_in_one_warning() {
        let harness = ["TOPIQ_URL", "TOPIQ_BIN", "TOPIQ_PID", "TOPIQ_XYZ"];
        for name in harness {
            check(name, "1", Ok(()));
        }
        let mut variables: Vec<_> = harness.map(|name| (name.to_owned(), "1".to_owned())).into();
        let warnings = |variables: &[_]| super::warnings(&Arguments::command(), variables);
        assert_eq!(
            warnings(&variables),
            [
                "ignored, as they are no settings of topiq (topiq --help lists them): \
                 TOPIQ_BIN, TOPIQ_PID, TOPIQ_URL, TOPIQ_XYZ"
            ]
        );
        variables.push(("TOPIQ_SERVICE_HOST".to_owned(), "10.0.0.11".to_owned()));
        assert_eq!(warnings(&variables).len(), 2);
        let ours = [
            ("TOPIQ_PORT".to_owned(), "1".to_owned()),
            ("TOPIQ_STRICT_ENDPOINT".to_owned(), "http://a".to_owned()),
        ];
        assert!(warnings(&ours).is_empty());
    }

    #[test]
    fn variables_of_clients_are_ignored() {
        check("TOPIQ_ENDPOINT", "http://localhost:4566", Ok(()));
        check("TOPIQ_STRICT_ENDPOINT", "http://localhost:4567", Ok(()));
    }

    #[test]
    fn variables_of_kubernetes_are_ignored() {
        let injected = [
            ("TOPIQ_PORT", "tcp://10.0.0.11:4566"),
            ("TOPIQ_SERVICE_HOST", "10.0.0.11"),
            ("TOPIQ_SERVICE_PORT", "4566"),
            ("TOPIQ_SERVICE_PORT_AWS", "4566"),
            ("TOPIQ_PORT_4566_TCP", "tcp://10.0.0.11:4566"),
            ("TOPIQ_PORT_4566_TCP_PROTO", "tcp"),
            ("TOPIQ_PORT_4566_TCP_PORT", "4566"),
            ("TOPIQ_PORT_4566_TCP_ADDR", "10.0.0.11"),
            // A Service named topiq-strict.
            ("TOPIQ_STRICT_PORT", "tcp://10.0.0.12:4566"),
            ("TOPIQ_STRICT_PORT_4566_TCP_PORT", "4566"),
            ("TOPIQ_STRICT_SERVICE_HOST", "10.0.0.12"),
        ];
        for (name, value) in injected {
            assert!(is_kubernetes(name, value), "{name}={value}");
            check(name, value, Ok(()));
        }
        let ours = [("TOPIQ_PORT", "4566"), ("TOPIQ_HOST", "0.0.0.0")];
        for (name, value) in ours {
            assert!(!is_kubernetes(name, value), "{name}={value}");
        }
        assert!(!is_kubernetes("TOPIQ_PORT_ROYAL", "4566"));
    }
}
