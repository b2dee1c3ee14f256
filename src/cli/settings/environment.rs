//! Which environment variables count. An unknown `TOPIQ_` one is refused, since it would otherwise silently do nothing;
//! an empty one counts as not set, as compose files mean it; those that Kubernetes injects are ignored.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::builder::Resettable;
use clap::{Arg, Command};

use super::names;

const PREFIX: &str = "TOPIQ_";

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

/// Refuses a variable that no flag of `command` knows.
pub(super) fn check(command: &Command, variables: &[(String, String)]) -> Result<(), String> {
    let known = known(command);
    let is_known = |name: &str| known.contains(name) || is_client(name);
    let unknown = variables
        .iter()
        .find(|(name, value)| !is_known(name) && !is_kubernetes(name, value));
    let Some((name, _)) = unknown else {
        return Ok(());
    };
    // All names share the prefix, so it does not count towards their similarity.
    let rests = known.iter().filter_map(|name| name.strip_prefix(PREFIX));
    let advice = match names::nearest(name.trim_start_matches(PREFIX), rests) {
        Some(rest) => format!("did you mean {PREFIX}{rest}?"),
        None => "topiq --help lists them all".to_owned(),
    };
    Err(format!("unknown environment variable {name}: {advice}"))
}

fn known(command: &Command) -> BTreeSet<String> {
    command
        .get_arguments()
        .filter_map(Arg::get_env)
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
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

/// What to say about the variables that [`is_kubernetes`] knows, if there are any.
pub(crate) fn warning(variables: &[(String, String)]) -> Option<String> {
    let (name, value) = variables
        .iter()
        .find(|(name, value)| is_kubernetes(name, value))?;
    Some(format!(
        "{name}={value} is Kubernetes' word on a Service named topiq and is ignored, as all of its kind; \
         enableServiceLinks: false in the pod's spec keeps them out"
    ))
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
    fn unknown_variable_is_refused_with_the_nearest_known_one() {
        check("TOPIQ_PORT", "1", Ok(()));
        check(
            "TOPIQ_PROT",
            "1",
            Err("unknown environment variable TOPIQ_PROT: did you mean TOPIQ_PORT?"),
        );
        check(
            "TOPIQ_ALLOW_HOSTS",
            "a",
            Err("unknown environment variable TOPIQ_ALLOW_HOSTS: did you mean TOPIQ_ALLOW_HOST?"),
        );
        check(
            "TOPIQ_XYZ",
            "",
            Err("unknown environment variable TOPIQ_XYZ: topiq --help lists them all"),
        );
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
