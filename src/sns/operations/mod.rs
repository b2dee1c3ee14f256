//! The actions of SNS: one file each, named after the action, and their list.
//!
//! An action is its input, its output and `call`. To add one: its file, its `mod` line and its entry in the list below.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch hands each action its input"
)]

mod check_if_phone_number_is_opted_out;
mod create_platform_application;
mod create_platform_endpoint;
mod create_sms_sandbox_phone_number;
mod delete_endpoint;
mod delete_platform_application;
mod delete_sms_sandbox_phone_number;
mod get_endpoint_attributes;
mod get_platform_application_attributes;
mod get_sms_attributes;
mod get_sms_sandbox_account_status;
mod list_endpoints_by_platform_application;
mod list_origination_numbers;
mod list_phone_numbers_opted_out;
mod list_platform_applications;
mod list_sms_sandbox_phone_numbers;
mod list_topics;
mod opt_in_phone_number;
mod pages;
mod required;
mod sandbox;
mod set_endpoint_attributes;
mod set_platform_application_attributes;
mod set_sms_attributes;
mod verify_sms_sandbox_phone_number;

use super::Sns;
use super::error::Error;
use crate::operations::operations;
use crate::wire::{Answer, Call};

operations! {
    Sns:
    CheckIfPhoneNumberIsOptedOut => check_if_phone_number_is_opted_out,
    CreatePlatformApplication => create_platform_application,
    CreatePlatformEndpoint => create_platform_endpoint,
    CreateSMSSandboxPhoneNumber => create_sms_sandbox_phone_number,
    DeleteEndpoint => delete_endpoint,
    DeletePlatformApplication => delete_platform_application,
    DeleteSMSSandboxPhoneNumber => delete_sms_sandbox_phone_number,
    GetEndpointAttributes => get_endpoint_attributes,
    GetPlatformApplicationAttributes => get_platform_application_attributes,
    GetSMSAttributes => get_sms_attributes,
    GetSMSSandboxAccountStatus => get_sms_sandbox_account_status,
    ListEndpointsByPlatformApplication => list_endpoints_by_platform_application,
    ListOriginationNumbers => list_origination_numbers,
    ListPhoneNumbersOptedOut => list_phone_numbers_opted_out,
    ListPlatformApplications => list_platform_applications,
    ListSMSSandboxPhoneNumbers => list_sms_sandbox_phone_numbers,
    ListTopics => list_topics,
    OptInPhoneNumber => opt_in_phone_number,
    SetEndpointAttributes => set_endpoint_attributes,
    SetPlatformApplicationAttributes => set_platform_application_attributes,
    SetSMSAttributes => set_sms_attributes,
    VerifySMSSandboxPhoneNumber => verify_sms_sandbox_phone_number,
}

impl Sns {
    /// Answers a call.
    pub async fn answer(&self, call: &Call<'_>) -> Answer {
        match self.dispatch(call).await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => call.refuse(&error.info()),
            None => {
                let version = call.parameter("Version").unwrap_or("NO_VERSION_SPECIFIED");
                let error = Error::UnknownOperation {
                    action: call.operation.to_string(),
                    version: version.to_owned(),
                };
                call.refuse_unserved(&error.info())
            }
        }
    }
}
