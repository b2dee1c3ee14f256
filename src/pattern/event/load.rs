//! Reads the JSON of a message's body, of an event, and of attributes that are lists.

use super::{Contents, Event, FieldId, LISTED, PlaceId, ROOT, Value, Word};
use crate::pattern::dialect::Dialect;
use crate::pattern::json::{Reader, SyntaxError, Token};

/// Which members of an event are read. The others are passed over: it is as if they were not there.
pub(in crate::pattern) trait Asked {
    /// A path that is asked for, or the beginning of one.
    type Path: Copy;

    /// The beginning of all paths.
    fn start(&self) -> Self::Path;

    /// The path with a further part; none if nothing that begins so is asked for.
    fn follow(&self, path: Self::Path, part: &str) -> Option<Self::Path>;
}

/// All members.
struct Everything;

impl Asked for Everything {
    type Path = ();

    fn start(&self) {}

    fn follow(&self, (): (), _: &str) -> Option<()> {
        Some(())
    }
}

/// A container that is being read.
#[derive(Clone, Copy)]
struct Open<P> {
    /// The field of an array's elements, or of the member that an object is at.
    field: FieldId,
    /// The field of the container itself.
    own: FieldId,
    /// The place of plain values inside: that of the container, which of an array is the one that it is in.
    place: PlaceId,
    /// The array's own place.
    array: Option<PlaceId>,
    /// The paths of `field` and `own`, as far as they are asked for.
    path: P,
    own_path: P,
}

impl<P: Copy> Open<P> {
    /// What holds the members or elements of a field in no array.
    fn at(field: FieldId, path: P) -> Self {
        Self {
            field,
            own: field,
            place: ROOT,
            array: None,
            path,
            own_path: path,
        }
    }

    /// A container that is the value of the field that is being read.
    fn inside(&self, place: PlaceId, array: Option<PlaceId>) -> Self {
        Self {
            field: self.field,
            own: self.field,
            place,
            array,
            path: self.path,
            own_path: self.path,
        }
    }
}

impl<'e> Event<'e> {
    /// A message's body, for filter policies. Nothing matches one that is not a JSON object.
    pub fn from_body(text: &'e str) -> Self {
        Self::from_object(text, Dialect::FilterPolicy, &Everything)
    }

    /// An event in JSON, with its envelope, for event patterns. Nothing matches one that is not a JSON object.
    pub fn from_json(text: &'e str) -> Self {
        Self::from_object(text, Dialect::EventPattern, &Everything)
    }

    /// The same, of what is asked for.
    pub(in crate::pattern) fn from_json_as_asked(text: &'e str, asked: &impl Asked) -> Self {
        Self::from_object(text, Dialect::EventPattern, asked)
    }

    fn from_object(text: &'e str, dialect: Dialect, asked: &impl Asked) -> Self {
        let mut event = Self::empty(dialect);
        event.fields.reserve(LISTED);
        let mut reader = Reader::new(text);
        if !matches!(reader.next(), Ok(Some(Token::ObjectStart))) {
            return event;
        }
        let root = Open::at(0, asked.start());
        if event.load(&mut reader, root, asked).is_ok() {
            event.contents = Contents::Some;
        }
        event
    }

    /// A value in JSON, as that of a field; of a list the elements. False if it is not JSON: then what was read before
    /// the fault is there, and must not be used.
    pub(super) fn load_value(&mut self, field: FieldId, text: &'e str) -> bool {
        let mut reader = Reader::new(text);
        let around = Open::at(field, ());
        self.load(&mut reader, around, &Everything).is_ok()
    }

    /// Reads a text, or the rest of one whose first bracket has been read, as the contents of `first`. Arrays are
    /// transparent: their elements belong to the field that has the array as its value.
    fn load<A: Asked>(
        &mut self,
        reader: &mut Reader<'e>,
        first: Open<A::Path>,
        asked: &A,
    ) -> Result<(), SyntaxError> {
        let mut open = vec![first];
        while let Some(token) = reader.next()? {
            let Some(around) = open.last_mut() else {
                break;
            };
            let (field, place) = (around.field, around.place);
            match token {
                Token::Name(name) => match follow(asked, around.own_path, &name) {
                    Some(path) => {
                        around.path = path;
                        around.field = self.intern(around.own, name);
                    }
                    None => pass_over(reader)?,
                },
                Token::ObjectStart => {
                    let place = match around.array {
                        Some(array) => self.places.add_element(array),
                        None => place,
                    };
                    let inside = around.inside(place, None);
                    open.push(inside);
                }
                Token::ArrayStart => {
                    let outer = match around.array {
                        Some(array) => self.places.add_element(array),
                        None => place,
                    };
                    let array = self.places.add_array(outer);
                    let inside = around.inside(outer, Some(array));
                    open.push(inside);
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

/// The path with a further name, whose dots part it.
fn follow<A: Asked>(asked: &A, path: A::Path, name: &str) -> Option<A::Path> {
    if !name.as_bytes().contains(&b'.') {
        return asked.follow(path, name);
    }
    let mut parts = name.split('.');
    parts.try_fold(path, |path, part| asked.follow(path, part))
}

/// Reads a value that nobody asks for.
fn pass_over(reader: &mut Reader<'_>) -> Result<(), SyntaxError> {
    let mut depth = 0_usize;
    loop {
        match reader.next()? {
            Some(Token::ObjectStart | Token::ArrayStart) => depth += 1,
            Some(Token::ObjectEnd | Token::ArrayEnd) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Ok(());
        }
    }
}
