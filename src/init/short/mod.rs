//! topiq's own short format: queues, topics, event buses and the like by name, subscriptions inside their topic, targets
//! inside their rule, attributes as AWS names them.
//!
//! ```yaml
//! queues:
//!   orders:
//!     VisibilityTimeout: 60
//!     RedrivePolicy: {deadLetterTargetArn: orders-dlq, maxReceiveCount: 5}
//!   orders-dlq:
//! topics:
//!   order-events:
//!     subscriptions:
//!       - queue: orders
//!         FilterPolicy: {kind: [created, paid]}
//! rules:
//!   orders-placed:
//!     EventPattern: {source: [shop.order]}
//!     targets: [orders]
//! ```
//!
//! AWS's words are in Pascal case, topiq's own in lower case. A bare name can stand for an ARN. In reading order: [`plan`]
//! and its files, `reader` reads a file, its queues and topics; `sections` lists all other sections, which `described`
//! reads; `names` resolves references, [`schema`] describes the format to editors.

mod described;
mod names;
mod reader;
pub mod schema;
mod sections;

use std::sync::Arc;

use super::error::InitError;
use super::plan::{Context, Plan, Resource};
use crate::document::Node;
use names::Known;
pub use names::{Names, parameters};
use reader::{Reader, Tables};

/// A file of this format.
#[derive(Clone, Debug)]
pub struct File<'a> {
    /// As the user named it.
    pub name: Arc<str>,
    /// Its content.
    pub root: &'a Node,
}

/// The plan of the files together: each may refer to resources of another, and of templates, whose names are `names`.
///
/// An error is all that is wrong with them.
pub fn plan(files: &[File<'_>], names: Names, context: &Context) -> Result<Plan, Vec<InitError>> {
    let known = Known::new(files, names, context);
    let tables = Tables::new();
    let mut parts = Parts::default();
    for file in files {
        let reader = Reader {
            file: &file.name,
            known: &known,
            tables: &tables,
        };
        let read = reader.file(file.root, &mut parts);
        parts.errors.extend(read.err());
    }
    parts.into_plan()
}

/// The plan's resources in an order in which they can be created: a dead-letter queue exists before a policy names it.
#[derive(Default)]
struct Parts {
    queues: Vec<Resource>,
    redrive: Vec<Resource>,
    topics: Vec<Resource>,
    subscriptions: Vec<Resource>,
    calls: Vec<Resource>,
    errors: Vec<InitError>,
}

impl Parts {
    fn into_plan(self) -> Result<Plan, Vec<InitError>> {
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let parts = [
            self.queues,
            self.redrive,
            self.topics,
            self.subscriptions,
            self.calls,
        ];
        Ok(Plan {
            resources: parts.into_iter().flatten().collect(),
            ..Plan::default()
        })
    }
}

#[cfg(test)]
mod tests;
