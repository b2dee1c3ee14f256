//! The actions of STS: one file each, named after the action, and their list.

mod get_caller_identity;

use super::{Error, Sts};

operations! { Sts: GetCallerIdentity => get_caller_identity }
