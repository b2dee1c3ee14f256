//! All routes together, and the route of a request.

use http::Method;
use percent_encoding::percent_decode_str;

use super::{Answer, Description, Given, Refusal, Route};
use crate::aws::Home;
use crate::ids::RequestId;

/// Paths under which all are topiq's own, known or not.
const OWN: [&str; 3] = ["/_topiq", "/_aws", "/_localstack"];

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Its method.
    pub method: &'a Method,
    /// Its path, as it came.
    pub path: &'a str,
    /// Its query string, as it came.
    pub query: &'a str,
    /// Its header `Accept`, if it has one.
    pub accept: &'a str,
    /// Its body.
    pub body: &'a [u8],
    /// Its id.
    pub request_id: RequestId,
    /// The account and region that it is about if it names none.
    pub home: Home,
}

/// Routes by path and method.
#[derive(Debug)]
pub struct Table<S> {
    routes: Vec<Route<S>>,
    /// What paths outside [`OWN`] begin with.
    outside: Vec<&'static str>,
}

impl<S: 'static> Table<S> {
    /// A table of these routes. Where several have a request's path, the first counts.
    pub fn new(routes: Vec<Route<S>>) -> Self {
        let paths = routes.iter().map(|route| route.description.path);
        let outside = paths
            .filter(|path| !is_own(path))
            .map(|path| fixed_part(path));
        Self {
            outside: outside.collect(),
            routes,
        }
    }

    /// Whether a path is one of these or under topiq's own, known or not: no AWS request has it.
    pub fn has(&self, path: &str) -> bool {
        // Nearly every AWS request has the first path.
        path != "/" && (is_own(path) || self.outside.iter().any(|start| path.starts_with(start)))
    }

    /// What the routes are to a reader of the API, in their order.
    pub fn descriptions(&self) -> impl Iterator<Item = &Description> {
        self.routes.iter().map(|route| &route.description)
    }

    /// Answers a request whose path the table [`has`](Self::has).
    pub async fn answer(&self, state: &S, question: &Question<'_>) -> Answer {
        let Ok(path) = percent_decode_str(question.path).decode_utf8() else {
            return Refusal::new(400, "The path is not UTF-8.").into_answer();
        };
        let Some(at_path) = self.at(&path) else {
            let message = format!("There is nothing at {path}.");
            return Refusal::new(404, message).into_answer();
        };
        let method = match question.method {
            &Method::HEAD => &Method::GET,
            method => method,
        };
        let mut routes = at_path.routes.iter();
        let Some(route) = routes.find(|route| route.description.method == method) else {
            return at_path.no_such_method(&path);
        };
        let parameters = route.description.parameters;
        let given = Given::parse(parameters, at_path.variable, question);
        match given {
            Ok(given) => (route.handler)(state, &given).await,
            Err(refusal) => refusal.into_answer(),
        }
    }

    fn at<'t>(&'t self, path: &'t str) -> Option<AtPath<'t, S>> {
        let mut routes = self.routes.iter();
        let (template, variable) = routes.find_map(|route| {
            let template = route.description.path;
            Some((template, variable(template, path)?))
        })?;
        let routes = self.routes.iter();
        Some(AtPath {
            routes: routes
                .filter(|route| route.description.path == template)
                .collect(),
            variable,
        })
    }
}

/// The routes that have a request's path.
struct AtPath<'t, S> {
    routes: Vec<&'t Route<S>>,
    variable: &'t str,
}

impl<S> AtPath<'_, S> {
    fn no_such_method(&self, path: &str) -> Answer {
        let methods = self.routes.iter();
        let methods: Vec<_> = methods
            .map(|route| route.description.method.as_str())
            .collect();
        let methods = methods.join(", ");
        let refusal = Refusal::new(405, format!("{path} takes {methods}."));
        Answer {
            allow: Some(methods),
            ..refusal.into_answer()
        }
    }
}

fn is_own(path: &str) -> bool {
    OWN.iter().any(|start| {
        let rest = path.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// What a template has before its variable, or all of it.
fn fixed_part(template: &'static str) -> &'static str {
    template.split('{').next().unwrap_or(template)
}

/// What a path has in the place of a template's variable: nothing where the template has none.
fn variable<'p>(template: &str, path: &'p str) -> Option<&'p str> {
    match template.split_once('{') {
        Some((start, _)) => path.strip_prefix(start),
        None => (template == path).then_some(""),
    }
}
