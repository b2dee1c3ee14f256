//! The actions of STS: one file each, named after the action, and their list.

mod get_caller_identity;

use super::{Error, Sts};
use crate::services::operations;

operations! { Sts: GetCallerIdentity => get_caller_identity }
