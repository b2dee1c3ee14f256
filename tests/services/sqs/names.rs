//! SQS's names, compared whole with the table of the service's model.

use serde::Deserialize;
use topiq::services::sqs::names::names;
use topiq::wire::names::Shape;

#[derive(Deserialize)]
struct Table {
    operations: std::collections::BTreeMap<String, Operation>,
}

#[derive(Deserialize)]
struct Operation {
    input: Option<Vec<Member>>,
    output: Option<Vec<Member>>,
}

/// One member: its path in JSON (`Entries[].MessageAttributes{key}`) and in Query.
#[derive(Deserialize)]
struct Member {
    json: String,
    query: String,
}

#[test]
fn every_member_is_named_as_in_the_service_model() {
    let table: Table =
        serde_json::from_str(include_str!("../../fixtures/sqs-query-wire.json")).unwrap();
    assert_eq!(table.operations.len(), 23);
    for (operation, members) in table.operations {
        for (side, members) in [("Input", members.input), ("Output", members.output)] {
            for member in members.into_iter().flatten() {
                let path = query_path(&format!("{operation}{side}"), &member.json);
                assert_eq!(path, member.query, "{operation}{side}: {}", member.json);
            }
        }
    }
}

#[test]
fn receive_message_also_reads_the_newer_name_of_its_system_attributes() {
    let member = names("ReceiveMessageInput", "MessageSystemAttributeNames");
    assert_eq!(member.also, Some("MessageSystemAttributeName"));
}

#[test]
fn tag_queue_also_reads_its_tags_by_the_member_s_own_name() {
    assert_eq!(names("TagQueueInput", "Tags").also, Some("Tags"));
}

/// Where the codecs look for the member at this path in JSON.
fn query_path(structure: &str, json: &str) -> String {
    let mut indices = ["N", "M", "K"].into_iter();
    let mut steps = Vec::new();
    for (depth, step) in json.split('.').enumerate() {
        let name_end = step.find(['[', '{']).unwrap_or(step.len());
        let (name, kind) = step.split_at(name_end);
        let structure = if depth == 0 {
            structure
        } else {
            "a nested one"
        };
        // The table outlives the test, and so may its names.
        let member = names(structure, name.to_owned().leak());
        let Shape { key, value, .. } = *member.shape;
        steps.push(member.name);
        let mut index = || indices.next().expect("lists nest three deep at most");
        match kind {
            "" => continue,
            "[]" => steps.push(index()),
            "{key}" => steps.extend([index(), key]),
            "{value}" => steps.extend([index(), value]),
            other => panic!("{other} in {json}"),
        }
        assert!(member.shape.flattened, "{json}");
    }
    steps.join(".")
}
