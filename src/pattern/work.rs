//! The work of matching, counted: a message with very many values and a topic with very many policies must not hold up
//! everybody else.

/// How much work may still be done, in steps of some ten nanoseconds: a value compared, a place remembered.
#[derive(Debug)]
pub struct Work {
    left: usize,
}

impl Work {
    /// As much as it takes.
    pub const fn unlimited() -> Self {
        Self { left: usize::MAX }
    }

    /// So many steps.
    pub const fn limited(steps: usize) -> Self {
        Self { left: steps }
    }

    /// As much as may be done before others' requests are served: a few milliseconds.
    pub const fn of_a_turn() -> Self {
        Self::limited(100_000)
    }

    /// Whether no more should be done now.
    pub const fn is_used_up(&self) -> bool {
        self.left == 0
    }

    /// How many steps are left.
    pub const fn left(&self) -> usize {
        self.left
    }

    pub(super) const fn spend(&mut self, steps: usize) {
        self.left = self.left.saturating_sub(steps);
    }
}
