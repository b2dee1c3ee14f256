//! How a service names the members of its structures in forms and XML, where that differs from JSON.
//!
//! serde gives a codec a structure's name and its members; all that it cannot know is here. A service has one function
//! of type [`Names`], which the Query codec reads in one direction and the XML codec in the other.

/// The form of a structure's member in forms and XML. Both names are as serde knows them: the Rust type's name,
/// and the member's name in JSON.
pub type Names = fn(structure: &str, member: &'static str) -> MemberName;

/// The name and shape of one member in forms and XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberName {
    /// Its name.
    pub name: &'static str,
    /// Another name under which forms may hold it; never written.
    pub also: Option<&'static str>,
    /// The words around its elements, if it is a list or a map.
    pub shape: &'static Shape,
}

impl MemberName {
    /// A member with this name and shape.
    pub const fn new(name: &'static str, shape: &'static Shape) -> Self {
        Self {
            name,
            also: None,
            shape,
        }
    }
}

/// The words around the elements of a list or a map. Smithy: `xmlFlattened`, and `xmlName` on the target's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Whether the elements repeat the member's own name (`Tag.1.Key`) rather than stand inside it
    /// (`Tags.entry.1.key`).
    pub flattened: bool,
    /// Around a list's element, unless flattened.
    pub item: &'static str,
    /// Around a map's entry, unless flattened.
    pub entry: &'static str,
    /// Around an entry's key.
    pub key: &'static str,
    /// Around an entry's value.
    pub value: &'static str,
    /// Whether a form may not hold it empty, as its bare name: AWS refuses that of one action.
    pub refuses_empty: bool,
    /// The XML namespaces that the elements declare. No service we know declares one; Smithy's cases do.
    pub namespaces: Option<&'static Namespaces>,
}

impl Shape {
    /// The default of Smithy's Query protocol.
    pub const PLAIN: Self = Self {
        flattened: false,
        item: "member",
        entry: "entry",
        key: "key",
        value: "value",
        refuses_empty: false,
        namespaces: None,
    };

    /// A list or map that repeats its member's name.
    pub const FLATTENED: Self = Self {
        flattened: true,
        ..Self::PLAIN
    };

    /// The same shape, never empty.
    #[must_use]
    pub const fn refusing_empty(self) -> Self {
        Self {
            refuses_empty: true,
            ..self
        }
    }

    /// The same shape with these words for keys and values.
    #[must_use]
    pub const fn with_words(self, key: &'static str, value: &'static str) -> Self {
        Self { key, value, ..self }
    }
}

/// An attribute that declares an XML namespace: its name (`xmlns`, `xmlns:prefix`) and the namespace.
pub type Namespace = Option<(&'static str, &'static str)>;

/// The XML namespaces that a member's elements declare. Smithy: `xmlNamespace`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Namespaces {
    /// On the member itself; on each of its elements if it is flattened.
    pub member: Namespace,
    /// On each element of a list.
    pub item: Namespace,
    /// On each key.
    pub key: Namespace,
    /// On each value.
    pub value: Namespace,
}

/// The names of a service whose forms and XML use JSON's names, with Smithy's words around lists and maps.
pub fn plain(_structure: &str, member: &'static str) -> MemberName {
    MemberName::new(member, &Shape::PLAIN)
}
