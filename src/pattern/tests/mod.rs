//! What the table of recorded cases (`tests/services/sns/filter_policies.rs`) does not say of filter policies;
//! `event_patterns.rs` has event patterns.

mod event_patterns;

use super::{Event, Index, Policy, Scope, Work, check_json};

fn body(policy: &str) -> Policy {
    Policy::parse(policy, Scope::MessageBody).unwrap()
}

fn matches(policy: &str, message: &str) -> bool {
    body(policy).matches(&Event::from_body(message))
}

fn refused(policy: &str) -> String {
    Policy::parse(policy, Scope::MessageBody)
        .unwrap_err()
        .to_string()
}

/// The reason alone, if it is shown with the policy and this column.
fn reason_at(policy: &str, column: usize) -> String {
    let refused = refused(policy);
    let place = format!("\n at [Source: (String)\"{policy}\"; line: 1, column: {column}]");
    let reason = refused.strip_suffix(&place);
    let reason = reason.unwrap_or_else(|| panic!("not at column {column}: {refused}"));
    reason.strip_prefix("FilterPolicy: ").unwrap().to_owned()
}

#[test]
fn places_count_in_the_policy_without_white_space_in_utf_16_units() {
    let refused = refused("{ \"a\" : [\n \"\\u00e9🚀\\n\" , { \"suffix\" : 1 } ] }");
    let source = r#"{"a":["é🚀\n",{"suffix":1}]}"#;
    let column = source.encode_utf16().count() - 3 + 1;
    let text = "FilterPolicy: suffix match pattern must be a string";
    assert_eq!(
        refused,
        format!("{text}\n at [Source: (String)\"{source}\"; line: 1, column: {column}]")
    );
}

#[test]
fn places_are_where_the_parser_stands() {
    for (policy, column, reason) in [
        ("[\"a\"]", 2, "Filter is not an object"),
        ("\"a\"", 2, "Filter is not an object"),
        ("42", 3, "Filter is not an object"),
        ("{}", 3, "Empty objects are not allowed"),
        (r#"{"a":{}}"#, 8, "Empty objects are not allowed"),
        (r#"{"a":[{}]}"#, 9, "Match expression name not found"),
        (r#"{"a":true}"#, 10, "\"a\" must be an object or an array"),
        (
            r#"{"source":[{"prefix":{"suffix":"a"}}]}"#,
            33,
            "Unsupported prefix pattern: suffix",
        ),
        (
            r#"{"source":[{"prefix":{}}]}"#,
            24,
            "Prefix expression name not found",
        ),
        (
            r#"{"source":[{"suffix":{"equals-ignore-case":["a"]}}]}"#,
            45,
            "equals-ignore-case match pattern must be a string",
        ),
        (
            r#"{"source":[{"exactly":5}]}"#,
            24,
            "exact match pattern must be a string",
        ),
        (
            r#"{"source":[{"wildcard":"a\\b"}]}"#,
            30,
            "Invalid escape character at pos 1",
        ),
        (
            r#"{"source":[{"anything-but":[]}]}"#,
            30,
            "Inside anything but list, either all values are number or string, mixed type is not supported",
        ),
        (
            r#"{"source":[{"anything-but":null}]}"#,
            32,
            "Value of anything-but must be an array or single string/number value.",
        ),
        (
            r#"{"source":[{"anything-but":{}}]}"#,
            30,
            "Anything-But expression name not found",
        ),
        (
            r#"{"source":[{"anything-but":{"suffix":""}}]}"#,
            40,
            "Null prefix/suffix not allowed",
        ),
        (
            r#"{"detail":{"n":[{"numeric":[">=",5,"<=",5]}]}}"#,
            43,
            "Bottom must be less than top",
        ),
    ] {
        assert_eq!(reason_at(policy, column), reason, "{policy}");
    }
}

#[test]
fn a_long_policy_is_shown_in_part() {
    let refused = refused(&format!(
        r#"{{"a":["{}",{{"prefix":1}}]}}"#,
        "x".repeat(577)
    ));
    let cut = "\"[truncated 100 chars]; line: 1, column: 598]";
    assert!(refused.ends_with(cut), "{refused}");
    assert_eq!(
        refused.matches('x').count() - "prefix".matches('x').count(),
        493
    );
}

#[test]
fn texts_that_are_not_json_are_refused_in_the_parsers_words() {
    const VALID: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    let redacted = |column: usize| {
        format!(
            "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: {column}]"
        )
    };
    let close = |container: &str, start| {
        let start = redacted(start);
        format!(
            "Unexpected end-of-input: expected close marker for {container} (start marker at {start})"
        )
    };
    let character =
        |character: &str, words: &str| format!("Unexpected character ({character}): {words}");
    for (text, column, reason) in [
        ("", 1, "No content to map due to end-of-input".to_owned()),
        (r#"{"a":["b"]"#, 11, close("Object", 1)),
        (r#"{"a":["b""#, 10, close("Array", 6)),
        (r#"{"a":[nul]}"#, 10, format!("Unrecognized token 'nul': was expecting {VALID}")),
        ("{'a'", 2, character("''' (code 39)", "was expecting double-quote to start field name")),
        (r#"{"a":["b"],}"#, 12, character("'}' (code 125)", "was expecting double-quote to start field name")),
        (r#"{"a" ["b"]}"#, 6, character("'[' (code 91)", "was expecting a colon to separate field name and value")),
        (r#"{"a":["b",]}"#, 11, character("']' (code 93)", &format!("expected a valid value {VALID}"))),
        (r#"{"a":["b" "c"]}"#, 11, character("'\"' (code 34)", "was expecting comma to separate Array entries")),
        (r#"{"a":01}"#, 7, "Invalid numeric value: Leading zeroes not allowed".to_owned()),
        (r#"{"a":-x}"#, 7, "Unexpected character ('x' (code 120)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value".to_owned()),
        ("{\"a\":\"\t\"}", 7, "Illegal unquoted character ((CTRL-CHAR, code 9)): has to be escaped using backslash to be included in string value".to_owned()),
        (r#"{"a":"\x"}"#, 8, "Unrecognized character escape 'x' (code 120)".to_owned()),
        (r#"{"a":"b"#, 8, "Unexpected end-of-input: was expecting closing quote for a string value".to_owned()),
        (r#"{"a":["b"}"#, 10, format!("Unexpected close marker '}}': expected ']' (for Array starting at {})", redacted(6))),
        ("{ǃ", 2, character("'ǃ' (code 451 / 0x1c3)", "was expecting double-quote to start field name")),
    ] {
        let expected = format!("failed to parse JSON. {reason}\n at {}", redacted(column));
        assert_eq!(refused(text), format!("FilterPolicy: {expected}"), "{text}");
        let refused = check_json("RedrivePolicy", text).unwrap_err().to_string();
        assert_eq!(refused, format!("RedrivePolicy: {expected}"));
    }
    let refused = refused("{\n  \"a\": ]");
    assert!(refused.ends_with("; line: 2, column: 8]"), "{refused}");
}

#[test]
fn of_a_name_written_twice_the_last_counts() {
    assert!(matches(
        r#"{"a":["1"],"b":["x"],"a":["2"]}"#,
        r#"{"a":"2","b":"x"}"#
    ));
    assert!(!matches(r#"{"a":["1"],"a":["2"]}"#, r#"{"a":"1"}"#));
    // Also within alternatives, and in whatever way it is written.
    assert!(!matches(
        r#"{"$or":[{"a":["1"]},{"b":["2"]}],"a":["3"]}"#,
        r#"{"a":"1"}"#
    ));
    assert!(matches(
        r#"{"a":{"b":["1"]},"a.b":["2"]}"#,
        r#"{"a":{"b":"2"}}"#
    ));
    // A message has both values.
    assert!(matches(r#"{"a":["1"]}"#, r#"{"a":"1","a":"2"}"#));
}

#[test]
fn a_member_called_or_is_a_name_unless_it_has_the_form_of_one() {
    assert!(matches(r#"{"$or":["x"]}"#, r#"{"$or":"x"}"#));
    assert!(matches(
        r#"{"$or":[{"prefix":"x"},{"suffix":"y"}]}"#,
        r#"{"$or":"xz"}"#
    ));
    assert!(refused(r#"{"$or":[{"a":[1]}]}"#).contains("Unrecognized match type a"));
}

#[test]
fn numbers_compare_at_the_precision_of_filters() {
    assert!(matches(r#"{"n":[999999999]}"#, r#"{"n":999999999.0}"#));
    assert!(!matches(r#"{"n":[999999999]}"#, r#"{"n":999999998}"#));
    assert!(!matches(
        r#"{"n":[{"numeric":[">",0.1]}]}"#,
        r#"{"n":0.10000000000000000000001}"#
    ));
    assert!(matches(
        r#"{"n":[{"numeric":[">",0.1]}]}"#,
        r#"{"n":0.100001}"#
    ));
    assert!(!matches(
        r#"{"n":[{"anything-but":[100]}]}"#,
        r#"{"n":1e2}"#
    ));
}

#[test]
fn an_address_has_many_spellings() {
    assert!(matches(
        r#"{"a":["2001:db8::1"]}"#,
        r#"{"a":"2001:0DB8:0:0::0:1"}"#
    ));
    assert!(!matches(
        r#"{"a":["2001:db8::1"]}"#,
        r#"{"a":"2001:db8::2"}"#
    ));
}

#[test]
fn values_of_different_elements_do_not_combine_in_messages_however_large() {
    let policy = body(r#"{"a":{"x":[1]},"b":{"x":[1]},"c":{"x":[1]}}"#);
    let list = |name| format!("\"{name}\":[{}]", vec!["{\"x\":1}"; 2000].join(","));
    let message = format!("{{{},{},{}}}", list("a"), list("b"), list("c"));
    assert!(policy.matches(&Event::from_body(&message)));

    // Trying all combinations of these would not end.
    let policy = body(r#"{"l":{"a":[1],"b":[1]},"m":{"a":[1],"b":[1]}}"#);
    let list = |name| {
        format!(
            "\"{name}\":[{}]",
            vec!["{\"a\":1},{\"b\":1}"; 4000].join(",")
        )
    };
    let message = format!("{{{},{}}}", list("l"), list("m"));
    assert!(!policy.matches(&Event::from_body(&message)));
}

#[test]
fn no_nesting_overflows_the_stack() {
    let nested = |levels: usize, open: &str, inside: &str, close: &str| {
        [&open.repeat(levels), inside, &close.repeat(levels)].concat()
    };
    let deep = |levels| nested(levels, "{\"a\":", "[1]", "}");
    assert!(refused(&deep(20_000)).contains("nesting depth (1001) exceeds"));
    assert_eq!(
        refused(&deep(900)),
        "FilterPolicy: Filter policy is too complex"
    );
    let ors = format!(
        "{{{}",
        nested(300, "\"$or\":[{\"a\":[1]},{", "\"b\":[1]", "}]")
    );
    assert_eq!(
        refused(&format!("{ors}}}")),
        "FilterPolicy: Filter policy is too complex"
    );

    assert!(matches(&deep(150), &deep(150)));
    assert!(!matches(&deep(150), &nested(100_000, "{\"a\":", "1", "}")));
    assert!(!matches(r#"{"a":[1]}"#, &nested(100_000, "[", "1", "]")));
    let path = vec!["a"; 50_000].join(".");
    let policy = body(&format!("{{\"{path}\":[1]}}"));
    let message = format!("{{\"{path}\":1}}");
    let mut index = Index::default();
    index.insert((), policy.clone());
    let mut found = Vec::new();
    index.matches(&Event::from_body(&message), &mut found);
    assert_eq!(found, [()]);
    assert!(index.remove(&()));
}

#[test]
fn limits_hold_at_their_ends() {
    let wildcards = |count: usize| {
        let patterns: Vec<_> = (0..count)
            .map(|n| format!("{{\"wildcard\":\"*{n}\"}}"))
            .collect();
        format!("{{\"a\":[{}]}}", patterns.join(","))
    };
    assert!(Policy::parse(&wildcards(10), Scope::MessageBody).is_ok());
    assert_eq!(
        refused(&wildcards(11)),
        "FilterPolicy: Filter policy is too complex"
    );
    body(r#"{"a":[{"wildcard":"*a*b*"}]}"#);
    assert!(
        refused(r#"{"a":[{"wildcard":"*a*b*c*"}]}"#).contains("more than 3 wildcard characters")
    );

    let long = |length: usize| format!("{{\"a\":[\"{}\"]}}", "x".repeat(length - 10));
    assert_eq!(long(256 * 1024).len(), 256 * 1024);
    body(&long(256 * 1024));
    assert!(refused(&long(256 * 1024 + 1)).starts_with("FilterPolicy: Filter policy is too large"));
}

#[test]
fn a_mismatch_names_the_key_the_conditions_and_the_values() {
    let why = |policy: &str, message: &str| {
        let mismatch = body(policy).explain(&Event::from_body(message));
        mismatch.map(|mismatch| mismatch.to_string())
    };
    let policy =
        r#"{"store":["example",{"prefix":"x"}],"price":[{"numeric":[">",0,"<=",100.50]}]}"#;
    for (message, expected) in [
        (r#"{"store":"example","price":100.5}"#, None),
        (
            r#"{"store":"other","price":1}"#,
            Some(r#"store is "other", wanted is "example" or {"prefix":"x"}"#),
        ),
        (
            r#"{"store":"x","price":[0,1e3]}"#,
            Some(r#"price is 0 and 1000, wanted is {"numeric":[">",0,"<=",100.5]}"#),
        ),
        (
            r#"{"store":"x"}"#,
            Some(r#"price is absent, wanted is {"numeric":[">",0,"<=",100.5]}"#),
        ),
        ("[1]", Some("the message's body is not a JSON object")),
    ] {
        assert_eq!(why(policy, message).as_deref(), expected, "{message}");
    }
    // Of alternatives, the one counts that is nearest.
    let or = r#"{"$or":[{"a":["1"],"b":["2"]},{"c":["3"]}],"d":["4"]}"#;
    assert_eq!(
        why(or, r#"{"a":"1","b":"x","c":"x","d":"4"}"#).as_deref(),
        Some(r#"b is "x", wanted is "2""#)
    );
    assert_eq!(
        why(or, r#"{"c":"x","d":"4"}"#).as_deref(),
        Some(r#"c is "x", wanted is "3""#)
    );
    assert_eq!(
        why(
            r#"{"l":{"a":[1],"b":[1]}}"#,
            r#"{"l":[{"a":1,"b":2},{"a":2,"b":1}]}"#
        )
        .as_deref(),
        Some("no element of an array has all of l.a and l.b as wanted")
    );
    let attributes = Policy::parse(r#"{"a":["1"]}"#, Scope::MessageAttributes).unwrap();
    let none = attributes.explain(&Event::from_attributes([]));
    assert_eq!(
        none.unwrap().to_string(),
        "the message has no attribute to filter by"
    );
    let long = why(
        r#"{"a":["1"]}"#,
        &format!(
            r#"{{"a":["{0}",{1}]}}"#,
            "é".repeat(1000),
            "2,".repeat(9) + "2"
        ),
    );
    let shown = "é".repeat(99);
    assert_eq!(
        long.unwrap(),
        format!("a is \"{shown}… and 2 and 2 and 2 and 2 and 6 more, wanted is \"1\"")
    );
}

#[test]
fn conditions_are_shown_as_policies_write_them() {
    for condition in [
        r#""a\"b""#,
        r#""10.0.0.1""#,
        "1.5",
        "true",
        "null",
        r#"{"prefix":"x"}"#,
        r#"{"suffix":"x"}"#,
        r#"{"prefix":{"equals-ignore-case":"x"}}"#,
        r#"{"suffix":{"equals-ignore-case":"x"}}"#,
        r#"{"equals-ignore-case":"x"}"#,
        r#"{"wildcard":"a*\\*b\\\\*"}"#,
        r#"{"anything-but":"x"}"#,
        r#"{"anything-but":["x","y"]}"#,
        r#"{"anything-but":[1,2]}"#,
        r#"{"anything-but":{"prefix":"x"}}"#,
        r#"{"anything-but":{"suffix":["x","y"]}}"#,
        r#"{"anything-but":{"equals-ignore-case":["x","y"]}}"#,
        r#"{"anything-but":{"wildcard":"x*"}}"#,
        r#"{"numeric":["<=",5]}"#,
        r#"{"numeric":[">=",1,"<",5]}"#,
        r#"{"cidr":"10.0.0.0/24"}"#,
        r#"{"exists":true}"#,
    ] {
        let policy = body(&format!("{{\"a\":[{condition}],\"b\":[{condition}]}}"));
        let mismatch = policy.explain(&Event::from_body("{}"));
        let Some(super::Mismatch::Unmet { wanted, .. }) = mismatch else {
            panic!("{condition}: {mismatch:?}");
        };
        assert_eq!(*wanted, [condition.into()], "{condition}");
    }
}

#[test]
fn an_empty_policy_is_the_wish_to_have_none() {
    for text in ["", "{}", " { } "] {
        assert!(Policy::is_removal(text), "{text:?}");
    }
    for text in [" ", "[]", "{", "{\"a\":[1]}"] {
        assert!(!Policy::is_removal(text), "{text:?}");
    }
}

#[test]
fn attributes_without_a_value_are_there_nevertheless() {
    let policy = |text| Policy::parse(text, Scope::MessageAttributes).unwrap();
    let absent = policy(r#"{"a":[{"exists":false}]}"#);
    let event = |data_type, text| Event::from_attributes([("a", data_type, Some(text))]);
    assert!(absent.matches(&event("String.Array", "[]")));
    // Recorded of the metric: what is not JSON spoils every attribute.
    assert!(!absent.matches(&event("String.Array", "no list")));
    assert!(!absent.matches(&event("Number.int", "1")));
    assert!(!absent.matches(&Event::from_attributes([("a", "Binary", None)])));
    assert!(policy(r#"{"a":[7]}"#).matches(&event("Number.int", "+7.0")));
    assert!(policy(r#"{"a":["7"]}"#).matches(&event("String.custom", "7")));
}

#[test]
fn an_index_forgets_what_is_removed() {
    let mut index = Index::default();
    let event = Event::from_body(r#"{"a":{"b":"x1"},"c":"x"}"#);
    let found = |index: &Index<u32>| {
        let mut found = Vec::new();
        index.matches(&event, &mut found);
        found
    };
    index.insert(1, body(r#"{"a":{"b":["x1",{"prefix":"x"},"x1"]}}"#));
    index.insert(2, body(r#"{"$or":[{"c":["x"]},{"a.b":[{"suffix":"1"}]}]}"#));
    index.insert(3, body(r#"{"d":[{"exists":false}]}"#));
    assert_eq!(found(&index), [1, 2, 3]);
    index.insert(1, body(r#"{"a":{"b":["y"]}}"#));
    assert_eq!(found(&index), [2, 3]);
    assert!(index.remove(&2) && index.remove(&3) && !index.remove(&3));
    assert_eq!(found(&index), [0; 0]);
    assert_eq!(index.len(), 1);
    index.insert(4, body(r#"{"c":["x"]}"#));
    assert_eq!(found(&index), [4]);
}

#[test]
fn an_event_is_read_as_far_as_an_index_asks() {
    let mut index = Index::default();
    let pattern = |text| Policy::parse_event_pattern(text).unwrap();
    let text =
        r#"{"x":[{"a":1},["b"]],"a.b":"1","a":{"c":[{"d":"2","x":{"y":[3]}},{"e":"3"}],"x":"4"}}"#;
    let found = |index: &Index<u32>| {
        let mut found = Vec::new();
        index.matches(&index.event(text), &mut found);
        found
    };
    index.insert(1, pattern(r#"{"a":{"b":["1"],"c":{"d":["2"]}}}"#));
    index.insert(2, pattern(r#"{"a":{"c":{"d":["2"],"e":["3"]}}}"#));
    index.insert(3, pattern(r#"{"a":{"c":["2"],"x":{"exists":[false]}}}"#));
    index.insert(
        4,
        pattern(r#"{"a":{"x":[{"anything-but":"3"}],"y":[{"exists":false}]}}"#),
    );
    assert_eq!(found(&index), [1, 4]);
    // What others still ask for stays, and what nobody asks for comes back.
    assert!(index.remove(&1) && index.remove(&2));
    assert_eq!(found(&index), [4]);
    assert!(index.remove(&4) && index.remove(&3));
    index.insert(5, pattern(r#"{"a.b":["1"],"x":["b"]}"#));
    assert_eq!(found(&index), [5]);
    // A mistake counts wherever it is.
    let mut found = Vec::new();
    index.matches(
        &index.event(r#"{"a.b":"1","x":["b"],"z":{"u":[1,]}}"#),
        &mut found,
    );
    assert_eq!(found, [0; 0]);
}

#[test]
fn attributes_are_read_as_if_between_quotes() {
    let policy = |text| Policy::parse(text, Scope::MessageAttributes).unwrap();
    let event = |data_type, text| {
        Event::from_attributes([("a", data_type, Some(text)), ("b", "String", Some("x"))])
    };
    let is_readable = |data_type, text| policy(r#"{"b":["x"]}"#).matches(&event(data_type, text));
    for text in [
        "plain, é and '",
        r"\\",
        r#"\""#,
        r"\u00e9\n",
        "\\ud83d",
        "\u{7f}\u{fffe}",
    ] {
        assert!(is_readable("String", text), "{text:?}");
        assert!(is_readable("String.label", text), "{text:?}");
    }
    for text in [
        "\"",
        "\\",
        "a\\",
        r"\x",
        r"\u12",
        "\u{1f}",
        "a\nb",
        r#"{"k":1}"#,
    ] {
        assert!(!is_readable("String", text), "{text:?}");
        assert!(is_readable("Binary", text), "{text:?}");
    }
    for text in ["[]", "1", " null ", "\"x\"", r#"{"k":1}"#, r#"["a",["b"]]"#] {
        assert!(is_readable("String.Array", text), "{text:?}");
        assert!(is_readable("String.Array.label", text), "{text:?}");
    }
    for text in [" ", "x", "[1", "[1,]", "[1] 2", "1 2", "01"] {
        assert!(!is_readable("String.Array", text), "{text:?}");
    }
    // A type that only begins like it is a text.
    assert!(is_readable("String.Arrays", "[1"));
    let decoded = event("String", r#"a\"b"#);
    assert!(policy(r#"{"a":["a\"b"]}"#).matches(&decoded));
    let nested = event("String.Array", r#"{"k":[1,2]}"#);
    assert!(policy(r#"{"a.k":[2]}"#).matches(&nested));
}

#[test]
fn a_policy_says_which_attribute_spoils_the_others() {
    let policy = Policy::parse(r#"{"b":["x"]}"#, Scope::MessageAttributes).unwrap();
    let explain = |data_type, text| {
        let event =
            Event::from_attributes([("b", "String", Some("x")), ("trace", data_type, Some(text))]);
        policy.explain(&event).map(|mismatch| mismatch.to_string())
    };
    assert_eq!(
        explain("String", r#"{"id":1}"#).unwrap(),
        "no attribute can be read, because trace is not valid between the quotes of a JSON string: it has a quote, \
         a backslash or a control character that is not escaped"
    );
    assert_eq!(
        explain("String.Array", "one").unwrap(),
        "no attribute can be read, because trace, a String.Array, is not JSON"
    );
    assert_eq!(explain("Binary", r#"{"id":1}"#), None);
}

#[test]
fn numbers_of_a_policy_have_a_range() {
    let refusal = "FilterPolicy: Value must be between -1.0E9 and 1.0E9, inclusive";
    for number in ["1000000000", "-1000000000", "1e9", "0.1e10", "999999999.9"] {
        for policy in [
            format!("[{number}]"),
            format!(r#"[{{"anything-but":{number}}}]"#),
            format!(r#"[{{"anything-but":[{number}]}}]"#),
            format!(r#"[{{"numeric":["=",{number}]}}]"#),
            format!(r#"[{{"numeric":["<=",{number}]}}]"#),
        ] {
            body(&format!(r#"{{"a":{policy}}}"#));
        }
    }
    for number in [
        "1000000000.1",
        "-1000000001",
        "1e10",
        "-1e300",
        "1e99999999999999999999",
    ] {
        for policy in [
            format!("[{number}]"),
            format!(r#"[{{"anything-but":{number}}}]"#),
            format!(r#"[{{"anything-but":[1,{number}]}}]"#),
            format!(r#"[{{"numeric":["=",{number}]}}]"#),
            format!(r#"[{{"numeric":[">",{number}]}}]"#),
            format!(r#"[{{"numeric":[">",-1,"<",{number}]}}]"#),
        ] {
            let policy = format!(r#"{{"a":{policy}}}"#);
            let refused = Policy::parse(&policy, Scope::MessageBody).unwrap_err();
            assert_eq!(refused.to_string(), refusal, "{policy}");
        }
    }
    // A message may have any number.
    assert!(matches(r#"{"a":[{"numeric":[">",1]}]}"#, r#"{"a":1e300}"#));
    assert!(!matches(
        r#"{"a":[{"numeric":[">",1]}]}"#,
        r#"{"a":-5000000001}"#
    ));
}

/// What a policy over the body costs, in steps, and whether it matches.
fn cost(policy: &str, event: &Event<'_>) -> (usize, bool) {
    let policy = body(policy);
    let mut work = Work::limited(usize::MAX);
    let is_match = policy.matches_within(event, &mut work);
    (usize::MAX - work.left(), is_match)
}

#[test]
fn of_very_many_values_a_policy_looks_at_few() {
    let texts: Vec<_> = (0..30_000).map(|number| format!("\"v{number}\"")).collect();
    let numbers: Vec<_> = (0..30_000).map(|number| number.to_string()).collect();
    let message = format!(
        r#"{{"t":[{}],"n":[{}],"same":[{}]}}"#,
        texts.join(","),
        numbers.join(","),
        vec!["\"x\""; 30_000].join(",")
    );
    let event = Event::from_body(&message);
    for (policy, is_match) in [
        (r#"{"t":[{"anything-but":["v1","v2"]}]}"#, true),
        (r#"{"t":[{"anything-but":{"prefix":"w"}}]}"#, true),
        (r#"{"same":[{"anything-but":"x"}]}"#, false),
        (r#"{"same":[{"suffix":"y"}]}"#, false),
        (r#"{"n":[{"numeric":[">",30000]}]}"#, false),
        (r#"{"n":[{"numeric":[">",5,"<",6]}]}"#, false),
        (r#"{"n":[{"numeric":[">=",5,"<",6]}]}"#, true),
        (r#"{"n":[-1,{"anything-but":[0,1]}]}"#, true),
        (r#"{"t":["v",{"prefix":"w"},{"wildcard":"w*"}]}"#, false),
        (r#"{"t":["v30000","v29999"],"n":[29999]}"#, true),
        (r#"{"n":["v1",true]}"#, false),
        (r#"{"t":[{"exists":true}],"u":[{"exists":false}]}"#, true),
    ] {
        let (steps, matched) = cost(policy, &event);
        assert_eq!(matched, is_match, "{policy}");
        assert!(steps < 20, "{policy}: {steps}");
    }
    // What no order helps with is looked at once, and counted.
    let (steps, matched) = cost(r#"{"t":[{"suffix":"x"}]}"#, &event);
    assert!(!matched && (30_000..40_000).contains(&steps), "{steps}");
}

#[test]
fn an_index_takes_a_list_of_policies_once_for_all_values() {
    let mut index = Index::default();
    for key in 0..2000 {
        index.insert(key, body(r#"{"a":[{"anything-but":["v1"]}]}"#));
        index.insert(2000 + key, body(r#"{"a":["v1",{"prefix":"v"}]}"#));
    }
    let values: Vec<_> = (0..30_000).map(|number| format!("\"v{number}\"")).collect();
    let message = format!(r#"{{"a":[{}]}}"#, values.join(","));
    let event = Event::from_body(&message);
    let mut work = Work::limited(1_000_000);
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    index.matches_within(&event, &mut work, &mut found, &mut rest);
    assert_eq!((found.len(), rest.len()), (4000, 0));
    let steps = 1_000_000 - work.left();
    assert!(steps < 40_000, "{steps}");
    // What is left over when the work is used up is what was not found.
    let mut work = Work::limited(1000);
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    index.matches_within(&event, &mut work, &mut found, &mut rest);
    assert!(work.is_used_up() && !found.is_empty() && !rest.is_empty());
    assert!(
        rest.iter()
            .all(|(key, policy)| !found.contains(key) && policy.matches(&event))
    );
    assert_eq!(found.len() + rest.len(), 4000);
}

#[test]
fn a_long_list_of_anything_but_is_searched() {
    let excluded: Vec<_> = (0..20_000).map(|number| format!("\"v{number}\"")).collect();
    let policy = body(&format!(
        r#"{{"a":[{{"anything-but":[{}]}}]}}"#,
        excluded.join(",")
    ));
    let message = format!(r#"{{"a":[{}]}}"#, excluded.join(","));
    let event = Event::from_body(&message);
    let mut work = Work::limited(1_000_000);
    assert!(!policy.matches_within(&event, &mut work));
    assert!(1_000_000 - work.left() < 30_000, "{work:?}");
}

mod many_values {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ab]{0,3}".prop_map(|text| format!("\"{text}\"")),
            (-3..4_i32).prop_map(|number| number.to_string()),
            (-3..4_i32).prop_map(|number| format!("{number}.5")),
            Just("\"10.0.0.1\"".to_owned()),
            prop_oneof![Just("true"), Just("false"), Just("null")].prop_map(str::to_owned),
        ]
    }

    fn condition() -> impl Strategy<Value = String> {
        prop_oneof![
            value(),
            "[ab]{0,2}".prop_map(|text| format!(r#"{{"prefix":"{text}"}}"#)),
            "[ab]{0,2}".prop_map(|text| format!(r#"{{"suffix":"{text}"}}"#)),
            "[AB]{0,2}".prop_map(|text| format!(r#"{{"equals-ignore-case":"{text}"}}"#)),
            "[ab]{0,1}".prop_map(|text| format!(r#"{{"wildcard":"{text}*b"}}"#)),
            "[ab]{1,2}".prop_map(|text| format!(r#"{{"anything-but":{{"prefix":"{text}"}}}}"#)),
            (-3..3_i32).prop_map(|n| format!(r#"{{"numeric":[">",{n},"<=",{}]}}"#, n + 1)),
            (-3..3_i32).prop_map(|n| format!(r#"{{"numeric":["<",{n}]}}"#)),
            proptest::collection::vec("[ab]{0,3}", 1..12)
                .prop_map(|texts| format!(r#"{{"anything-but":{texts:?}}}"#)),
            (-3..3_i32).prop_map(|n| format!(r#"{{"anything-but":[{n},0]}}"#)),
            Just(r#"{"cidr":"10.0.0.0/24"}"#.to_owned()),
            Just(r#"{"exists":true}"#.to_owned()),
        ]
    }

    proptest! {
        #[test]
        fn they_match_as_if_they_came_one_by_one(
            values in proptest::collection::vec(value(), 17..60),
            conditions in proptest::collection::vec(condition(), 1..4),
        ) {
            let policy = body(&format!(r#"{{"a":[{}]}}"#, conditions.join(",")));
            let one = |value: &String| policy.matches(&Event::from_body(&format!(r#"{{"a":{value}}}"#)));
            let all = format!(r#"{{"a":[{}]}}"#, values.join(","));
            prop_assert_eq!(policy.matches(&Event::from_body(&all)), values.iter().any(one));
        }

        #[test]
        fn elements_match_as_if_they_came_one_by_one(
            elements in proptest::collection::vec((value(), value()), 17..60),
            a in proptest::collection::vec(condition(), 1..3),
            b in proptest::collection::vec(condition(), 1..3),
        ) {
            let policy = body(&format!(r#"{{"e":{{"a":[{}],"b":[{}]}}}}"#, a.join(","), b.join(",")));
            let element = |(a, b): &(String, String)| format!(r#"{{"a":{a},"b":{b}}}"#);
            let one = |values: &(String, String)| {
                let message = format!(r#"{{"e":{}}}"#, element(values));
                policy.matches(&Event::from_body(&message))
            };
            let all: Vec<_> = elements.iter().map(element).collect();
            let all = format!(r#"{{"e":[{}]}}"#, all.join(","));
            prop_assert_eq!(policy.matches(&Event::from_body(&all)), elements.iter().any(one));
        }
    }
}
