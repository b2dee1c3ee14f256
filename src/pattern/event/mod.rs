//! A message as policies see it: its values, by the names that lead to them.
//!
//! `load.rs` reads a body, `attributes.rs` message attributes. A name with dots is the same as names inside each other, so
//! that fields form a tree of the parts between dots. `places.rs` remembers which elements of arrays a value is in: values
//! in different elements of one array do not combine. `sorted.rs` puts the values of a field in order where they are many.

mod attributes;
mod load;
mod places;
mod sorted;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

pub(super) use load::Asked;
pub(super) use places::{PlaceId, Places, ROOT};
use sorted::{FEW, Sorted};

use super::condition::{Decimal, Word};
use super::dialect::Dialect;

/// How many fields are looked through.
const LISTED: usize = 16;

/// A message as policies see it; made once for all policies.
#[derive(Debug)]
pub struct Event<'e> {
    /// The language of the policies that it is made for.
    dialect: Dialect,
    /// The first is the message itself. A field comes after the one it is in.
    fields: Vec<Field<'e>>,
    /// Filled when there are more than [`LISTED`] fields: fewer are found faster one after the other.
    by_name: HashMap<(FieldId, Cow<'e, str>), FieldId, RandomState>,
    places: Places,
    contents: Contents<'e>,
}

/// Whether there is anything to filter by. Otherwise no policy matches, not even one that asks for absence.
#[derive(Debug)]
pub(super) enum Contents<'e> {
    Some,
    None,
    /// An attribute's value spoils all of them.
    Unreadable {
        attribute: &'e str,
        is_list: bool,
    },
}

pub(super) type FieldId = u32;

/// The values that have one path.
#[derive(Debug, Default)]
pub(super) struct Field<'e> {
    /// The field it is in; meaningless for the message itself.
    pub(super) parent: FieldId,
    /// The last part of its path.
    pub(super) name: Cow<'e, str>,
    pub(super) values: Vec<Found<'e>>,
    /// Made when the first policy asks.
    sorted: OnceLock<Box<Sorted>>,
}

impl Field<'_> {
    /// The values in order, if they are many.
    pub(super) fn sorted(&self) -> Option<&Sorted> {
        let are_many = self.values.len() > FEW;
        let sorted = || self.sorted.get_or_init(|| Sorted::of(&self.values).into());
        are_many.then(|| &**sorted())
    }
}

/// A value of a field, and where it was found.
#[derive(Debug)]
pub(super) struct Found<'e> {
    pub(super) value: Value<'e>,
    pub(super) place: PlaceId,
}

/// A value that is neither object nor array.
#[derive(Debug, PartialEq)]
pub(super) enum Value<'e> {
    Text(Cow<'e, str>),
    Number(Decimal),
    /// A number that is not compared by its value, as it is written.
    Digits(&'e str),
    Word(Word),
}

impl<'e> Event<'e> {
    fn empty(dialect: Dialect) -> Self {
        Self {
            dialect,
            fields: vec![Field::default()],
            by_name: HashMap::default(),
            places: Places::new(),
            contents: Contents::None,
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(super) fn is_usable(&self) -> bool {
        matches!(self.contents, Contents::Some)
    }

    pub(super) fn contents(&self) -> &Contents<'e> {
        &self.contents
    }

    /// The field that a path leads to. Costs a look-up for each part of the path.
    pub(super) fn at(&self, path: &str) -> Option<&Field<'e>> {
        let mut parts = path.split('.');
        let field = parts.try_fold(0, |field, part| self.field(field, part))?;
        Some(&self.fields[field as usize])
    }

    /// The values that a path leads to.
    pub(super) fn values(&self, path: &str) -> &[Found<'e>] {
        self.at(path).map_or(&[], |field| &field.values)
    }

    pub(super) fn fields(&self) -> &[Field<'e>] {
        &self.fields
    }

    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    fn field(&self, parent: FieldId, part: &str) -> Option<FieldId> {
        if self.by_name.is_empty() {
            let is_it = |field: &Field<'_>| field.parent == parent && field.name == part;
            // The first is the message itself, which has no name.
            let at = self.fields[1..].iter().position(is_it)?;
            return FieldId::try_from(at + 1).ok();
        }
        self.by_name.get(&(parent, Cow::Borrowed(part))).copied()
    }

    /// The field that a name leads to from another; it is added if it is new.
    fn intern(&mut self, parent: FieldId, name: Cow<'e, str>) -> FieldId {
        match name {
            name if !name.as_bytes().contains(&b'.') => self.intern_part(parent, name),
            Cow::Borrowed(name) => name.split('.').fold(parent, |field, part| {
                self.intern_part(field, Cow::Borrowed(part))
            }),
            Cow::Owned(name) => name.split('.').fold(parent, |field, part| {
                self.intern_part(field, Cow::Owned(part.to_owned()))
            }),
        }
    }

    fn intern_part(&mut self, parent: FieldId, name: Cow<'e, str>) -> FieldId {
        if let Some(known) = self.field(parent, &name) {
            return known;
        }
        let next = FieldId::try_from(self.fields.len()).expect("a message is small");
        self.fields.push(Field {
            parent,
            name,
            values: Vec::new(),
            sorted: OnceLock::new(),
        });
        if self.fields.len() > LISTED {
            self.list();
        }
        next
    }

    /// Makes the fields known that can be found by looking through all of them only.
    fn list(&mut self) {
        let listed = match self.by_name.len() {
            0 => 1,
            _ => self.fields.len() - 1,
        };
        for (field, id) in self.fields.iter().zip(0..).skip(listed) {
            let key = (field.parent, field.name.clone());
            self.by_name.insert(key, id);
        }
    }

    /// A number as it is compared.
    fn number(&self, text: &'e str) -> Option<Value<'e>> {
        let number = self.dialect.number(text)?;
        Some(if self.dialect.compares(&number) {
            Value::Number(number)
        } else {
            Value::Digits(text)
        })
    }

    fn add(&mut self, field: FieldId, place: PlaceId, value: Value<'e>) {
        let values = &mut self.fields[field as usize].values;
        values.push(Found { value, place });
    }
}
