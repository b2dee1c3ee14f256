//! The `User-Agent`s of callers, shared by the steps of one program.

use std::sync::Arc;

/// How many programs' names are kept to be shared: a test has a few.
const KNOWN: usize = 16;

/// The latest names.
#[derive(Debug, Default)]
pub(super) struct Agents {
    known: Vec<Arc<str>>,
    /// The place that the next unknown one takes.
    next: usize,
}

impl Agents {
    /// The name, as other steps have it.
    pub(super) fn shared(&mut self, agent: &str) -> Arc<str> {
        if let Some(known) = self.known.iter().find(|known| ***known == *agent) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = agent.into();
        if self.known.len() < KNOWN {
            self.known.push(Arc::clone(&shared));
        } else {
            self.known[self.next] = Arc::clone(&shared);
            self.next = (self.next + 1) % KNOWN;
        }
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programs_name_is_written_once() {
        let mut agents = Agents::default();
        let first = agents.shared("a");
        assert!(Arc::ptr_eq(&first, &agents.shared("a")));
        for number in 0..KNOWN {
            agents.shared(&number.to_string());
        }
        assert_eq!(agents.known.len(), KNOWN);
        assert!(!Arc::ptr_eq(&first, &agents.shared("a")));
    }
}
