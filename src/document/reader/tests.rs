//! Texts that are read, texts that are refused, and that nothing panics.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::document::to_json;

/// The value of `text`, as JSON.
fn json(text: &str) -> String {
    to_json(&read(text).unwrap())
}

fn refusal(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn line_of(node: &Node, path: &[&str]) -> usize {
    path.iter()
        .fold(node, |node, key| node.get(key).unwrap())
        .line
}

#[test]
fn yaml_and_json_are_the_same_tree() {
    let yaml = "a: 1\nb:\n  - x\n  - 'true'\n  - true\nc:\n";
    let json_text = "{\n\t\"a\": 1,\n\t\"b\": [\"x\", \"true\", true],\n\t\"c\": null\n}\n";
    assert_eq!(json(yaml), r#"{"a":1,"b":["x","true",true],"c":null}"#);
    assert_eq!(json(json_text), json(yaml));
}

#[test]
fn every_value_knows_its_line() {
    let node =
        read("# first\na: 1\nb:\n  c: |\n    text\n  d: !Sub\n    - x\n  e:\nf: {g: 1,\n  h: 2}\n")
            .unwrap();
    assert_eq!(line_of(&node, &["a"]), 2);
    assert_eq!(line_of(&node, &["b"]), 4);
    assert_eq!(line_of(&node, &["b", "d"]), 6);
    assert_eq!(line_of(&node, &["b", "e"]), 8);
    assert_eq!(line_of(&node, &["f", "h"]), 10);
}

#[test]
fn plain_scalars_keep_their_text() {
    assert_eq!(
        json("[007, 2012-10-17, 123456789012, 000000000000, 1.10, 12:30]"),
        r#"["007","2012-10-17",123456789012,"000000000000",1.10,"12:30"]"#
    );
}

#[test]
fn nothing_is_null() {
    assert_eq!(json(""), "null");
    assert_eq!(json("# only a comment\n"), "null");
    assert_eq!(json("---\n"), "null");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let node = read("\u{feff}a: 1\r\nb: 2\r\n").unwrap();
    assert_eq!(to_json(&node), r#"{"a":1,"b":2}"#);
    assert_eq!(line_of(&node, &["b"]), 2);
}

#[test]
fn short_forms_are_the_mappings_they_stand_for() {
    assert_eq!(json("!Ref Queue"), r#"{"Ref":"Queue"}"#);
    assert_eq!(json("!Condition IsProd"), r#"{"Condition":"IsProd"}"#);
    assert_eq!(
        json("!GetAtt Queue.Arn"),
        r#"{"Fn::GetAtt":["Queue","Arn"]}"#
    );
    assert_eq!(
        json("!GetAtt Stack.Outputs.Arn"),
        r#"{"Fn::GetAtt":["Stack","Outputs.Arn"]}"#
    );
    assert_eq!(
        json("!GetAtt [Queue, Arn]"),
        r#"{"Fn::GetAtt":["Queue","Arn"]}"#
    );
    assert_eq!(
        json("!GetAtt\n- Queue\n- Arn"),
        r#"{"Fn::GetAtt":["Queue","Arn"]}"#
    );
    assert_eq!(
        json("!Join ['-', [a, !Ref B]]"),
        r#"{"Fn::Join":["-",["a",{"Ref":"B"}]]}"#
    );
    assert_eq!(
        json("!If [C, !Ref A, 5]"),
        r#"{"Fn::If":["C",{"Ref":"A"},5]}"#
    );
    assert_eq!(
        json("!Not [!Equals [a, '']]"),
        r#"{"Fn::Not":[{"Fn::Equals":["a",""]}]}"#
    );
    assert_eq!(json("!Sub '${A}-b'"), r#"{"Fn::Sub":"${A}-b"}"#);
    assert_eq!(
        json("Fn::Base64: !Sub x"),
        r#"{"Fn::Base64":{"Fn::Sub":"x"}}"#
    );
    assert_eq!(
        json("!ToJsonString {a: 1}"),
        r#"{"Fn::ToJsonString":{"a":1}}"#
    );
}

#[test]
fn tags_of_yaml_itself_say_what_a_scalar_is() {
    assert_eq!(
        json(
            "[!!str 5, !!int '5', !!bool 'true', !!float 1.5, !!null '', ! 5, !!map {}, !!seq []]"
        ),
        r#"["5",5,true,1.5,null,"5",{},[]]"#
    );
    assert_eq!(refusal("a:\n  - !!int x"), "line 2: x is no !!int");
    assert_eq!(refusal("!!map [1]"), "line 1: a list is no !!map");
    assert_eq!(refusal("!!str {a: b}"), "line 1: a mapping is no !!str");
    assert_eq!(
        refusal("a: !!binary aGk="),
        "line 1: the tag !!binary is not known"
    );
}

#[test]
fn other_tags_are_refused() {
    assert_eq!(
        refusal("a: 1\nb: !Reff x"),
        "line 2: the tag !Reff is not known"
    );
    assert_eq!(
        refusal("!<tag:example.com,2000:x> {}"),
        "line 1: the tag tag:example.com,2000:x is not known"
    );
}

#[test]
fn aliases_repeat_what_their_anchors_name() {
    assert_eq!(
        json("a: &x {b: 1}\nc: *x\nd: [*x]"),
        r#"{"a":{"b":1},"c":{"b":1},"d":[{"b":1}]}"#
    );
    assert_eq!(
        json("a: &x !Ref Q\nb: *x"),
        r#"{"a":{"Ref":"Q"},"b":{"Ref":"Q"}}"#
    );
    assert_eq!(json("a: &x name\n*x : 1"), r#"{"a":"name","name":1}"#);
    assert_eq!(json("a: &x 1\nb: &x 2\nc: *x"), r#"{"a":1,"b":2,"c":2}"#);
}

#[test]
fn merge_keys_add_what_is_not_there() {
    assert_eq!(
        json("a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x"),
        r#"{"a":{"p":1,"q":2},"b":{"q":3,"p":1}}"#
    );
    assert_eq!(
        json("<<: [{a: 1}, {a: 2, b: 3}]\nc: 4"),
        r#"{"c":4,"a":1,"b":3}"#
    );
    assert_eq!(json("'<<': 1"), r#"{"<<":1}"#);
    assert_eq!(
        refusal("a:\n  <<: 5"),
        "line 2: << takes a mapping, and this is a number"
    );
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    assert_eq!(
        refusal("a: 1\nb: 2\na: 3"),
        "line 3: the key a stands here a second time"
    );
    assert_eq!(
        refusal("{\"a\": {\"b\": 1,\n\"b\": 2}}"),
        "line 2: the key b stands here a second time"
    );
    assert_eq!(
        refusal("1: x\n'1': y"),
        "line 2: the key 1 stands here a second time"
    );
}

#[test]
fn keys_are_texts() {
    assert_eq!(
        refusal("{[a]: 1}"),
        "line 1: a key is a text, not a collection"
    );
    assert_eq!(
        refusal("!Ref a: 1"),
        "line 1: a key is a text, not a collection"
    );
    assert_eq!(
        refusal("a: &x [1]\n*x : 1"),
        "line 1: a key is a text, not a collection"
    );
}

#[test]
fn a_file_has_one_document() {
    assert_eq!(
        refusal("a: 1\n---\nb: 2"),
        "line 2: a second document begins here, and a file has one"
    );
    assert_eq!(json("---\na: 1\n...\n"), r#"{"a":1}"#);
}

#[test]
fn syntax_errors_say_where() {
    assert_eq!(
        refusal("a: 1\nb: [1, 2\nc: 3"),
        "line 3: illegal placement of ':' indicator"
    );
    assert_eq!(
        refusal("a:\n\tb: 1"),
        "line 2: tabs disallowed within this context (block indentation)"
    );
    assert_eq!(
        refusal("a: *b"),
        "line 1: while parsing node, found unknown anchor"
    );
}

#[test]
fn syntax_errors_of_json_are_in_its_own_words() {
    assert_eq!(
        refusal("{\n  \"a\": 1\n  \"b\": 2\n}"),
        "line 3: expected `,` or `}`"
    );
    assert_eq!(refusal("{\"a\": [1"), "line 1: EOF while parsing a list");
}

#[test]
fn aliases_cannot_grow_without_bound() {
    let mut laughs = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(laughs, "a{level}: &a{level} [{aliases}]");
    }
    let error = read(&laughs).unwrap_err();
    assert_eq!(error.message, "anchors and aliases repeat more than 16 MiB");
}

#[test]
fn collections_cannot_nest_without_bound() {
    assert!(read(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_ok());
    assert_eq!(
        refusal(&format!("{}{}", "[".repeat(101), "]".repeat(101))),
        "line 1: this nests deeper than 100 levels"
    );
    assert_eq!(
        refusal(&"- ".repeat(100_000)),
        "line 1: this nests deeper than 100 levels"
    );
    let by_alias = (1..100).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [*a{}]\n", level - 1)
    });
    assert_eq!(
        refusal(&by_alias),
        "line 100: this nests deeper than 100 levels"
    );
}

#[test]
fn an_alias_cannot_stand_inside_of_what_it_names() {
    assert_eq!(
        refusal("a: &x\n  b: *x"),
        "line 2: *x stands inside of what it names"
    );
}

/// Texts of pieces that mean something to YAML.
fn nearly_yaml() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "b: ",
        "- ",
        "\n",
        "  ",
        "    ",
        "\t",
        "!Ref ",
        "!GetAtt ",
        "a.b",
        "!!str ",
        "!!int ",
        "! ",
        "!<x> ",
        "&a ",
        "&b ",
        "*a",
        "*b ",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " : ",
        "? ",
        "|",
        "|2\n",
        ">-\n",
        ">+",
        "\"",
        "'",
        "\\x41",
        "\\uD83D",
        "\\u12",
        "\\",
        "#",
        "# c\n",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "%TAG ! x\n",
        "%TAG !e! tag:\n",
        "<<: ",
        "<<: *a\n",
        "~",
        "null",
        "1",
        "é",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "\0",
        "\r\n",
        "@",
        "`",
        "!e!%41 ",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn arbitrary_text_is_read_or_refused(text in any::<String>()) {
        check_lines(&text)?;
    }

    #[test]
    fn what_is_nearly_yaml_is_read_or_refused(text in nearly_yaml()) {
        check_lines(&text)?;
    }

    #[test]
    fn what_was_written_as_json_is_read_back(text in nearly_yaml()) {
        let Ok(node) = read(&text) else { return Ok(()) };
        let json = to_json(&node);
        prop_assert_eq!(to_json(&read(&json).unwrap()), json);
    }
}

/// Whatever comes out names a line that the text has.
fn check_lines(text: &str) -> Result<(), TestCaseError> {
    let lines = text.split(['\n', '\r']).count();
    let line = match read(text) {
        Ok(node) => node.line,
        Err(error) => error.line,
    };
    prop_assert!((1..=lines).contains(&line), "line {} of {}", line, lines);
    Ok(())
}
