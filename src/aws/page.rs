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

/// The page of at most `size` items that begins where `token` says. The items are sorted by their `name`, which is
/// called for only a few of them.
///
/// `request` stands for the request's other parameters: a token is valid only for the same request as the one that
/// returned it.
pub fn page<T>(
    mut items: Vec<T>,
    name: impl Fn(&T) -> String,
    size: usize,
    request: &str,
    token: Option<&str>,
) -> Result<Page<T>, TokenRefused> {
    if let Some(token) = token {
        let last = read(token, request)?;
        items.drain(..items.partition_point(|item| name(item) <= last));
    }
    let has_more = items.len() > size;
    items.truncate(size);
    let next_token = match items.last().map(name) {
        Some(last) if has_more => Some(STANDARD.encode(format!("{request}\n{last}"))),
        _ => None,
    };
    Ok(Page { items, next_token })
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
        super::page(names, String::clone, size, request, token)
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
