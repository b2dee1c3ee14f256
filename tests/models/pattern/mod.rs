//! Random policies and messages: the matcher and its index against the simplest possible evaluator.
//!
//! `PROPTEST_CASES=100000 cargo test --release --test models pattern::` runs more cases.

mod naive;
mod tree;

use std::collections::BTreeSet;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use topiq::pattern::{Dialect, Event, Index, Mismatch, Policy, Scope};
use tree::Tree;

/// Few, so that policies and messages often have the same ones.
const NAMES: [&str; 8] = ["a", "a", "a", "b", "b", "b", "a.b", "é"];
const TEXTS: [&str; 16] = [
    "",
    "x",
    "X",
    "xy",
    "yx",
    "xyx",
    "y*",
    "é",
    "É",
    "1",
    "10.0.0.1",
    "10.0.1.1",
    "::1",
    "10.0.0.01",
    "::ffff:a00:1",
    "::ffff:10.0.0.1",
];
/// Exact in a double, since the simple evaluator compares doubles.
const NUMBERS: [&str; 10] = [
    "1", "1.0", "10e-1", "0", "-0", "1.5", "15e-1", "-1", "2", "1e2",
];
/// Operands of `numeric`, with the signs as written.
const RANGES: [&[&str]; 10] = [
    &["\"=\"", "1.0"],
    &["\"<\"", "1"],
    &["\"<=\"", "1"],
    &["\">\"", "1"],
    &["\">=\"", "15e-1"],
    &["\">\"", "-1", "\"<=\"", "1"],
    &["\">=\"", "0", "\"<\"", "100"],
    &["\">\"", "1", "\"<\"", "2"],
    &["\">=\"", "-1", "\"<=\"", "0"],
    &["\"<\"", "-1"],
];

fn text() -> impl Strategy<Value = Tree> {
    let text = prop_oneof![
        3 => prop::sample::select(&["x", "y"][..]),
        1 => prop::sample::select(&TEXTS[..]),
    ];
    text.prop_map(Tree::Text)
}

fn number() -> impl Strategy<Value = Tree> {
    prop::sample::select(&NUMBERS[..]).prop_map(Tree::Number)
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(&[Dialect::FilterPolicy, Dialect::EventPattern][..])
}

fn word() -> impl Strategy<Value = Tree> {
    prop::sample::select(&["true", "false", "null"][..]).prop_map(Tree::Word)
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

/// Names may be repeated.
fn event() -> impl Strategy<Value = Tree> {
    let number = prop_oneof![6 => number(), 1 => Just(naive::NO_DOUBLE)];
    let value = prop_oneof![6 => text(), 2 => number, 1 => word()];
    let value = value.prop_recursive(5, 30, 3, |inner| {
        let object = vec((name(), inner.clone()), 0..4)
            .prop_map(Tree::Object)
            .boxed();
        prop_oneof![
            1 => vec(inner, 0..4).prop_map(Tree::List),
            3 => vec(object.clone(), 1..4).prop_map(Tree::List),
            2 => object,
        ]
    });
    vec((name(), value), 1..4).prop_map(Tree::Object)
}

fn operator(name: &'static str, operand: Tree) -> Tree {
    Tree::Object(vec![(name, operand)])
}

fn condition() -> impl Strategy<Value = Tree> {
    let pattern = prop::sample::select(
        &[
            "x*", "*x", "*", "x*y*x", "y\\\\*", "*é*", "", "*y*", "*0.1.*", "*0.0.*1", "1*0*",
            "*yx*",
        ][..],
    );
    let pattern = pattern.prop_map(Tree::Text).boxed();
    let affix = || prop::sample::select(&["x", "xy", "é", "1"][..]).prop_map(Tree::Text);
    let texts = || vec(text(), 1..3).prop_map(Tree::List);
    let numbers = vec(number(), 1..3).prop_map(Tree::List);
    let range = prop::sample::select(&RANGES[..]);
    let range = range.prop_map(|items| Tree::List(items.iter().copied().map(Tree::Word).collect()));
    let excluded = prop_oneof![
        text(),
        number(),
        texts(),
        numbers,
        affix().prop_map(|text| operator("prefix", text)),
        affix().prop_map(|text| operator("suffix", text)),
        texts().prop_map(|texts| operator("equals-ignore-case", texts)),
        pattern.clone().prop_map(|text| operator("wildcard", text)),
    ];
    prop_oneof![
        20 => text(),
        4 => number(),
        1 => word(),
        1 => text().prop_map(|text| operator("exactly", text)),
        2 => affix().prop_map(|text| operator("prefix", text)),
        2 => affix().prop_map(|text| operator("suffix", text)),
        1 => text().prop_map(|text| operator("prefix", operator("equals-ignore-case", text))),
        1 => text().prop_map(|text| operator("suffix", operator("equals-ignore-case", text))),
        2 => text().prop_map(|text| operator("equals-ignore-case", text)),
        2 => pattern.prop_map(|text| operator("wildcard", text)),
        2 => excluded.prop_map(|operand| operator("anything-but", operand)),
        2 => range.prop_map(|range| operator("numeric", range)),
        1 => word().prop_filter("a boolean", |word| *word != Tree::Word("null"))
            .prop_map(|word| operator("exists", word)),
        1 => prop::sample::select(&[
            "10.0.0.0/24", "10.0.0.0/8", "0.0.0.0/0", "10.0.1.1/31", "::/64", "::/0", "::1/127",
        ][..])
            .prop_map(|block| operator("cidr", Tree::Text(block))),
    ]
}

fn policy() -> impl Strategy<Value = Tree> {
    let object = |rule: BoxedStrategy<Tree>, most| {
        btree_map(name(), rule, 1..most)
            .prop_map(|members| Tree::Object(members.into_iter().collect()))
    };
    let leaf = vec(condition(), 1..3).prop_map(Tree::List);
    let rule = leaf
        .prop_recursive(2, 6, 2, move |inner| object(inner.boxed(), 3))
        .boxed();
    let branch = object(rule.clone(), 3).boxed();
    let or = prop::option::weighted(0.3, (vec(branch, 2..4), any::<bool>()));
    (object(rule, 4), or).prop_map(|(policy, or)| {
        let Tree::Object(mut members) = policy else {
            unreachable!("an object was made");
        };
        if let Some((branches, is_first)) = or {
            let place = if is_first { 0 } else { members.len() };
            members.insert(place, ("$or", Tree::List(branches)));
        }
        Tree::Object(members)
    })
}

/// Lists of objects in lists of objects, and policies on several of their values.
mod rows {
    use super::{BoxedStrategy, Just, Strategy, Tree, prop, prop_oneof, vec};

    fn letter() -> impl Strategy<Value = Tree> {
        prop::sample::select(&["x", "y"][..]).prop_map(Tree::Text)
    }

    fn object(members: [(&'static str, BoxedStrategy<Tree>); 3]) -> impl Strategy<Value = Tree> {
        let members = members.map(|(name, value)| {
            let member = value.prop_map(move |value| Some((name, value)));
            prop_oneof![2 => member, 1 => Just(None)]
        });
        members.prop_map(|members| Tree::Object(members.into_iter().flatten().collect()))
    }

    pub(crate) fn event() -> impl Strategy<Value = Tree> {
        let rows = letter().prop_recursive(4, 60, 3, |inner| {
            let members = [
                ("a", letter().boxed()),
                ("b", letter().boxed()),
                ("l", inner.boxed()),
            ];
            let row = object(members).boxed();
            prop_oneof![
                4 => vec(row.clone(), 0..4).prop_map(Tree::List),
                1 => vec(vec(row.clone(), 0..3).prop_map(Tree::List), 0..3).prop_map(Tree::List),
                1 => row,
            ]
        });
        rows.prop_map(|rows| Tree::Object(vec![("l", rows)]))
    }

    pub(crate) fn policy() -> impl Strategy<Value = Tree> {
        let leaf = || letter().prop_map(|letter| Tree::List(vec![letter])).boxed();
        let inner = object([("a", leaf()), ("b", leaf()), ("é", leaf())]).boxed();
        let outer = object([("a", leaf()), ("b", leaf()), ("l", inner)]);
        outer.prop_map(|rows| Tree::Object(vec![("l", rows)]))
    }
}

/// Whether a policy has an object without members, which is refused.
fn is_hollow(policy: &Tree) -> bool {
    match policy {
        Tree::Object(members) => {
            members.is_empty() || members.iter().any(|(_, value)| is_hollow(value))
        }
        _ => false,
    }
}

fn parse_text(text: &str, dialect: Dialect) -> Result<Policy, String> {
    let policy = match dialect {
        Dialect::FilterPolicy => Policy::parse(text, Scope::MessageBody),
        Dialect::EventPattern => Policy::parse_event_pattern(text),
    };
    policy.map_err(|refused| refused.to_string())
}

/// The policy, unless it is beyond a limit.
fn parse(tree: &Tree, dialect: Dialect) -> Option<Policy> {
    match parse_text(&tree.to_string(), dialect) {
        Ok(policy) => Some(policy),
        Err(refused) => {
            let is_limit = refused.ends_with("complex") || refused.ends_with("than 5 keys");
            assert!(dialect == Dialect::FilterPolicy && is_limit, "{refused}");
            None
        }
    }
}

fn read(text: &str, dialect: Dialect) -> Event<'_> {
    match dialect {
        Dialect::FilterPolicy => Event::from_body(text),
        Dialect::EventPattern => Event::from_json(text),
    }
}

/// A mismatch is explained by a key that does refuse, or by keys that are each met on their own.
fn check_explanation(
    tree: &Tree,
    policy: &Policy,
    event: &Tree,
    dialect: Dialect,
) -> Result<(), TestCaseError> {
    let text = event.to_string();
    let event_of_text = read(&text, dialect);
    let mismatch = policy.explain(&event_of_text);
    prop_assert_eq!(mismatch.is_none(), policy.matches(&event_of_text));
    match mismatch {
        None => {}
        Some(Mismatch::NothingToFilter(_) | Mismatch::NotAnEvent | Mismatch::Unreadable { .. }) => {
            prop_assert!(false, "{} is an object", text);
        }
        Some(Mismatch::Unmet { key, wanted, found }) => {
            prop_assert!(
                naive::refuses(tree, event, &key, dialect),
                "{} {} {}",
                tree,
                text,
                key
            );
            prop_assert_eq!(found.len(), naive::count(event, &key));
            // The conditions are shown as in a policy: a policy of them alone refuses too.
            let alone = format!("{{\"{key}\": [{}]}}", wanted.join(", "));
            let alone = parse_text(&alone, dialect);
            let is_refused = alone.as_ref().map(|alone| !alone.matches(&event_of_text));
            prop_assert_eq!(is_refused, Ok(true));
        }
        Some(Mismatch::Apart { keys }) => {
            prop_assert!(keys.len() > 1);
            for key in keys {
                prop_assert!(
                    naive::admits(tree, event, &key, dialect),
                    "{} {} {}",
                    tree,
                    text,
                    key
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_policy_matches_what_it_says(
        policy in policy(),
        events in vec(event(), 1..8),
        dialect in dialect(),
    ) {
        let Some(parsed) = parse(&policy, dialect) else { return Ok(()) };
        for event in events {
            let text = event.to_string();
            let expected = naive::matches(&policy, &event, dialect);
            prop_assert_eq!(parsed.matches(&read(&text, dialect)), expected, "{} {}", policy, text);
            check_explanation(&policy, &parsed, &event, dialect)?;
        }
    }

    #[test]
    fn values_of_different_elements_do_not_combine(
        policies in vec(rows::policy(), 1..10),
        event in rows::event(),
        dialect in dialect(),
    ) {
        let text = event.to_string();
        let parsed_event = read(&text, dialect);
        for policy in policies.iter().filter(|policy| !is_hollow(policy)) {
            let Some(parsed) = parse(policy, dialect) else { continue };
            let expected = naive::matches(policy, &event, dialect);
            prop_assert_eq!(parsed.matches(&parsed_event), expected, "{} {}", policy, text);
            check_explanation(policy, &parsed, &event, dialect)?;
        }
    }

    #[test]
    fn an_index_answers_as_its_policies_do(
        policies in vec((0..12_u8, policy(), any::<bool>()), 1..30),
        events in vec(event(), 1..4),
        dialect in dialect(),
    ) {
        let mut index = Index::default();
        let mut kept: Vec<(u8, Policy)> = Vec::new();
        for (key, policy, is_removed) in policies {
            if is_removed {
                let was_there = kept.iter().any(|(other, _)| *other == key);
                prop_assert_eq!(index.remove(&key), was_there);
                kept.retain(|(other, _)| *other != key);
            } else if let Some(policy) = parse(&policy, dialect) {
                index.insert(key, policy.clone());
                kept.retain(|(other, _)| *other != key);
                kept.push((key, policy));
            }
        }
        prop_assert_eq!(index.len(), kept.len());
        for event in events {
            let text = event.to_string();
            let event = read(&text, dialect);
            let mut found = Vec::new();
            index.matches(&event, &mut found);
            if dialect == Dialect::EventPattern {
                let mut as_asked = Vec::new();
                index.matches(&index.event(&text), &mut as_asked);
                prop_assert_eq!(&as_asked, &found, "{}", &text);
            }
            let matching = kept.iter().filter(|(_, policy)| policy.matches(&event));
            let expected: BTreeSet<_> = matching.map(|(key, _)| *key).collect();
            prop_assert_eq!(found.len(), expected.len(), "each once");
            prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{}", text);
        }
    }

    /// Very many policies that ask alike, so that sets are large and values rule policies out.
    #[test]
    fn a_large_index_answers_as_its_policies_do(
        conditions in vec((condition(), condition(), any::<bool>()), 1..40),
        events in vec(event(), 1..6),
        dialect in dialect(),
    ) {
        let mut index = Index::default();
        let mut kept: Vec<(usize, Policy)> = Vec::new();
        for (number, (one, other, is_removed)) in conditions.iter().cycle().take(300).enumerate() {
            let asked = [("a", one), ("b", other)];
            let asked = &asked[..=(number % 2)];
            let asked = asked.iter().map(|(name, one)| (*name, Tree::List(vec![(*one).clone()])));
            let Some(policy) = parse(&Tree::Object(asked.collect()), dialect) else { continue };
            index.insert(number, policy.clone());
            if *is_removed && number % 3 == 0 {
                index.remove(&number);
            } else {
                kept.push((number, policy));
            }
        }
        for event in events {
            let text = event.to_string();
            let event = read(&text, dialect);
            let mut found = Vec::new();
            index.matches(&event, &mut found);
            if dialect == Dialect::EventPattern {
                let mut as_asked = Vec::new();
                index.matches(&index.event(&text), &mut as_asked);
                prop_assert_eq!(&as_asked, &found, "{}", &text);
            }
            found.sort_unstable();
            let matching = kept.iter().filter(|(_, policy)| policy.matches(&event));
            let expected: Vec<_> = matching.map(|(key, _)| *key).collect();
            prop_assert_eq!(found, expected, "{}", text);
        }
    }

    /// Neither panics nor hangs, and a refusal names the attribute.
    #[test]
    fn any_text_is_read_or_refused(text in "[\\[\\]{}\":,a-c0-2. \\\\ue$or-]{0,40}|\\PC{0,40}") {
        for scope in [Scope::MessageAttributes, Scope::MessageBody] {
            if let Err(refused) = Policy::parse(&text, scope) {
                let refused = refused.to_string();
                prop_assert!(refused.starts_with("FilterPolicy: ") || refused.starts_with("Filter policy scope"));
            }
        }
        let pattern = Policy::parse_event_pattern(&text);
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(topiq::pattern::check_json("RedrivePolicy", &text).is_ok(), is_json);
        prop_assert!(is_json || pattern.is_err(), "{:?}", pattern);
    }
}
