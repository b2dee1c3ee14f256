//! AWS Query answers: any operation's output becomes XML.
