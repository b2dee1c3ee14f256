//! What the table of cases (`tests/services/event_patterns.rs`) does not say of event patterns.

use super::super::{Event, Policy};

fn pattern(text: &str) -> Policy {
    Policy::parse_event_pattern(text).unwrap_or_else(|refused| panic!("{text}: {refused}"))
}

fn matches(text: &str, event: &str) -> bool {
    pattern(text).matches(&Event::from_json(event))
}

fn refused(text: &str) -> String {
    let refused = Policy::parse_event_pattern(text);
    let refused = refused.expect_err(text);
    refused.to_string()
}

#[test]
fn the_first_mistake_counts_of_whichever_kind() {
    let located = |text: &str, column: usize| {
        format!("\n at [Source: (String)\"{text}\"; line: 1, column: {column}]")
    };
    for (text, column, reason) in [
        (r#"{"a":5, oops"#, 7, "\"a\" must be an object or an array"),
        (
            r#"{"a":[[1"#,
            8,
            "Match value must be String, number, true, false, or null",
        ),
        (r#"["a", oops"#, 2, "Filter is not an object"),
        ("", 1, "Filter is not an object"),
        (
            r#"{"$or":[1"#,
            10,
            "Only JSON object is allowed in array of $or relationship.",
        ),
        (
            r#"{"a":[x"#,
            8,
            "Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        ),
        (
            r#"{"$or":[{"a":[1]},x"#,
            20,
            "Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        ),
        (
            r#"{"a":[{x"#,
            9,
            "Unexpected character ('x' (code 120)): was expecting double-quote to start field name",
        ),
    ] {
        assert_eq!(refused(text), format!("{reason}{}", located(text, column)));
    }
    // No position, whatever follows.
    assert_eq!(
        refused(r#"{"a":[{"cidr":"x"},oops"#),
        "Malformed CIDR, one '/' required"
    );
    // A list of anything-but reports what its reader reports, with a position of its own.
    let text = r#"{"a":[{"anything-but":["x",]}]}"#;
    let place = located(text, 29);
    let reason = "Unexpected character (']' (code 93)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    assert_eq!(refused(text), format!("{reason}{place}{place}"));
}

#[test]
fn places_are_where_the_parser_stands() {
    for (text, column, reason) in [
        (
            r#"{"a":[{"anything-but":[1,9007199254740993]}]}"#,
            42,
            "Cannot compare number : 9007199254740993",
        ),
        (
            r#"{"a":[{"numeric":[">",1,"<",1e309]}]}"#,
            35,
            "Cannot compare number : 1e309",
        ),
        (
            r#"{"a":[{"numeric":["=",1],"x":2}]}"#,
            31,
            "Too many elements in numeric expression",
        ),
        (
            r#"{"a":[{"anything-but":{"wildcard":["a","b**"]}}]}"#,
            46,
            "Consecutive wildcard characters at pos 2",
        ),
        (
            r#"{"a":[{"anything-but":{"equals-ignore-case":1}}]}"#,
            46,
            "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
        ),
        (
            r#"{"$or":[{"a":{"exists":[1]}},{"b":[1]}]}"#,
            25,
            "exists is Ruler reserved fieldName which cannot be used inside $or.",
        ),
        // Of the branch's member, not of the operator.
        (
            r#"{"$or":[{"a":[{"begins-with":"x"}]},{"b":[1]}]}"#,
            15,
            "Unrecognized match type a",
        ),
        (
            r#"{"$or":[["a"],{"b":[{"begins-with":"x"}]}]}"#,
            10,
            "Only JSON object is allowed in array of $or relationship.",
        ),
        // Of the first `$or`, wherever the operator is.
        (
            r#"{"$or":[{"a":[1]},{"b":[1]}],"c":{"$or":[{"d":[{"begins-with":"x"}]},{"e":[1]}]}}"#,
            15,
            "Unrecognized match type a",
        ),
    ] {
        let place = format!("\n at [Source: (String)\"{text}\"; line: 1, column: {column}]");
        assert_eq!(refused(text), format!("{reason}{place}"));
    }
}

#[test]
fn no_nesting_overflows_the_stack() {
    let deep = |levels: usize| {
        let (open, close) = ("{\"a\":".repeat(levels), "}".repeat(levels));
        format!("{open}[1]{close}")
    };
    assert!(refused(&deep(1000)).starts_with("Rule is too complex"));
    assert!(refused(&deep(20_000)).starts_with("Rule is too complex"));
    assert!(matches(&deep(100), &deep(100)));
}

#[test]
fn an_or_makes_a_thousand_alternatives_and_no_more() {
    let or = |branches: usize, name: &str| {
        let branches: Vec<_> = (0..branches)
            .map(|number| format!("{{\"{name}\":[{number}]}}"))
            .collect();
        format!("\"$or\":[{}]", branches.join(","))
    };
    let text = format!("{{{},\"z\":{{{}}}}}", or(100, "a"), or(10, "b"));
    assert!(matches(&text, r#"{"a":99,"z":{"b":9}}"#));
    assert!(!matches(&text, r#"{"a":99,"z":{"b":10}}"#));
    let text = format!("{{{},\"z\":{{{}}}}}", or(101, "a"), or(10, "b"));
    assert!(refused(&text).starts_with("Rule is too complex"));
}

/// What the published matcher does, and topiq does or does not: section 12.13 of the specification.
#[test]
fn the_published_matcher_is_followed_where_it_is_right() {
    for (text, event, is_match) in [
        (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":"::1"}"#, false),
        (
            r#"{"a":[{"cidr":"0.0.0.0/0"}]}"#,
            r#"{"a":"2001:db8::1"}"#,
            false,
        ),
        (
            r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#,
            r#"{"a":"::ffff:a00:1"}"#,
            true,
        ),
        (
            r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#,
            r#"{"a":"::ffff:10.0.0.1"}"#,
            false,
        ),
        (
            r#"{"a":[{"cidr":"::/0"}]}"#,
            r#"{"a":"::ffff:10.0.0.1"}"#,
            false,
        ),
        (
            r#"{"a":[{"cidr":"10.0.0.00/24"}]}"#,
            r#"{"a":"10.0.0.01"}"#,
            true,
        ),
        (r#"{"a":["10.0.0.01"]}"#, r#"{"a":"10.0.0.1"}"#, true),
        (
            r#"{"a":[{"exactly":"10.0.0.1"}]}"#,
            r#"{"a":"10.0.0.01"}"#,
            false,
        ),
        (
            r#"{"a":[{"exactly":"10.0.0.1"}]}"#,
            r#"{"a":"10.0.0.1"}"#,
            true,
        ),
        (
            r#"{"a":["x",{"numeric":[">",1]},{"prefix":"y"}]}"#,
            r#"{"a":"x"}"#,
            true,
        ),
        (r#"{"a":[{"prefix":"\""}]}"#, r#"{"a":""}"#, false),
        (
            r#"{"a":[{"exists":true}]}"#,
            r#"{"a":9007199254740993}"#,
            true,
        ),
        (
            r#"{"a":[{"anything-but":"x"}]}"#,
            r#"{"a":9007199254740993}"#,
            true,
        ),
        (
            r#"{"a":[{"prefix":""}]}"#,
            r#"{"a":9007199254740993}"#,
            false,
        ),
        (r#"{"a":[1]}"#, r#"{"a":1} x"#, false),
        (r#"{"a":[1]}"#, "[1]", false),
    ] {
        assert_eq!(matches(text, event), is_match, "{text} {event}");
    }
}

/// As the published matcher has it: a plain value has no element of its own, but is in those around its array.
#[test]
fn values_of_an_array_within_an_array_are_in_its_element() {
    let pattern = r#"{"a":["z"],"a.b":[1]}"#;
    assert!(matches(pattern, r#"{"a":["z",{"b":1}]}"#));
    assert!(matches(pattern, r#"{"a":[["z",{"b":1}]]}"#));
    assert!(!matches(pattern, r#"{"a":[["z"],{"b":1}]}"#));
    assert!(!matches(pattern, r#"{"a":[{"b":1},[["z"]]]}"#));
}

#[test]
fn digits_that_no_double_holds_are_found_among_very_many_values() {
    let values: Vec<_> = (0..100)
        .map(|number| format!("90071992547409{number:02}, 1, \"x\", true"))
        .collect();
    let event = format!("{{\"a\":[{}]}}", values.join(","));
    assert!(matches(r#"{"a":[9007199254740993]}"#, &event));
    assert!(!matches(r#"{"a":[9007199254740993.0]}"#, &event));
    assert!(matches(r#"{"a":[true]}"#, &event));
    assert!(matches(
        r#"{"a":[{"numeric":["=",9007199254740992]}]}"#,
        &event
    ));
}

#[test]
fn very_many_leaves_are_met_in_one_element() {
    let pattern = |count: usize| {
        let leaves: Vec<_> = (0..count)
            .map(|number| format!("\"{number}\":[1]"))
            .collect();
        format!("{{\"l\":{{{}}}}}", leaves.join(","))
    };
    let element = |from: usize, to: usize| {
        let members: Vec<_> = (from..to).map(|number| format!("\"{number}\":1")).collect();
        format!("{{{}}}", members.join(","))
    };
    for count in [127, 128, 129, 300, 512] {
        let apart = format!(
            "{{\"l\":[{},{}]}}",
            element(0, count - 1),
            element(1, count)
        );
        assert!(!matches(&pattern(count), &apart), "{count}");
        let together = format!("{{\"l\":[{},{}]}}", element(0, 1), element(0, count));
        assert!(matches(&pattern(count), &together), "{count}");
    }
    assert!(refused(&pattern(513)).starts_with("Rule is too complex"));
}

#[test]
fn what_is_no_event_is_said_so() {
    let pattern = Policy::parse_event_pattern(r#"{"source":["shop"]}"#).expect("a pattern");
    let explained = |event| {
        pattern
            .explain(&Event::from_json(event))
            .map(|one| one.to_string())
    };
    assert_eq!(
        explained("[]").as_deref(),
        Some("the event is not a JSON object")
    );
    let unmet = r#"source is "bar", wanted is "shop""#;
    assert_eq!(explained(r#"{"source":"bar"}"#).as_deref(), Some(unmet));
    assert_eq!(explained(r#"{"source":"shop"}"#), None);
}

mod ten_thousand {
    use super::*;
    use crate::pattern::{Index, Work};

    const EVENT: &str = r#"{"source":"shop.orders","detail-type":"OrderPlaced","detail":{"customer":"customer-00042-eu","state":"placed","amount":4250,"address":"10.0.42.7","lines":[{"sku":"a"},{"sku":"b"}]}}"#;

    /// The steps of holding the event against an index of patterns, and how many match.
    fn cost(count: usize, pattern: impl Fn(usize) -> String) -> (usize, usize) {
        const MOST: usize = 10_000_000;
        let mut index = Index::default();
        for number in 0..count {
            let pattern = Policy::parse_event_pattern(&pattern(number));
            index.insert(number, pattern.expect("a pattern"));
        }
        let mut work = Work::limited(MOST);
        let (mut found, mut rest) = (Vec::new(), Vec::new());
        index.matches_within(&Event::from_json(EVENT), &mut work, &mut found, &mut rest);
        assert!(rest.is_empty());
        (MOST - work.left(), found.len())
    }

    /// A pattern on a member of the detail. All patterns share their source.
    fn on(member: &str, condition: &str) -> String {
        format!(r#"{{"source":["shop.orders"],"detail":{{"{member}":[{condition}]}}}}"#)
    }

    /// Patterns of one kind; one in ten thousand matches.
    fn of_kind(kind: usize, number: usize) -> String {
        let customer = format!("customer-{number:05}");
        match kind {
            0 => on("customer", &format!(r#""{customer}-eu""#)),
            1 => on("customer", &format!(r#"{{"prefix":"{customer}"}}"#)),
            2 => on("customer", &format!(r#"{{"suffix":"{number:05}-eu"}}"#)),
            3 => on(
                "customer",
                &format!(r#"{{"wildcard":"customer-*{number:05}-*"}}"#),
            ),
            4 => on("customer", &format!(r#"{{"wildcard":"*{number:05}*"}}"#)),
            5 => {
                let (bottom, top) = (number * 100, number * 100 + 99);
                on(
                    "amount",
                    &format!(r#"{{"numeric":[">=",{bottom},"<",{top}]}}"#),
                )
            }
            6 => on(
                "amount",
                &format!(
                    r#"{{"numeric":["{}",{}]}}"#,
                    if number == 42 { "<" } else { ">" },
                    9000 + number
                ),
            ),
            7 => {
                let address = format!("10.{}.{}.0/24", number / 256, number % 256);
                on("address", &format!(r#"{{"cidr":"{address}"}}"#))
            }
            8 => on(
                "customer",
                &format!(r#"{{"prefix":{{"equals-ignore-case":"CUSTOMER-{number:05}"}}}}"#),
            ),
            9 if number == 42 => on("state", r#"{"anything-but":["paid"]}"#),
            9 => on(
                "state",
                &format!(r#"{{"anything-but":["state-{number}","placed"]}}"#),
            ),
            10 if number == 42 => on("state", r#"{"anything-but":{"prefix":"x"}}"#),
            10 => on(
                "state",
                &format!(r#"{{"anything-but":{{"prefix":["x{number}","pl"]}}}}"#),
            ),
            _ => unreachable!("no such kind"),
        }
    }

    #[test]
    fn patterns_that_do_not_match_are_not_touched() {
        for kind in 0..=10 {
            let (one, matching) = cost(1, |_| of_kind(kind, 42));
            assert_eq!(matching, 1, "{kind}");
            let (many, matching) = cost(10_000, |number| of_kind(kind, number));
            assert_eq!(matching, 1, "{kind}");
            // The sets that say which are ruled out have a word for 64 patterns.
            let words = if kind >= 9 { 3 * 10_000 / 64 } else { 0 };
            assert!(many <= words + 10 * one + 60, "{kind}: {many}, alone {one}");
        }
    }

    #[test]
    fn nor_are_they_where_all_kinds_come_together() {
        let (steps, matching) = cost(11_000, |number| of_kind(number % 11, number / 11));
        assert_eq!(matching, 11);
        assert!(steps < 1200, "{steps}");
    }
}
