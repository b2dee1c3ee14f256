//! The ways out of SNS: [`http`] posts to HTTP and HTTPS endpoints.

pub mod http;
