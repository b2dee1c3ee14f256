//! Pages of a listing, and the tokens that lead from one to the next.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefused {
    /// It is not one of this service's tokens.
    Unreadable,
    /// It belongs to a request with other parameters.
    OtherRequest,
}

/// One page of a listing, and the token of the next page where there is one.
#[derive(Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The token of the next page.
    pub next_token: Option<String>,
}

/// The page of at most `size` items that begins where `token` says. `list` gives so many of the items whose name comes
/// after the given one, in the order of their `name`s, which is called for one of them only.
///
/// `request` stands for the request's other parameters: a token is valid only for the same request as the one that
/// returned it.
pub fn page<T>(
    size: usize,
    request: &str,
    token: Option<&str>,
    name: impl Fn(&T) -> String,
    list: impl FnOnce(Option<&str>, usize) -> Vec<T>,
) -> Result<Page<T>, TokenRefused> {
    let previous = token.map(|token| read(token, request)).transpose()?;
    let mut items = list(previous.as_deref(), size + 1);
    let has_more = items.len() > size;
    items.truncate(size);
    let next_token = match items.last().map(name) {
        Some(name) if has_more => Some(STANDARD.encode(format!("{request}\n{name}"))),
        _ => None,
    };
    Ok(Page { items, next_token })
}

/// The items after the one named `last`, of `items` that are sorted by their `name`.
pub fn after<T>(mut items: Vec<T>, name: impl Fn(&T) -> String, last: Option<&str>) -> Vec<T> {
    if let Some(last) = last {
        items.drain(..items.partition_point(|item| &*name(item) <= last));
    }
    items
}

/// The last name of the page before.
fn read(token: &str, request: &str) -> Result<String, TokenRefused> {
    let bytes = STANDARD
        .decode(token)
        .map_err(|_| TokenRefused::Unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| TokenRefused::Unreadable)?;
    let (of_request, last) = text.rsplit_once('\n').ok_or(TokenRefused::Unreadable)?;
    if of_request == request {
        Ok(last.to_owned())
    } else {
        Err(TokenRefused::OtherRequest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("queue-{n:02}")).collect()
    }

    fn page(
        names: Vec<String>,
        size: usize,
        request: &str,
        token: Option<&str>,
    ) -> Result<Page<String>, TokenRefused> {
        let list = |last: Option<&str>, _| after(names, String::clone, last);
        super::page(size, request, token, String::clone, list)
    }

    #[test]
    fn pages_follow_one_another_and_end() {
        let mut seen = Vec::new();
        let mut token = None;
        loop {
            let page = page(names(7), 3, "q", token.as_deref()).expect("a page");
            seen.extend(page.items);
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, names(7));
        assert_eq!(
            page(names(3), 3, "q", None).expect("a page").next_token,
            None
        );
    }

    #[test]
    fn no_more_is_listed_than_a_page_and_one() {
        let list = |last: Option<&str>, count: usize| {
            assert_eq!((last, count), (None, 4));
            names(count)
        };
        let page = super::page(3, "q", None, String::clone, list).expect("a page");
        assert_eq!(page.items, names(3));
        assert!(page.next_token.is_some());
    }

    #[test]
    fn tokens_fit_only_their_request() {
        let token = page(names(3), 1, "prefix=a", None)
            .expect("a page")
            .next_token;
        assert_eq!(
            page(names(3), 1, "prefix=b", token.as_deref()),
            Err(TokenRefused::OtherRequest)
        );
        for wrong in ["", "!", "YWJj"] {
            assert_eq!(
                page(names(3), 1, "q", Some(wrong)),
                Err(TokenRefused::Unreadable),
                "{wrong}"
            );
        }
    }

    #[test]
    fn names_that_come_and_go_between_pages_do_no_harm() {
        let first = page(names(4), 2, "q", None).expect("a page");
        let mut now = names(4);
        now.remove(1);
        now.insert(0, "aaa".into());
        let second = page(now, 2, "q", first.next_token.as_deref()).expect("a page");
        assert_eq!(second.items, ["queue-02", "queue-03"]);
    }
}
