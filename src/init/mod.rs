//! What exists from the start: files that describe queues, topics and subscriptions, made before the server serves.
//!
//! In reading order: [`plan`] is what both formats become; [`document`] reads YAML and JSON with their lines;
//! [`template`] resolves CloudFormation's templates.

pub mod document;
pub mod plan;
pub mod template;
