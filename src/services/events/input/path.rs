//! JSON paths, as far as EventBridge reads them: `$`, `.name`, `[0]`, and `*` in place of either.

use crate::aws::calendar::digits;

/// A path to values of an event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    /// None for what EventBridge does not read: names in brackets, filters, slices, recursive descent. It finds nothing.
    pub(super) steps: Option<Box<[Step]>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Member(Box<str>),
    Element(usize),
    /// Every member or element.
    All,
}

impl Path {
    pub(super) fn parse(text: &str) -> Self {
        Self { steps: steps(text) }
    }
}

fn steps(text: &str) -> Option<Box<[Step]>> {
    let mut steps = Vec::new();
    let mut rest = text.strip_prefix('$')?;
    while !rest.is_empty() {
        let (step, behind) =
            if let Some(text) = rest.strip_prefix("[*]").or(rest.strip_prefix(".*")) {
                (Step::All, text)
            } else if let Some(text) = rest.strip_prefix('.') {
                let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
                let (name, behind) = text.split_at(end);
                if name.is_empty() {
                    return None;
                }
                (Step::Member(name.into()), behind)
            } else {
                let (index, behind) = rest.strip_prefix('[')?.split_once(']')?;
                (Step::Element(digits(index)?), behind)
            };
        steps.push(step);
        rest = behind;
    }
    Some(steps.into())
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '/')
}
