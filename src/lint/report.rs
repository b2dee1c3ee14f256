//! Advice as people and programs read it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Advice;
use crate::routes::{Json, Member, Schema};

/// All advice.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Report {
    /// In the order of files and lines.
    pub advice: Vec<Advice>,
}

impl Report {
    /// Leaves some rules' advice out.
    pub fn without(&mut self, rules: &[String]) {
        let is_left_out = |advice: &Advice| rules.iter().any(|rule| *rule == advice.rule);
        self.advice.retain(|advice| !is_left_out(advice));
    }
}

impl Json for Report {
    const SCHEMA: Schema = Schema::Object(&[Member::always(
        "Advice",
        Schema::List(&Schema::Object(&[
            Member::always("Rule", Schema::Text),
            Member::always("Type", Schema::Text),
            Member::always("Name", Schema::Text),
            Member::always("Arn", Schema::Text),
            Member::sometimes("File", Schema::Text),
            Member::sometimes("Line", Schema::Number),
            Member::always("Found", Schema::Text),
            Member::always("Effect", Schema::Text),
            Member::always("Instead", Schema::Text),
        ])),
    )]);
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, advice) in self.advice.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{advice}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(file), Some(line)) = (&self.file, self.line) {
            write!(f, "{file}:{line}: ")?;
        }
        let Self {
            rule,
            name,
            found,
            effect,
            instead,
            ..
        } = self;
        writeln!(f, "{rule}: {name}")?;
        writeln!(f, "  {found}")?;
        writeln!(f, "  {effect}")?;
        writeln!(f, "  Instead: {instead}")
    }
}
