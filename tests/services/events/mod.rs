//! EventBridge: its tables.

mod put_events;
