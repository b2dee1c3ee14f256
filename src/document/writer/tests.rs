//! Trees are the same when they are written and read again.

use proptest::prelude::*;

use super::yaml::Tags;
use super::{json, yaml};
use crate::document::compose::{list, map, node, text};
use crate::document::{Node, Value, read, to_json};

/// Texts that a reader could take for something else.
const TRAPS: [&str; 24] = [
    "",
    " ",
    "a ",
    " a",
    "yes",
    "Null",
    "~",
    "-",
    "- a",
    "a: b",
    "a #b",
    "#",
    "1",
    "1e3",
    "0x1f",
    "1:30",
    "2012-10-17",
    "!Ref a",
    "&a",
    "*",
    "a\nb",
    "\u{feff}",
    "\u{7f}\u{85}\u{2028}",
    "%",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(TRAPS.as_slice()).prop_map(str::to_owned),
        "[ -~]{0,12}",
        any::<String>(),
    ]
}

fn trees() -> impl Strategy<Value = Node> {
    let scalars = prop_oneof![
        Just(node(Value::Null)),
        any::<bool>().prop_map(|value| node(Value::Bool(value))),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,4})?".prop_map(|number| node(Value::Number(number))),
        texts().prop_map(text),
    ];
    scalars.prop_recursive(4, 32, 5, |inner| {
        let entries = prop::collection::btree_map(texts(), inner.clone(), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(list),
            entries.prop_map(map),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(tree in trees()) {
        for written in [yaml::write(&tree, Tags::None), yaml::write(&tree, Tags::Short), json::write(&tree)] {
            let again = read(&written);
            prop_assert!(again.is_ok(), "{written}\n{again:?}");
            prop_assert_eq!(to_json(&again.unwrap()), to_json(&tree), "{}", written);
        }
    }
}

#[test]
fn functions_are_tags_in_templates_only() {
    let tree = map([
        ("a", map([("Ref", text("B"))])),
        ("b", map([("Fn::GetAtt", list([text("B"), text("Arn")]))])),
        (
            "c",
            list([
                map([("Fn::Sub", text("${AWS::Region}"))]),
                map([("Ref", list([]))]),
            ]),
        ),
    ]);
    let short = "a: !Ref B\nb: !GetAtt B.Arn\nc:\n  - !Sub \"${AWS::Region}\"\n  - Ref: []\n";
    assert_eq!(yaml::write(&tree, Tags::Short), short);
    let plain = yaml::write(&tree, Tags::None);
    assert!(
        plain.starts_with("a:\n  Ref: B\nb:\n  Fn::GetAtt:\n    - B\n    - Arn\n"),
        "{plain}"
    );
}
