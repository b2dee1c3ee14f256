//! How much work a plan may be, and whether anybody still waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::document::{Key, Node, Value};

/// How much a template's values may take, nested stacks included, in bytes as [`size`] counts them: templates of a few
/// hundred bytes can ask for gigabytes (`Fn::Sub` within `Fn::Sub`), and the largest that AWS takes need a few megabytes.
const MAX_BYTES: usize = 64 << 20;

/// What a value takes besides its texts.
const NODE_BYTES: usize = size_of::<(Key, Node)>();

/// The work on one template, shared by its nested stacks, and the signal to stop that all templates share.
#[derive(Clone, Debug, Default)]
pub struct Work {
    spent: Arc<AtomicUsize>,
    is_stopped: Arc<AtomicBool>,
}

impl Work {
    /// The same signal to stop, and nothing spent yet.
    pub(super) fn of_another_template(&self) -> Self {
        Self {
            spent: Arc::default(),
            is_stopped: self.is_stopped.clone(),
        }
    }

    /// Counts another value with this much text. An error is why the work must end.
    pub(super) fn spend(&self, text_bytes: usize) -> Result<(), String> {
        if self.is_stopped() {
            return Err("topiq was told to stop".to_owned());
        }
        let bytes = NODE_BYTES.saturating_add(text_bytes);
        let before = self.spent.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > MAX_BYTES {
            let limit = MAX_BYTES >> 20;
            return Err(format!(
                "with this the template's values take more than {limit} MiB"
            ));
        }
        Ok(())
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Stops the work when the guard is dropped.
    pub(super) fn until_dropped(&self) -> StopOnDrop {
        StopOnDrop(self.is_stopped.clone())
    }
}

/// Tells [`Work`] to stop when dropped.
pub(super) struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Roughly the memory of a value's texts, and of the values within it.
pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(text) | Value::Text(text) => text.len(),
        Value::List(items) => items
            .iter()
            .map(|item| NODE_BYTES + size(&item.value))
            .sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, item)| NODE_BYTES + key.text.len() + size(&item.value))
            .sum(),
    }
}
