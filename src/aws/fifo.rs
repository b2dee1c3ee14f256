//! How AWS tells queues and topics that keep order: by the end of their names.

/// Whether a queue or topic of this name is FIFO.
pub fn is_fifo_name(name: &str) -> bool {
    name.strip_suffix(".fifo").is_some()
}
