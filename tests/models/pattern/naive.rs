//! The rules of filter policies and event patterns, written as simply as possible, and as slowly.

use std::collections::BTreeMap;
use std::net::IpAddr;

use topiq::pattern::Dialect;

use super::tree::Tree;

/// A number that no double holds.
pub(crate) const NO_DOUBLE: Tree = Tree::Number("9007199254740993");

/// One way to meet a policy: the conditions of each path.
type Alternative<'p> = BTreeMap<String, &'p [Tree]>;

/// A value of an event: its path, the value itself, and the array elements around it, as places in the text.
struct Leaf<'e> {
    path: String,
    value: &'e Tree,
    elements: Vec<(String, usize)>,
}

pub(crate) fn matches(policy: &Tree, event: &Tree, dialect: Dialect) -> bool {
    let mut leaves = Vec::new();
    flatten("", event, "", &[], &[], &mut leaves);
    alternatives("", policy).iter().any(|alternative| {
        let asked: Vec<_> = alternative.iter().collect();
        choose(&asked, &leaves, dialect, &mut Vec::new())
    })
}

/// Whether some way to meet the policy has conditions on this path that neither a value of the event nor its absence
/// meets.
pub(crate) fn refuses(policy: &Tree, event: &Tree, path: &str, dialect: Dialect) -> bool {
    asks(policy, event, path).any(|(values, conditions)| !is_met(&values, conditions, dialect))
}

/// Whether some way to meet the policy has conditions on this path that the event meets.
pub(crate) fn admits(policy: &Tree, event: &Tree, path: &str, dialect: Dialect) -> bool {
    asks(policy, event, path).any(|(values, conditions)| is_met(&values, conditions, dialect))
}

/// How many values the event has at a path.
pub(crate) fn count(event: &Tree, path: &str) -> usize {
    values(event, path).len()
}

fn asks<'p>(
    policy: &'p Tree,
    event: &Tree,
    path: &str,
) -> impl Iterator<Item = (Vec<Tree>, &'p [Tree])> {
    let values = values(event, path);
    let asked = alternatives("", policy).into_iter();
    let asked: Vec<_> = asked.filter_map(|one| one.get(path).copied()).collect();
    asked
        .into_iter()
        .map(move |conditions| (values.clone(), conditions))
}

fn values(event: &Tree, path: &str) -> Vec<Tree> {
    let mut leaves = Vec::new();
    flatten("", event, "", &[], &[], &mut leaves);
    let leaves = leaves.into_iter().filter(|leaf| leaf.path == path);
    leaves.map(|leaf| leaf.value.clone()).collect()
}

fn is_met(values: &[Tree], conditions: &[Tree], dialect: Dialect) -> bool {
    if values.is_empty() {
        return conditions.contains(&absent());
    }
    let is_met = |value: &Tree| conditions.iter().any(|one| meets(value, one, dialect));
    values.iter().any(is_met)
}

fn absent() -> Tree {
    Tree::Object(vec![("exists", Tree::Word("false"))])
}

/// Takes a value for each path in turn and tries all of them.
fn choose<'e>(
    asked: &[(&String, &&[Tree])],
    leaves: &'e [Leaf<'e>],
    dialect: Dialect,
    chosen: &mut Vec<&'e Leaf<'e>>,
) -> bool {
    let Some(((path, conditions), rest)) = asked.split_first() else {
        return true;
    };
    let values: Vec<_> = leaves.iter().filter(|leaf| leaf.path == **path).collect();
    if values.is_empty() {
        return conditions.contains(&absent()) && choose(rest, leaves, dialect, chosen);
    }
    values.into_iter().any(|leaf| {
        let is_met = conditions
            .iter()
            .any(|condition| meets(leaf.value, condition, dialect));
        if !is_met || chosen.iter().any(|other| conflict(leaf, other)) {
            return false;
        }
        chosen.push(leaf);
        let rest = choose(rest, leaves, dialect, chosen);
        chosen.pop();
        rest
    })
}

fn conflict(one: &Leaf<'_>, other: &Leaf<'_>) -> bool {
    one.elements.iter().any(|(array, index)| {
        let differs = |(same, at): &(String, usize)| same == array && at != index;
        other.elements.iter().any(differs)
    })
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn alternatives<'p>(path: &str, policy: &'p Tree) -> Vec<Alternative<'p>> {
    let Tree::Object(members) = policy else {
        panic!("a policy is an object");
    };
    let mut all = vec![Alternative::new()];
    for (name, value) in members {
        let ways = match value {
            Tree::List(branches) if *name == "$or" => branches
                .iter()
                .flat_map(|branch| alternatives(path, branch))
                .collect(),
            Tree::List(conditions) => {
                vec![Alternative::from([(
                    join(path, name),
                    conditions.as_slice(),
                )])]
            }
            nested => alternatives(&join(path, name), nested),
        };
        let extend = |so_far: &Alternative<'p>| {
            let joined = |way: &Alternative<'p>| {
                so_far
                    .iter()
                    .chain(way)
                    .map(|(path, asked)| (path.clone(), *asked))
                    .collect()
            };
            ways.iter().map(joined).collect::<Vec<Alternative<'p>>>()
        };
        all = all.iter().flat_map(extend).collect();
    }
    all
}

/// `place` is the value's place in the text; `around` are the elements that a plain value counts to be in, `elements` all
/// that it is in: these differ by the one that the value itself is.
fn flatten<'e>(
    path: &str,
    value: &'e Tree,
    place: &str,
    around: &[(String, usize)],
    elements: &[(String, usize)],
    leaves: &mut Vec<Leaf<'e>>,
) {
    match value {
        Tree::Object(members) => {
            for (number, (name, member)) in members.iter().enumerate() {
                let place = format!("{place}/{number}");
                flatten(
                    &join(path, name),
                    member,
                    &place,
                    elements,
                    elements,
                    leaves,
                );
            }
        }
        Tree::List(list) => {
            for (index, element) in list.iter().enumerate() {
                let mut elements = elements.to_vec();
                elements.push((place.to_owned(), index));
                let inner = format!("{place}/{index}");
                let is_list = matches!(element, Tree::List(_));
                let around = if is_list { &elements } else { around };
                flatten(path, element, &inner, around, &elements, leaves);
            }
        }
        value => leaves.push(Leaf {
            path: path.to_owned(),
            value,
            elements: around.to_vec(),
        }),
    }
}

fn meets(value: &Tree, condition: &Tree, dialect: Dialect) -> bool {
    let Tree::Object(members) = condition else {
        return equal(value, condition) || same_address(value, condition, dialect);
    };
    let (operator, operand) = &members[0];
    match (*operator, operand) {
        ("anything-but", Tree::Object(members)) => {
            let (operator, operand) = &members[0];
            let each = listed(operand);
            !each.iter().any(|operand| {
                meets(
                    value,
                    &Tree::Object(vec![(*operator, operand.clone())]),
                    dialect,
                )
            })
        }
        ("anything-but", operand) => !listed(operand).iter().any(|other| equal(value, other)),
        ("exactly", operand) if dialect == Dialect::EventPattern => equal(value, operand),
        ("exactly", operand) => meets(value, operand, dialect),
        ("exists", operand) => {
            let is_empty = matches!(value, Tree::Text("") | Tree::Word("null"));
            *operand == Tree::Word("true") && (dialect == Dialect::EventPattern || !is_empty)
        }
        ("numeric", Tree::List(items)) => {
            let is_comparable = dialect == Dialect::FilterPolicy || *value != NO_DOUBLE;
            is_comparable && in_range(value, items)
        }
        (operator, operand) => match value {
            Tree::Text(text) => meets_text(text, operator, operand, dialect),
            _ => false,
        },
    }
}

fn meets_text(text: &str, operator: &str, operand: &Tree, dialect: Dialect) -> bool {
    match (operator, operand) {
        (operator, Tree::Object(members)) => {
            let (_, Tree::Text(wanted)) = &members[0] else {
                panic!("a text without case");
            };
            let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
            if operator == "prefix" {
                text.starts_with(&wanted)
            } else {
                text.ends_with(&wanted)
            }
        }
        ("prefix", Tree::Text(prefix)) => text.starts_with(prefix),
        ("suffix", Tree::Text(suffix)) => text.ends_with(suffix),
        ("equals-ignore-case", Tree::Text(wanted)) => text.to_lowercase() == wanted.to_lowercase(),
        ("wildcard", Tree::Text(wanted)) => {
            let wanted: Vec<_> = wanted.replace("\\\\", "\\").chars().collect();
            let text: Vec<_> = text.chars().collect();
            meets_wildcard(&text, &wanted)
        }
        ("cidr", Tree::Text(block)) => {
            let (network, length) = block.split_once('/').expect("a block");
            let network = bits(network.parse().expect("an address"));
            let length = length.parse().expect("a number");
            address(text, dialect).is_some_and(|address| {
                let address = bits(address);
                address.len() == network.len() && address[..length] == network[..length]
            })
        }
        other => panic!("no such condition: {other:?}"),
    }
}

fn bits(address: IpAddr) -> Vec<bool> {
    let octets = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let bits = octets
        .iter()
        .flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1 == 1));
    bits.collect()
}

fn meets_wildcard(text: &[char], wanted: &[char]) -> bool {
    match wanted {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|from| meets_wildcard(&text[from..], rest)),
        ['\\', literal, rest @ ..] | [literal, rest @ ..] => {
            text.first() == Some(literal) && meets_wildcard(&text[1..], rest)
        }
    }
}

fn in_range(value: &Tree, items: &[Tree]) -> bool {
    let Tree::Number(_) = value else { return false };
    let number = double(value);
    items.chunks(2).all(|bound| {
        let Tree::Word(sign) = bound[0] else {
            panic!("a sign");
        };
        let other = double(&bound[1]);
        match sign {
            "\"=\"" => (number - other).abs() < f64::EPSILON,
            "\"<\"" => number < other,
            "\"<=\"" => number <= other,
            "\">\"" => number > other,
            "\">=\"" => number >= other,
            _ => panic!("no sign {sign}"),
        }
    })
}

fn equal(one: &Tree, other: &Tree) -> bool {
    match (one, other) {
        (Tree::Number(_), Tree::Number(_)) => (double(one) - double(other)).abs() < f64::EPSILON,
        _ => one == other,
    }
}

fn same_address(one: &Tree, other: &Tree, dialect: Dialect) -> bool {
    let (Tree::Text(one), Tree::Text(other)) = (one, other) else {
        return false;
    };
    let one = address(one, dialect);
    one.is_some() && one == address(other, dialect)
}

/// The texts of the tests that only event patterns read as another address, or at all.
fn address(text: &str, dialect: Dialect) -> Option<IpAddr> {
    match (dialect, text) {
        (Dialect::EventPattern, "10.0.0.01" | "::ffff:a00:1") => Some([10, 0, 0, 1].into()),
        (Dialect::EventPattern, "::ffff:10.0.0.1") => None,
        _ => text.parse().ok(),
    }
}

fn double(number: &Tree) -> f64 {
    let (Tree::Number(text) | Tree::Word(text)) = number else {
        panic!("no number: {number}");
    };
    text.parse().expect("a number")
}

fn listed(operand: &Tree) -> Vec<Tree> {
    match operand {
        Tree::List(list) => list.clone(),
        other => vec![other.clone()],
    }
}
