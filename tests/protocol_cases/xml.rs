//! Documents as trees, to compare them regardless of white space.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element with its attributes, text and children.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

/// The root of a document. White space around texts is ignored, and so is the order of a map's entries.
pub(crate) fn parse(document: &str) -> Element {
    let mut reader = Reader::from_str(document);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect(document) {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => {
                let element = element(&tag);
                open.last_mut().unwrap().children.push(element);
            }
            Event::End(_) => {
                let mut closed = open.pop().unwrap();
                closed.text = closed.text.trim().into();
                if closed.children.iter().all(is_entry) {
                    closed.children.sort();
                }
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Text(text) => open.last_mut().unwrap().text += &text.xml10_content(),
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?} in {document}"),
        }
    }
    assert_eq!(open.len(), 1, "{document}");
    open.pop().unwrap().children.pop().unwrap()
}

impl Element {
    /// This root without the parts that `expected` leaves out: the cases leave out the namespace, the metadata or both.
    pub(crate) fn like(mut self, expected: &Self) -> Self {
        if expected.attributes.is_empty() {
            self.attributes.clear();
        }
        let metadata = |child: &Element| child.name == "ResponseMetadata";
        if !expected.children.iter().any(metadata) {
            self.children.retain(|child| !metadata(child));
        }
        self
    }
}

fn element(tag: &BytesStart<'_>) -> Element {
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        (
            attribute.key.as_ref().to_owned(),
            attribute.value.into_owned(),
        )
    });
    Element {
        name: tag.name().as_ref().to_owned(),
        attributes: attributes.collect(),
        ..Element::default()
    }
}

/// Whether this is a map's entry, by the names of entries in the cases.
fn is_entry(element: &Element) -> bool {
    ["entry", "myMap", "KVP"].contains(&&*element.name)
}
