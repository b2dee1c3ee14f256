//! Tests that are joined by `&&`, `||` and parentheses.

use super::Refused;
use super::reader::Reader;

/// How deep parentheses go at most.
const DEPTH: usize = 64;

/// A test, or several: `&&` binds more closely than `||`.
#[derive(Debug)]
pub(super) enum Expression<T> {
    Test(T),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl<T> Expression<T> {
    /// Reads an expression; `test` reads one test.
    pub(super) fn read<'p>(
        reader: &mut Reader<'p>,
        test: &mut impl FnMut(&mut Reader<'p>) -> Result<T, Refused>,
    ) -> Result<Self, Refused> {
        Self::any(reader, test, 0)
    }

    fn any<'p>(
        reader: &mut Reader<'p>,
        test: &mut impl FnMut(&mut Reader<'p>) -> Result<T, Refused>,
        depth: usize,
    ) -> Result<Self, Refused> {
        let mut parts = vec![Self::all(reader, test, depth)?];
        while next_is(reader, "||") {
            parts.push(Self::all(reader, test, depth)?);
        }
        Ok(join(parts, Self::Any))
    }

    fn all<'p>(
        reader: &mut Reader<'p>,
        test: &mut impl FnMut(&mut Reader<'p>) -> Result<T, Refused>,
        depth: usize,
    ) -> Result<Self, Refused> {
        let mut parts = vec![Self::one(reader, test, depth)?];
        while next_is(reader, "&&") {
            parts.push(Self::one(reader, test, depth)?);
        }
        Ok(join(parts, Self::All))
    }

    fn one<'p>(
        reader: &mut Reader<'p>,
        test: &mut impl FnMut(&mut Reader<'p>) -> Result<T, Refused>,
        depth: usize,
    ) -> Result<Self, Refused> {
        if !next_is(reader, "(") {
            return test(reader).map(Self::Test);
        }
        if depth == DEPTH {
            return Err(Refused::Invalid);
        }
        let within = Self::any(reader, test, depth + 1)?;
        reader.expect(")")?;
        Ok(within)
    }

    /// Whether it holds, where `test` says of a test whether it does.
    pub(super) fn holds(&self, test: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Test(one) => test(one),
            Self::All(parts) => parts.iter().all(|part| part.holds(test)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(test)),
        }
    }
}

fn next_is(reader: &mut Reader<'_>, sign: &str) -> bool {
    reader.skip_blanks();
    reader.eat(sign)
}

fn join<T>(
    mut parts: Vec<Expression<T>>,
    several: fn(Vec<Expression<T>>) -> Expression<T>,
) -> Expression<T> {
    match parts.len() {
        1 => parts.remove(0),
        _ => several(parts),
    }
}
