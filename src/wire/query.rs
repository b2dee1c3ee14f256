//! AWS Query requests: a form becomes any operation's input.
