//! Routes of topiq's own HTTP API as data: what is not an operation of AWS's.
//!
//! A service lists its routes over its own state; the admin API assembles the lists into one [`Table`]. A [`Route`] says
//! its method, path, parameters and answer by types, from which its description for `OpenAPI` follows. In reading order:
//! [`Route`], `parameter` for what a client gives, `answer` for what it gets, `schema` for the shape of both, `since` and
//! `listing` for what the routes to logs and the listings by name share; `table` finds the route of a request.

mod answer;
mod listing;
mod parameter;
mod schema;
mod since;
mod table;

use std::fmt;
use std::pin::Pin;

use http::Method;

pub use answer::{Answer, Content, Json, Media, NoContent, Refusal};
pub use listing::{Limit, Listed, Listing};
#[cfg(test)]
pub(crate) use parameter::object;
pub use parameter::{Given, Location, Parameter};
pub use schema::{Member, Schema};
pub use since::Since;
pub use table::{Question, Table};

/// An answer that may have to wait. One that streams would be a further kind of [`Answer`].
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An answer that need not wait.
pub fn now<'a, T: Send + 'a>(answer: T) -> Waiting<'a, T> {
    Box::pin(std::future::ready(answer))
}

/// The parameters that a route takes, read.
pub trait Query: Sized {
    /// Their descriptions. A request with others is refused.
    const PARAMETERS: &'static [Parameter];

    /// The shape of the JSON in a request's body, if it must have one.
    const BODY: Option<Schema> = None;

    /// Reads the parameters of a request.
    fn read(given: &Given<'_>) -> Result<Self, Refusal>;
}

impl Query for () {
    const PARAMETERS: &'static [Parameter] = &[];

    fn read(_: &Given<'_>) -> Result<Self, Refusal> {
        Ok(())
    }
}

/// What a route is to a reader of the API.
#[derive(Clone, Debug)]
pub struct Description {
    /// The method. `GET` answers `HEAD` too.
    pub method: Method,
    /// The path; what `{name}` in it stands for is the rest of a request's path.
    pub path: &'static str,
    /// What the route does, in a sentence.
    pub summary: &'static str,
    /// The parameters it takes.
    pub parameters: &'static [Parameter],
    /// The shape of the JSON in a request's body, if it must have one.
    pub body: Option<Schema>,
    /// The status of its answer.
    pub status: u16,
    /// What its answer may be; nothing of an empty one.
    pub media: &'static [Media],
}

type Handler<S> =
    Box<dyn for<'s, 'g> Fn(&'s S, &Given<'g>) -> Waiting<'s, Answer> + Send + Sync + 'static>;

/// A method of a path, over the state `S`.
pub struct Route<S> {
    description: Description,
    handler: Handler<S>,
}

impl<S> fmt::Debug for Route<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.description.fmt(f)
    }
}

impl<S: 'static> Route<S> {
    /// A route whose answers `handler` makes.
    pub fn new<Q: Query + 'static, C: Content + 'static>(
        method: Method,
        path: &'static str,
        summary: &'static str,
        handler: for<'s> fn(&'s S, Q) -> Waiting<'s, Result<C, Refusal>>,
    ) -> Self {
        let description = Description {
            method,
            path,
            summary,
            parameters: Q::PARAMETERS,
            body: Q::BODY,
            status: C::STATUS,
            media: C::MEDIA,
        };
        let handler: Handler<S> = Box::new(move |state, given| match Q::read(given) {
            Ok(query) => {
                let answering = handler(state, query);
                Box::pin(async move {
                    match answering.await {
                        Ok(content) => content.into_answer(),
                        Err(refusal) => refusal.into_answer(),
                    }
                })
            }
            Err(refusal) => now(refusal.into_answer()),
        });
        Self {
            description,
            handler,
        }
    }

    /// A route that always answers the same.
    pub fn fixed(description: Description, answer: Answer) -> Self {
        Self {
            description,
            handler: Box::new(move |_, _| now(answer.clone())),
        }
    }

    /// The route over a state of which its own is a part.
    pub fn within<W: 'static>(self, part: fn(&W) -> &S) -> Route<W> {
        let handler = self.handler;
        Route {
            description: self.description,
            handler: Box::new(move |whole, given| handler(part(whole), given)),
        }
    }

    /// What the route is to a reader of the API.
    pub const fn description(&self) -> &Description {
        &self.description
    }
}

#[cfg(test)]
mod tests;
