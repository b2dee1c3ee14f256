//! AWS JSON 1.0 and 1.1: bodies straight to and from an operation's types.
