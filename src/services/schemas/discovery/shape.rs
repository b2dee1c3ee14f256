//! The shape of JSON values, and how what was seen twice becomes one shape.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::aws::calendar;

/// The shape of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Nothing is known but that it can be null, or that it is an element of a list that was always empty.
    Unknown,
    Boolean,
    Integer,
    Number,
    Text,
    /// A text that is a moment.
    DateTime,
    List(Box<Self>),
    Object(Members),
    /// Values of different kinds.
    Mixed,
}

/// The members of an object, each with its shape and whether all objects that were seen had it.
pub(super) type Members = BTreeMap<String, (Shape, bool)>;

impl Shape {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Unknown,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(text) if calendar::parse(text).is_some() => Self::DateTime,
            Value::String(_) => Self::Text,
            Value::Array(elements) => {
                let shapes = elements.iter().map(Self::of);
                let element = shapes.fold(Self::Unknown, |known, shape| known.merge(&shape));
                Self::List(Box::new(element))
            }
            Value::Object(members) => Self::of_object(members),
        }
    }

    pub(super) fn of_object(members: &Map<String, Value>) -> Self {
        let members = members.iter();
        let member = |(name, value): (&String, &Value)| (name.clone(), (Self::of(value), true));
        Self::Object(members.map(member).collect())
    }

    /// The shape that lets both through.
    pub(super) fn merge(self, other: &Self) -> Self {
        match (self, other) {
            (shape, Self::Unknown) => shape,
            (Self::Unknown, shape) => shape.clone(),
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Number,
            (Self::Text, Self::DateTime) | (Self::DateTime, Self::Text) => Self::Text,
            (Self::List(element), Self::List(other)) => Self::List(Box::new(element.merge(other))),
            (Self::Object(members), Self::Object(others)) => Self::Object(merge(members, others)),
            (shape, other) if shape == *other => shape,
            _ => Self::Mixed,
        }
    }

    /// Whether it stays as it is when it is merged with another one.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Unknown)
            | (Self::Mixed, _)
            | (Self::Number, Self::Integer)
            | (Self::Text, Self::DateTime) => true,
            (Self::List(element), Self::List(other)) => element.covers(other),
            (Self::Object(members), Self::Object(others)) => covers(members, others),
            (shape, other) => shape == other,
        }
    }
}

fn covers(members: &Members, others: &Members) -> bool {
    let has = |(name, (other, is_required)): (&String, &(Shape, bool))| {
        let member = members.get(name);
        member.is_some_and(|(shape, was_required)| {
            shape.covers(other) && (*is_required || !was_required)
        })
    };
    let mut required = members.iter().filter(|(_, (_, is_required))| *is_required);
    others.iter().all(has) && required.all(|(name, _)| others.contains_key(name))
}

fn merge(mut members: Members, others: &Members) -> Members {
    for (name, (_, is_required)) in &mut members {
        *is_required &= others.contains_key(name);
    }
    for (name, (other, is_required)) in others {
        let merged = match members.remove(name) {
            Some((shape, was_required)) => (shape.merge(other), was_required && *is_required),
            None => (other.clone(), false),
        };
        members.insert(name.clone(), merged);
    }
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(values: &[Value]) -> Shape {
        let shapes = values.iter().map(Shape::of);
        let merged = shapes.reduce(|known, shape| known.merge(&shape));
        merged.expect("a value")
    }

    #[test]
    fn values_have_their_shapes() {
        for (value, shape) in [
            (json!(null), Shape::Unknown),
            (json!(true), Shape::Boolean),
            (json!(1), Shape::Integer),
            (json!(u64::MAX), Shape::Integer),
            (json!(1.0), Shape::Number),
            (json!("a"), Shape::Text),
            (json!("2026-01-02"), Shape::Text),
            (json!("2026-01-02T03:04:05Z"), Shape::DateTime),
            (json!("2026-01-02T03:04:05.678+01:00"), Shape::DateTime),
            (json!([]), Shape::List(Box::new(Shape::Unknown))),
        ] {
            assert_eq!(Shape::of(&value), shape, "{value}");
        }
    }

    #[test]
    fn shapes_widen() {
        for (values, shape) in [
            ([json!(1), json!(2.5)], Shape::Number),
            ([json!("a"), json!("2026-01-02T03:04:05Z")], Shape::Text),
            ([json!(null), json!(1)], Shape::Integer),
            ([json!(1), json!("1")], Shape::Mixed),
            ([json!({}), json!([])], Shape::Mixed),
            (
                [json!([1]), json!([2.5])],
                Shape::List(Box::new(Shape::Number)),
            ),
            (
                [json!([]), json!(["a", 1])],
                Shape::List(Box::new(Shape::Mixed)),
            ),
            (
                [json!([null, 1]), json!([])],
                Shape::List(Box::new(Shape::Integer)),
            ),
        ] {
            assert_eq!(merged(&values), shape, "{values:?}");
            let [first, second] = values;
            assert_eq!(merged(&[second, first]), shape);
        }
    }

    #[test]
    fn a_shape_covers_what_does_not_change_it() {
        let values = [
            json!(null),
            json!(1),
            json!(2.5),
            json!("a"),
            json!("2026-01-02T03:04:05Z"),
            json!([]),
            json!([1, null]),
            json!([1, "a"]),
            json!({}),
            json!({"a": 1}),
            json!({"a": 2.5, "b": null}),
            json!({"a": {"b": []}}),
        ];
        let single: Vec<_> = values.iter().map(Shape::of).collect();
        let pairs = single.iter().flat_map(|one| {
            let merged = |other| one.clone().merge(other);
            single.iter().map(merged)
        });
        let shapes: Vec<_> = pairs.collect();
        for known in &shapes {
            for other in &shapes {
                let is_same = known.clone().merge(other) == *known;
                assert_eq!(known.covers(other), is_same, "{known:?} {other:?}");
            }
        }
    }

    #[test]
    fn members_are_required_that_all_objects_have() {
        let members = |members: &[(&str, Shape, bool)]| {
            let members = members.iter().cloned();
            Shape::Object(
                members
                    .map(|(name, shape, is_required)| (name.to_owned(), (shape, is_required)))
                    .collect(),
            )
        };
        let seen = [
            json!({"a": 1, "b": 1}),
            json!({"a": 1.5, "c": {"d": 1}}),
            json!({"a": 1, "b": 2}),
        ];
        let nested = members(&[("d", Shape::Integer, true)]);
        let expected = members(&[
            ("a", Shape::Number, true),
            ("b", Shape::Integer, false),
            ("c", nested, false),
        ]);
        assert_eq!(merged(&seen), expected);
        let elements = merged(&[json!([{"a": 1}, {"b": 1}])]);
        let element = members(&[("a", Shape::Integer, false), ("b", Shape::Integer, false)]);
        assert_eq!(elements, Shape::List(Box::new(element)));
    }

    #[test]
    fn what_was_seen_before_changes_nothing() {
        let seen = merged(&[json!({"a": [1], "b": {"c": "x"}}), json!({"a": [2.5]})]);
        for again in [
            json!({"a": []}),
            json!({"a": [7], "b": {"c": "y"}}),
            json!({"a": null}),
        ] {
            assert_eq!(seen.clone().merge(&Shape::of(&again)), seen, "{again}");
        }
        let other = Shape::of(&json!({"a": [1], "d": 1}));
        assert_ne!(seen.clone().merge(&other), seen);
    }
}
