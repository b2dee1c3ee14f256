//! Words that AWS's services share: accounts, regions, ARNs, callers, maps by name, attributes, tags, model validation,
//! batches, pages, dates, well-formed texts and resource policies.
//!
//! In reading order: [`account`], [`region`], [`home`], [`arn`], [`fifo`], [`caller`], [`batch`], `named`, [`page`],
//! [`message`], [`attributes`], [`characters`], `tags`, [`validation`], `calendar`, [`policy`], `access`.

pub(crate) mod access;
pub mod account;
pub mod arn;
pub mod attributes;
pub mod batch;
pub(crate) mod calendar;
pub mod caller;
pub mod characters;
pub mod fifo;
pub mod home;
pub mod message;
pub(crate) mod named;
pub mod page;
pub mod policy;
pub mod region;
pub(crate) mod tags;
pub mod validation;

pub use account::AccountId;
pub use arn::Arn;
pub use caller::Caller;
pub use fifo::is_fifo_name;
pub use home::Home;
pub(crate) use named::{Named, NotAdded};
pub(crate) use policy::matches_pattern;
pub use region::Region;
