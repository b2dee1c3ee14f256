//! The paths that a source names, anywhere: in `use` with groups within groups, in code, in macros. Comments and
//! texts in quotes name nothing.

/// A path that a source names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The line, from 1.
    pub(crate) line: usize,
    /// Its words. Those of the crate begin with `crate`, whether the source has `crate`, `self` or `super`.
    pub(crate) words: Vec<String>,
}

/// Every path of two words or more in `text`, which is the source of `module`.
pub(crate) fn paths(text: &str, module: &[String]) -> Vec<Named> {
    let tokens = tokens(text);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        module: module.to_vec(),
        inline: Vec::new(),
        depth: 0,
        named: Vec::new(),
    };
    while reader.at < tokens.len() {
        reader.step();
    }
    reader.named
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Separator,
    Other(char),
}

struct Reader<'a> {
    tokens: &'a [(usize, Token)],
    at: usize,
    /// The module that is being read: the file's, and modules within it.
    module: Vec<String>,
    /// The depth of braces at which each module within the file begins.
    inline: Vec<usize>,
    depth: usize,
    named: Vec<Named>,
}

impl Reader<'_> {
    fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(_, token)| token)
    }

    fn word(&self, ahead: usize) -> Option<String> {
        match self.token(ahead)? {
            Token::Word(word) => Some(word.clone()),
            _ => None,
        }
    }

    fn step(&mut self) {
        if let (Some("mod"), Some(name), Some(Token::Other('{'))) =
            (self.word(0).as_deref(), self.word(1), self.token(2))
        {
            self.module.push(name);
            self.inline.push(self.depth);
            self.depth += 1;
            self.at += 3;
            return;
        }
        match self.token(0) {
            Some(Token::Word(_)) if self.token(1) == Some(&Token::Separator) => {
                self.tree(Vec::new());
                return;
            }
            Some(Token::Other('{')) => self.depth += 1,
            Some(Token::Other('}')) => {
                self.depth = self.depth.saturating_sub(1);
                if self.inline.last() == Some(&self.depth) {
                    self.inline.pop();
                    self.module.pop();
                }
            }
            _ => {}
        }
        self.at += 1;
    }

    /// Reads what follows `before`: the rest of a path, or a group of them.
    fn tree(&mut self, before: Vec<String>) {
        let mut words = before;
        loop {
            match self.token(0).cloned() {
                Some(Token::Word(word)) => {
                    self.push(&mut words, &word);
                    self.at += 1;
                    if self.token(0) != Some(&Token::Separator) {
                        return self.name(words);
                    }
                    self.at += 1;
                }
                Some(Token::Other('{')) => {
                    self.at += 1;
                    return self.group(&words);
                }
                Some(Token::Other('*')) => {
                    self.at += 1;
                    return self.name(words);
                }
                // Such as the `<` of generic arguments.
                _ => return self.name(words),
            }
        }
    }

    fn group(&mut self, words: &[String]) {
        loop {
            match self.token(0) {
                None => return,
                Some(Token::Other('}')) => {
                    self.at += 1;
                    return;
                }
                Some(Token::Word(word)) if word != "as" => self.tree(words.to_vec()),
                Some(Token::Word(_)) => self.at += 2,
                Some(Token::Other('{')) => {
                    self.at += 1;
                    self.group(words);
                }
                Some(Token::Other('*')) => self.tree(words.to_vec()),
                Some(_) => self.at += 1,
            }
        }
    }

    fn push(&self, words: &mut Vec<String>, word: &str) {
        let own = || std::iter::once("crate".to_owned()).chain(self.module.iter().cloned());
        match word {
            "self" if words.is_empty() => words.extend(own()),
            "self" => {}
            "super" => {
                if words.is_empty() {
                    words.extend(own());
                }
                words.pop();
            }
            word => words.push(word.to_owned()),
        }
    }

    fn name(&mut self, words: Vec<String>) {
        let line = self.tokens[self.at.saturating_sub(1)].0;
        self.named.push(Named { line, words });
    }
}

fn tokens(text: &str) -> Vec<(usize, Token)> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < letters.len() {
        let begin = at;
        let rest = &letters[at..];
        match rest {
            ['/', '/', ..] => at += rest.iter().take_while(|c| **c != '\n').count(),
            ['/', '*', ..] => at += comment(rest),
            ['"', ..] => at += quoted(rest),
            ['\'', '\\', ..] => at += 3 + rest[3..].iter().take_while(|c| **c != '\'').count() + 1,
            ['\'', _, '\'', ..] => at += 3,
            [':', ':', ..] => {
                tokens.push((line, Token::Separator));
                at += 2;
            }
            [c, ..] if is_of_word(*c) => {
                let length = rest.iter().take_while(|c| is_of_word(**c)).count();
                let word: String = rest[..length].iter().collect();
                let raw = raw_text(&rest[length..]).filter(|_| ["r", "br", "cr"].contains(&&*word));
                at += length + raw.unwrap_or_default();
                if raw.is_none() {
                    tokens.push((line, Token::Word(word)));
                }
            }
            [c, ..] => {
                if !c.is_whitespace() {
                    tokens.push((line, Token::Other(*c)));
                }
                at += 1;
            }
            [] => {}
        }
        at = at.min(letters.len());
        line += letters[begin..at].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a comment, which may have others within.
fn comment(letters: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < letters.len() {
        match &letters[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a text in quotes.
fn quoted(letters: &[char]) -> usize {
    let mut at = 1;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The length of a raw text after its `r`, if it is one.
fn raw_text(letters: &[char]) -> Option<usize> {
    let hashes = letters.iter().take_while(|c| **c == '#').count();
    if letters.get(hashes) != Some(&'"') {
        return None;
    }
    let ends = |at: &usize| {
        let after = letters[at + 1..].iter();
        letters[*at] == '"' && after.take(hashes).filter(|c| **c == '#').count() == hashes
    };
    let end = (hashes + 1..letters.len()).find(ends);
    Some(end.map_or(letters.len(), |end| end + 1 + hashes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let module = ["services".to_owned(), "sqs".to_owned()];
        let found = paths(text, &module).into_iter();
        let found: Vec<_> = found
            .map(|named| format!("{} {}", named.line, named.words.join("::")))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn paths_are_found_in_groups_and_in_code() {
        check("use crate::a::B;", &["1 crate::a::B"]);
        check(
            "use crate::{\n    a::{self, B as C},\n    d::*,\n    e,\n};",
            &["2 crate::a", "2 crate::a::B", "3 crate::d", "4 crate::e"],
        );
        check(
            "pub(in crate::a) fn f(x: &crate::b::C<'_>) {}",
            &["1 crate::a", "1 crate::b::C"],
        );
        check(
            "f::<u8>(std::iter::empty::<T>())",
            &["1 f", "1 std::iter::empty"],
        );
        check("$crate::a!()", &["1 crate::a"]);
        check("use crate::{*, a::*};", &["1 crate", "1 crate::a"]);
    }

    #[test]
    fn relative_paths_are_resolved() {
        check("use super::x;", &["1 crate::services::x"]);
        check(
            "use super::super::{x, y::Z};",
            &["1 crate::x", "1 crate::y::Z"],
        );
        check("use self::x;", &["1 crate::services::sqs::x"]);
        check(
            "mod tests {\n use super::*;\n fn f() {}\n}\nuse super::x;",
            &["2 crate::services::sqs", "5 crate::services::x"],
        );
    }

    #[test]
    fn comments_and_texts_name_nothing() {
        check(
            "// crate::a\n/* crate::b /* */ crate::c */ d::e",
            &["2 d::e"],
        );
        check(
            r##"f("crate::a \" crate::b", r#"crate::"c"#, br"crate::d", '"', '\'', e::f)"##,
            &["1 e::f"],
        );
        check(
            "fn f<'a>(x: &'a crate::b::C) -> char { 'x' }",
            &["1 crate::b::C"],
        );
    }
}
