//! The answers in the wire cases, for tests that compare them with a table. No server runs for these.

use std::fs;
use std::path::Path;

/// A request in a case, and its answer.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// From its method to its body.
    pub(crate) request: String,
    pub(crate) status: u16,
    /// Status line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Exchange {
    /// The action that a form asks for, in its body or its query string.
    pub(crate) fn action(&self) -> Option<&str> {
        let pairs = self.request.split(['?', '&', ' ', '\n']);
        pairs
            .into_iter()
            .find_map(|pair| pair.strip_prefix("Action="))
    }
}

/// Every exchange in a service's cases.
pub(crate) fn of_service(service: &str) -> Vec<Exchange> {
    let mut exchanges = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/wire")
        .join(service);
    read(&folder, &mut exchanges);
    assert!(!exchanges.is_empty(), "no case of {service}");
    exchanges
}

fn read(path: &Path, exchanges: &mut Vec<Exchange>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a readable folder") {
            read(&entry.expect("a readable folder").path(), exchanges);
        }
        return;
    }
    let case = fs::read_to_string(path).expect("a readable case");
    for exchange in case.split("\n>>>\n").skip(1) {
        let (request, answer) = exchange
            .split_once("\n<<<\nHTTP/1.1 ")
            .expect("every request has its answer");
        let (head, rest) = answer.split_once("\n\n").unwrap_or((answer, ""));
        exchanges.push(Exchange {
            request: request.to_owned(),
            status: answer[..3].parse().expect("a status"),
            head: head.to_owned(),
            body: rest.split("\n\n").next().unwrap_or_default().to_owned(),
        });
    }
}

/// The text of the first XML element of this name, without its escapes.
pub(crate) fn element(xml: &str, name: &str) -> String {
    let after = xml
        .split_once(&format!("<{name}>"))
        .map_or("", |(_, rest)| rest);
    let text = after
        .split_once(&format!("</{name}>"))
        .map_or("", |(text, _)| text);
    let text = text
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    text.replace("&#xD;", "\r").replace("&amp;", "&")
}

/// The texts that a table's sentence stands for, to be compared by [`matches`]: `{A|B}` is both, `{Name}` is any.
pub(crate) fn patterns(text: &str) -> Vec<String> {
    let Some((start, rest)) = text.split_once('{') else {
        return vec![text.to_owned()];
    };
    let (variable, end) = rest.split_once('}').expect("a variable ends");
    let choices = if variable.contains('|') {
        variable.split('|').collect()
    } else {
        vec!["\0"]
    };
    let ends = patterns(end);
    let texts = choices
        .iter()
        .flat_map(|choice| ends.iter().map(move |end| format!("{start}{choice}{end}")));
    texts.collect()
}

/// Whether `text` matches `pattern`, in which a NUL stands for any text.
pub(crate) fn matches(text: &str, pattern: &str) -> bool {
    match pattern.split_once('\0') {
        None => text == pattern,
        Some((start, end)) => text.strip_prefix(start).is_some_and(|rest| {
            (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| matches(rest, end)))
        }),
    }
}
