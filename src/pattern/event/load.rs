//! Reads the JSON of a message's body, of an event, and of attributes that are lists.

use super::{Contents, Event, FieldId, LISTED, PlaceId, ROOT, Value, Word};
use crate::pattern::dialect::Dialect;
use crate::pattern::json::{Reader, SyntaxError, Token};

/// A container that is being read.
#[derive(Clone, Copy)]
struct Open {
    /// The field of an array's elements, or of the member that an object is at.
    field: FieldId,
    /// The field of the container itself.
    own: FieldId,
    /// The place of plain values inside: that of the container, which of an array is the one that it is in.
    place: PlaceId,
    /// The array's own place.
    array: Option<PlaceId>,
}

impl<'e> Event<'e> {
    /// A message's body, for filter policies. Nothing matches one that is not a JSON object.
    pub fn from_body(text: &'e str) -> Self {
        Self::from_object(text, Dialect::FilterPolicy)
    }

    /// An event in JSON, with its envelope, for event patterns. Nothing matches one that is not a JSON object.
    pub fn from_json(text: &'e str) -> Self {
        Self::from_object(text, Dialect::EventPattern)
    }

    fn from_object(text: &'e str, dialect: Dialect) -> Self {
        let mut event = Self::empty(dialect);
        event.fields.reserve(LISTED);
        let mut reader = Reader::new(text);
        if !matches!(reader.next(), Ok(Some(Token::ObjectStart))) {
            return event;
        }
        let root = Open {
            field: 0,
            own: 0,
            place: ROOT,
            array: None,
        };
        if event.load(&mut reader, root).is_ok() {
            event.contents = Contents::Some;
        }
        event
    }

    /// A value in JSON, as that of a field; of a list the elements. False if it is not JSON: then what was read before
    /// the fault is there, and must not be used.
    pub(super) fn load_value(&mut self, field: FieldId, text: &'e str) -> bool {
        let mut reader = Reader::new(text);
        let around = Open {
            field,
            own: field,
            place: ROOT,
            array: None,
        };
        self.load(&mut reader, around).is_ok()
    }

    /// Reads a text, or the rest of one whose first bracket has been read, as the contents of `first`. Arrays are transparent: their elements belong to
    /// the field that has the array as its value.
    fn load(&mut self, reader: &mut Reader<'e>, first: Open) -> Result<(), SyntaxError> {
        let mut open = vec![first];
        while let Some(token) = reader.next()? {
            let Some(around) = open.last_mut() else {
                break;
            };
            let (field, place) = (around.field, around.place);
            match token {
                Token::Name(name) => around.field = self.intern(around.own, name),
                Token::ObjectStart => {
                    let place = match around.array {
                        Some(array) => self.places.add_element(array),
                        None => place,
                    };
                    open.push(Open {
                        field,
                        own: field,
                        place,
                        array: None,
                    });
                }
                Token::ArrayStart => {
                    let outer = match around.array {
                        Some(array) => self.places.add_element(array),
                        None => place,
                    };
                    open.push(Open {
                        field,
                        own: field,
                        place: outer,
                        array: Some(self.places.add_array(outer)),
                    });
                }
                Token::ObjectEnd | Token::ArrayEnd => {
                    open.pop();
                }
                Token::String(text) => self.add(field, place, Value::Text(text)),
                Token::Number(number) => {
                    let number = self.number(number);
                    let number = number.expect("every number of JSON's is one");
                    self.add(field, place, number);
                }
                Token::True => self.add(field, place, Value::Word(Word::True)),
                Token::False => self.add(field, place, Value::Word(Word::False)),
                Token::Null => self.add(field, place, Value::Word(Word::Null)),
            }
        }
        Ok(())
    }
}
