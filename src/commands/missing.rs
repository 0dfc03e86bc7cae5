//! What a command needs and was not typed: asked for on a terminal, else an error that names the option.

use anyhow::Result;

use crate::context::Context;
use crate::failure::{Failure, Question};
use crate::flow;

/// Something that a command needs.
#[derive(Clone, Copy)]
pub struct Missing {
    /// How it is typed: `--name NAME`.
    pub option: &'static str,
    /// What a person is asked.
    pub label: &'static str,
}

/// Fails where something is missing and nobody can be asked, and names all of it at once. Each comes with whether it was
/// typed.
pub fn all_or_asked(context: &Context, needed: &[(Missing, bool)]) -> Result<()> {
    let missing: Vec<&str> =
        needed.iter().filter(|(_, typed)| !typed).map(|(missing, _)| missing.option).collect();
    if missing.is_empty() || context.ui.interactive() {
        return Ok(());
    }
    Err(Failure::NoInput(Question::Missing { options: missing }).into())
}

impl Missing {
    /// What was typed, as `check` makes it. Where nothing was, a person is asked until the answer can be used.
    pub async fn or_ask<T>(
        &self,
        context: &Context,
        typed: Option<&str>,
        check: impl Fn(&str) -> Result<T>,
    ) -> Result<T> {
        if let Some(typed) = typed {
            return check(typed);
        }
        loop {
            let answer = context.ui.ask(self.label).await;
            let answer = flow::answered(answer, Question::Missing { options: vec![self.option] })?;
            match check(&answer) {
                Ok(value) => return Ok(value),
                Err(error) => context.ui.warn(&error.to_string()),
            }
        }
    }
}
