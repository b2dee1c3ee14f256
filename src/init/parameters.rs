//! The parameters of templates: those given by name, and those of files.

use std::path::Path;

use super::Init;
use super::error::InitError;
use crate::document::{self, Node, Value};

/// The given parameters; of several of one name the last counts.
pub(super) fn read(init: &Init) -> Result<Vec<(String, String)>, InitError> {
    let mut parameters = Vec::new();
    for path in &init.parameter_files {
        parameters.extend(read_file(path)?);
    }
    parameters.extend(init.parameters.iter().cloned());
    Ok(parameters)
}

fn read_file(path: &Path) -> Result<Vec<(String, String)>, InitError> {
    let file = path.display().to_string();
    let failed = |sentence: String| InitError::Parameters {
        file: file.clone(),
        sentence,
    };
    let text = std::fs::read_to_string(path).map_err(|reason| failed(reason.to_string()))?;
    let root = document::read(&text).map_err(|error| failed(error.to_string()))?;
    of(&root).map_err(failed)
}

/// A mapping of names to values, also as `Parameters` of another one; or the AWS CLI's list of `ParameterKey` and
/// `ParameterValue`.
fn of(root: &Node) -> Result<Vec<(String, String)>, String> {
    let root = root.get("Parameters").unwrap_or(root);
    match &root.value {
        Value::Map(entries) => {
            let pair = |(key, node): &(document::Key, Node)| {
                Ok((key.text.clone(), text(node, &key.text)?))
            };
            entries.iter().map(pair).collect()
        }
        Value::List(items) => items.iter().map(listed).collect(),
        Value::Null => Ok(Vec::new()),
        other => Err(format!(
            "parameters are a mapping of names to values, not {}",
            other.kind()
        )),
    }
}

fn listed(item: &Node) -> Result<(String, String), String> {
    let part = |name: &str| {
        let node = item.get(name);
        let node = node.ok_or_else(|| format!("line {}: there is no {name}", item.line))?;
        text(node, name)
    };
    Ok((part("ParameterKey")?, part("ParameterValue")?))
}

/// A value as text; the items of a list are separated by commas.
fn text(node: &Node, name: &str) -> Result<String, String> {
    let scalar = |node: &Node| {
        let kind = node.value.kind();
        let text = node.value.scalar();
        text.ok_or_else(|| format!("line {}: {name} takes a text, not {kind}", node.line))
    };
    match &node.value {
        Value::List(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(scalar).collect();
            Ok(items?.join(","))
        }
        _ => scalar(node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let pairs = of(&document::read(text).unwrap())?;
        let shown = pairs.iter().map(|(name, value)| format!("{name}={value}"));
        Ok(shown.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn parameters_are_a_mapping_or_the_list_of_the_aws_cli() {
        assert_eq!(
            read("{Stage: test, Count: 3, Zones: [a, b], On: true}").as_deref(),
            Ok("Stage=test Count=3 Zones=a,b On=true")
        );
        assert_eq!(
            read(r#"[{"ParameterKey": "Stage", "ParameterValue": "test"}]"#).as_deref(),
            Ok("Stage=test")
        );
        assert_eq!(
            read(r#"{"Parameters": {"Stage": "test"}, "Tags": {}}"#).as_deref(),
            Ok("Stage=test")
        );
        assert_eq!(read("").as_deref(), Ok(""));
    }

    #[test]
    fn other_files_are_refused() {
        assert_eq!(
            read("Stage=test").unwrap_err(),
            "parameters are a mapping of names to values, not a text"
        );
        assert_eq!(
            read("\n- {ParameterKey: Stage}").unwrap_err(),
            "line 2: there is no ParameterValue"
        );
        assert_eq!(
            read("Stage: {a: b}").unwrap_err(),
            "line 1: Stage takes a text, not a mapping"
        );
    }
}
