//! Where log lines go and how they look. Containers collect standard output, so they go there.

use std::io::{IsTerminal, stdout};
use std::str::FromStr;

use clap::ValueEnum;
use topiq::names;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The target of the line that tells the server's addresses.
pub(crate) const READY: &str = "topiq::ready";

/// The crates that write log lines.
const CRATES: [&str; 2] = ["topiq", "h2"];

/// topiq's modules that do, besides [`READY`].
const MODULES: [&str; 28] = [
    "topiq::aws::access",
    "topiq::cli::logs",
    "topiq::cli::run",
    "topiq::delivery::http::attempt",
    "topiq::delivery::http::lane",
    "topiq::delivery::http::tls",
    "topiq::faults",
    "topiq::http::body",
    "topiq::http::connection",
    "topiq::http::front",
    "topiq::http::handshake",
    "topiq::http::server",
    "topiq::http::tls",
    "topiq::init",
    "topiq::services::events::connections::token",
    "topiq::services::events::delivery::attempt",
    "topiq::services::events::delivery::dead_letter",
    "topiq::services::events::delivery::log",
    "topiq::services::refusals",
    "topiq::services::schemas::discoverers",
    "topiq::services::sns::delivery::confirm",
    "topiq::services::sns::delivery::dead_letter",
    "topiq::services::sns::delivery::log",
    "topiq::services::sns::publish",
    "topiq::services::sqs::move_tasks",
    "topiq::services::sqs::queues",
    "topiq::services::sqs::waiting",
    "topiq::services::struck",
];

const LEVELS: [(&str, LevelFilter); 6] = [
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Human,
    /// One JSON object per line
    Json,
}

/// Which lines are written: a level for all, and others for some modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    level: LevelFilter,
    modules: Vec<(String, LevelFilter)>,
}

impl Filter {
    fn targets(&self) -> Targets {
        // HTTP/2's debug lines are about frames, not requests: a filter that wants them names them.
        Targets::new()
            .with_default(self.level)
            .with_target("h2", self.level.min(LevelFilter::INFO))
            .with_targets(self.modules.iter().cloned())
    }
}

impl FromStr for Filter {
    type Err = String;

    /// Reads levels and `module=level`, separated by commas. An empty variable counts as not set.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut filter = Self {
            level: LevelFilter::INFO,
            modules: Vec::new(),
        };
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            match part.split_once('=') {
                None => filter.level = level(part)?,
                Some((module, of_module)) => {
                    let module = module.trim();
                    check_module(module)?;
                    filter
                        .modules
                        .push((module.to_owned(), level(of_module.trim())?));
                }
            }
        }
        Ok(filter)
    }
}

/// Refuses a module whose lines nobody will ever see, since it has none. The modules of h2 are its own.
fn check_module(module: &str) -> Result<(), String> {
    let name = module.split("::").next().unwrap_or(module);
    if !CRATES.contains(&name) {
        return Err(match names::nearest(name, CRATES) {
            Some(meant) => format!("nothing named {name} logs: did you mean {meant}?"),
            None => format!("nothing named {name} logs: it is topiq or h2"),
        });
    }
    if name != "topiq" || module == READY || known_modules().any(|known| known == module) {
        return Ok(());
    }
    let last = module.rsplit("::").next().unwrap_or(module);
    let by_last = known_modules().find(|known| known.ends_with(&format!("::{last}")));
    // What all have in common says nothing.
    let inner = |module: &'static str| module.strip_prefix("topiq::").unwrap_or_default();
    let nearest = || {
        let meant = names::nearest(module.strip_prefix("topiq::")?, known_modules().map(inner))?;
        known_modules().find(|known| inner(known) == meant)
    };
    let meant = by_last.or_else(nearest);
    let advice = meant.map_or_else(
        || {
            let parts = known_modules().filter(|known| known.matches("::").count() == 1);
            let mut parts: Vec<_> = parts.collect();
            parts.dedup();
            format!("it is {}", parts.join(", "))
        },
        |meant| format!("did you mean {meant}?"),
    );
    Err(format!("nothing named {module} logs: {advice}"))
}

/// The modules that log, after those that they are in.
fn known_modules() -> impl Iterator<Item = &'static str> {
    MODULES.into_iter().flat_map(|module| {
        let ends = module.match_indices("::").map(|(end, _)| end);
        ends.chain([module.len()]).map(move |end| &module[..end])
    })
}

fn level(text: &str) -> Result<LevelFilter, String> {
    let word = text.to_lowercase();
    if let Some((_, level)) = LEVELS.into_iter().find(|(known, _)| *known == word) {
        return Ok(level);
    }
    let known = LEVELS.map(|(known, _)| known);
    Err(match names::nearest(&word, known) {
        Some(meant) => format!("there is no level {text}: did you mean {meant}?"),
        None if CRATES.contains(&&*word) => format!("a level is missing: {text}=debug"),
        None => format!("there is no level {text}: it is {}", known.join(", ")),
    })
}

/// Starts logging what `filter` lets through, and the addresses in any case if `tells_addresses`. A panic becomes a log line
/// too, in the same format.
pub(crate) fn start(filter: &Filter, format: LogFormat, tells_addresses: bool) {
    let mut targets = filter.targets();
    if tells_addresses {
        targets = targets.with_target(READY, LevelFilter::INFO);
    }
    let lines = tracing_subscriber::fmt::layer()
        .with_target(false)
        .with_ansi(stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    let registry = tracing_subscriber::registry().with(targets);
    match format {
        LogFormat::Human => registry.with(lines).init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).init(),
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use tracing::Level;

    /// Whether the filter lets a line of `module` at `level` through.
    fn lets(filter: &str, module: &str, level: Level) -> bool {
        let filter: Filter = filter.parse().expect(filter);
        filter.targets().would_enable(module, &level)
    }

    #[test]
    fn levels_are_for_all_unless_a_module_has_its_own() {
        for empty in ["", " ", "info", "INFO"] {
            assert!(lets(empty, "topiq::http", Level::INFO));
            assert!(!lets(empty, "topiq::http", Level::DEBUG));
        }
        assert!(lets("debug", "topiq", Level::DEBUG));
        assert!(!lets("debug", "h2::frame", Level::DEBUG));
        assert!(lets("debug,h2=debug", "h2::frame", Level::DEBUG));
        // What a filter does not name keeps its lines.
        let filter = "topiq::services::sns = debug";
        assert!(lets(filter, "topiq::services::sns::publish", Level::DEBUG));
        assert!(!lets(filter, "topiq::http", Level::DEBUG));
        assert!(lets(filter, "topiq", Level::INFO));
        assert!(!lets("off", "topiq", Level::ERROR));
    }

    #[test]
    fn other_words_are_refused_with_what_was_meant() {
        for (text, advice) in [
            ("verbose", "it is off, error, warn, info, debug, trace"),
            ("warning", "did you mean warn?"),
            ("dubeg", "did you mean debug?"),
            ("topiq", "a level is missing: topiq=debug"),
            ("topic=debug", "did you mean topiq?"),
            ("hyper=debug", "it is topiq or h2"),
            ("topiq=loud", "there is no level loud"),
            ("topiq::sns=debug", "did you mean topiq::services::sns?"),
            (
                "topiq::services::sqs::wating=debug",
                "did you mean topiq::services::sqs::waiting?",
            ),
            (
                "topiq::services::sqs::waiting::x=debug",
                "did you mean topiq::services::sqs::waiting?",
            ),
            (
                "topiq::nosuch=debug",
                "it is topiq::aws, topiq::cli, topiq::delivery, topiq::faults, topiq::http, topiq::init, topiq::services",
            ),
        ] {
            let refused = text.parse::<Filter>().expect_err(text);
            assert!(refused.contains(advice), "{text}: {refused}");
        }
    }

    #[test]
    fn modules_that_log_are_known() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut logging = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if logs(&fs::read_to_string(&path).unwrap()) {
                    let path = path.strip_prefix(&root).unwrap().with_extension("");
                    let parts = path.iter().map(|part| part.to_str().unwrap());
                    let parts: Vec<_> = ["topiq"].into_iter().chain(parts).collect();
                    let module = parts.join("::");
                    logging.push(module.strip_suffix("::mod").unwrap_or(&module).to_owned());
                }
            }
        }
        logging.sort_unstable();
        assert_eq!(logging, MODULES);
        for module in MODULES {
            let filter = format!("off,{module}=debug");
            assert!(lets(&filter, module, Level::DEBUG), "{module}");
        }
    }

    /// Whether a source has macros of log lines or spans.
    fn logs(source: &str) -> bool {
        let macros = source.split("tracing::").skip(1);
        let mut names = macros.filter_map(|rest| rest.split_once('!'));
        names.any(|(name, _)| {
            let level = name.strip_suffix("_span").unwrap_or(name);
            LEVELS.iter().any(|(known, _)| *known == level)
        })
    }
}
