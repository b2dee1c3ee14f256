//! The short format: what it becomes, and what it refuses.
