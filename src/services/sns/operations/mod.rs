//! The actions of SNS: one file each, named after the action, and their list.
//!
//! An action is its input, its output and `call`. To add one: its file, its `mod` line and its entry in the list below.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch hands each action its input"
)]

mod add_permission;
mod check_if_phone_number_is_opted_out;
mod confirm_subscription;
mod create_platform_application;
mod create_platform_endpoint;
mod create_sms_sandbox_phone_number;
mod create_topic;
mod data_protection;
mod delete_endpoint;
mod delete_platform_application;
mod delete_sms_sandbox_phone_number;
mod delete_topic;
mod get_data_protection_policy;
mod get_endpoint_attributes;
mod get_platform_application_attributes;
mod get_sms_attributes;
mod get_sms_sandbox_account_status;
mod get_subscription_attributes;
mod get_topic_attributes;
mod list_endpoints_by_platform_application;
mod list_origination_numbers;
mod list_phone_numbers_opted_out;
mod list_platform_applications;
mod list_sms_sandbox_phone_numbers;
mod list_subscriptions;
mod list_subscriptions_by_topic;
mod list_tags_for_resource;
mod list_topics;
mod listing;
mod opt_in_phone_number;
mod pages;
mod publish;
mod publish_batch;
mod put_data_protection_policy;
mod remove_permission;
mod sandbox;
mod set_endpoint_attributes;
mod set_platform_application_attributes;
mod set_sms_attributes;
mod set_subscription_attributes;
mod set_topic_attributes;
mod subscribe;
mod tag_resource;
mod tags;
mod unsubscribe;
mod untag_resource;
mod verify_sms_sandbox_phone_number;

use super::Sns;
use super::error::Error;

operations! {
    Sns:
    AddPermission => add_permission,
    CheckIfPhoneNumberIsOptedOut => check_if_phone_number_is_opted_out,
    ConfirmSubscription => confirm_subscription,
    CreatePlatformApplication => create_platform_application,
    CreatePlatformEndpoint => create_platform_endpoint,
    CreateSMSSandboxPhoneNumber => create_sms_sandbox_phone_number,
    CreateTopic => create_topic,
    DeleteEndpoint => delete_endpoint,
    DeletePlatformApplication => delete_platform_application,
    DeleteSMSSandboxPhoneNumber => delete_sms_sandbox_phone_number,
    DeleteTopic => delete_topic,
    GetDataProtectionPolicy => get_data_protection_policy,
    GetEndpointAttributes => get_endpoint_attributes,
    GetPlatformApplicationAttributes => get_platform_application_attributes,
    GetSMSAttributes => get_sms_attributes,
    GetSMSSandboxAccountStatus => get_sms_sandbox_account_status,
    GetSubscriptionAttributes => get_subscription_attributes,
    GetTopicAttributes => get_topic_attributes,
    ListEndpointsByPlatformApplication => list_endpoints_by_platform_application,
    ListOriginationNumbers => list_origination_numbers,
    ListPhoneNumbersOptedOut => list_phone_numbers_opted_out,
    ListPlatformApplications => list_platform_applications,
    ListSMSSandboxPhoneNumbers => list_sms_sandbox_phone_numbers,
    ListSubscriptions => list_subscriptions,
    ListSubscriptionsByTopic => list_subscriptions_by_topic,
    ListTagsForResource => list_tags_for_resource,
    ListTopics => list_topics,
    OptInPhoneNumber => opt_in_phone_number,
    Publish => publish.await,
    PublishBatch => publish_batch.await [refusal],
    PutDataProtectionPolicy => put_data_protection_policy,
    RemovePermission => remove_permission,
    SetEndpointAttributes => set_endpoint_attributes,
    SetPlatformApplicationAttributes => set_platform_application_attributes,
    SetSMSAttributes => set_sms_attributes,
    SetSubscriptionAttributes => set_subscription_attributes.await,
    SetTopicAttributes => set_topic_attributes,
    Subscribe => subscribe.await,
    TagResource => tag_resource,
    Unsubscribe => unsubscribe,
    UntagResource => untag_resource,
    VerifySMSSandboxPhoneNumber => verify_sms_sandbox_phone_number,
}
