//! Routes: which operation a method and a path name, and which of its members they hold.

use http::Method;

/// The place of an operation among a service's methods and paths.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The operation's name.
    pub operation: &'static str,
    /// The request's method.
    pub method: &'static str,
    /// The path. A segment `{Member}` stands for one segment of a request's path, `{Member+}` for all that are left.
    pub path: &'static str,
    /// The names of parameters in the query string, each with its member.
    pub query: &'static [(&'static str, &'static str)],
    /// The status of success.
    pub status: u16,
    /// The binary member of the output that is the answer's body.
    pub payload: Option<&'static str>,
}

impl Route {
    /// A route without parameters or payload.
    pub const fn new(
        operation: &'static str,
        method: &'static str,
        path: &'static str,
        status: u16,
    ) -> Self {
        Self {
            operation,
            method,
            path,
            query: &[],
            status,
            payload: None,
        }
    }

    /// The same with parameters in the query string.
    #[must_use]
    pub const fn with_query(self, query: &'static [(&'static str, &'static str)]) -> Self {
        Self { query, ..self }
    }

    /// The same with a member of the output as the answer's body.
    #[must_use]
    pub const fn with_payload(self, member: &'static str) -> Self {
        Self {
            payload: Some(member),
            ..self
        }
    }

    /// The route of this method and path.
    pub fn find(routes: &'static [Self], method: &Method, path: &str) -> Option<&'static Self> {
        let mut routes = routes.iter();
        routes.find(|route| route.method == method.as_str() && route.labels(path).is_some())
    }

    /// The members in a path of this route, with their values as they stand there; none if it is another's path.
    pub fn labels<'p>(&self, path: &'p str) -> Option<Vec<(&'static str, &'p str)>> {
        let mut labels = Vec::new();
        let mut rest = Some(path.strip_prefix('/')?);
        for expected in self.path.strip_prefix('/')?.split('/') {
            let left = rest?;
            let label = expected
                .strip_prefix('{')
                .and_then(|label| label.strip_suffix('}'));
            let greedy = label.and_then(|label| label.strip_suffix('+'));
            let (segment, after) = match (greedy, left.split_once('/')) {
                (None, Some((segment, after))) => (segment, Some(after)),
                _ => (left, None),
            };
            match greedy.or(label) {
                Some(member) if !segment.is_empty() => labels.push((member, segment)),
                None if segment == expected => {}
                _ => return None,
            }
            rest = after;
        }
        rest.is_none().then_some(labels)
    }

    /// Whether a member's value comes in the path or the query string.
    pub(super) fn binds(&self, member: &str) -> bool {
        let is_label = |segment: &str| {
            let label = segment
                .strip_prefix('{')
                .and_then(|label| label.strip_suffix('}'));
            label.is_some_and(|label| label.strip_suffix('+').unwrap_or(label) == member)
        };
        self.query.iter().any(|(_, bound)| *bound == member) || self.path.split('/').any(is_label)
    }

    /// Whether the members of a request with this method can be in its body.
    pub(super) fn has_body(&self) -> bool {
        !matches!(self.method, "GET" | "HEAD" | "DELETE")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static ROUTES: [Route; 4] = [
        Route::new("List", "GET", "/v1/things", 200),
        Route::new("Search", "GET", "/v1/things/search", 200),
        Route::new("Describe", "GET", "/v1/things/{Name}", 200),
        Route::new("Read", "GET", "/v1/files/{Folder}/{Path+}", 200),
    ];

    fn found(path: &str) -> Option<(&'static str, Vec<(&'static str, &str)>)> {
        let route = Route::find(&ROUTES, &Method::GET, path)?;
        Some((route.operation, route.labels(path)?))
    }

    #[test]
    fn a_path_is_of_the_first_route_that_it_fits() {
        assert_eq!(found("/v1/things"), Some(("List", vec![])));
        assert_eq!(found("/v1/things/search"), Some(("Search", vec![])));
        let labels = vec![("Name", "a%2Fb")];
        assert_eq!(found("/v1/things/a%2Fb"), Some(("Describe", labels)));
        let labels = vec![("Folder", "a"), ("Path", "b/c/d")];
        assert_eq!(found("/v1/files/a/b/c/d"), Some(("Read", labels)));
    }

    #[test]
    fn other_paths_are_of_none() {
        for path in [
            "",
            "/",
            "v1/things",
            "/v1",
            "/v1/things/",
            "/v1/things/a/b",
            "/v1/files/a",
            "/v1/files/a/",
            "/v2/things",
        ] {
            assert_eq!(found(path), None, "{path}");
        }
        assert!(Route::find(&ROUTES, &Method::POST, "/v1/things").is_none());
    }
}
