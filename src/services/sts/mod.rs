//! AWS STS, as far as tools probe it: the caller's identity.
//!
//! `operations` holds one file per AWS action and their list. It keeps nothing.

mod operations;

use crate::services::{Environment, Service};
use crate::wire::{
    AwsQuery, DecodeError, ErrorInfo, Hosts, Protocols, ServiceModel, Speaks, names, query_json,
    xml,
};

/// The service.
#[derive(Debug)]
pub struct Sts;

/// The only error of STS here: a request that is not a valid input of the operation.
#[derive(Debug)]
struct Error(DecodeError);

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self(error)
    }
}

impl Error {
    fn info(self) -> ErrorInfo {
        self.0.into()
    }
}

impl Speaks for Sts {
    const MODEL: &'static ServiceModel = &ServiceModel {
        name: "sts",
        signing_name: "sts",
        hosts: Hosts {
            prefix: "sts",
            legacy_suffix: None,
        },
        owns_path: ServiceModel::owns_no_path,
        links: &[],
        protocols: Protocols {
            json: None,
            query: Some(AwsQuery {
                version: "2011-06-15",
                xml: xml::Style {
                    namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
                    declaration: false,
                    pretty: true,
                    detail: false,
                },
                json: query_json::Style::PLAIN,
                names: names::plain,
            }),
            cbor: false,
            rest_json: None,
        },
        operations: Self::OPERATIONS,
    };
}

impl Service for Sts {
    fn new(_environment: &Environment) -> Self {
        Self
    }
}
