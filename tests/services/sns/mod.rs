//! SNS: its tables, its deliveries, its listings.

mod delivery;
mod errors;
mod filter_policies;
mod mobile_push;
mod pages;
mod sandbox;
mod subscriptions;
