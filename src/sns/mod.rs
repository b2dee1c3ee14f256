//! Amazon SNS. This part is delivery over HTTP and the policies that steer it.

pub mod delivery;
pub mod delivery_policy;
