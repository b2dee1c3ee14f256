//! Exports: what is written of what there is, and that it can be read again.
