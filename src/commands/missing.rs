//! What a command needs and was not typed: asked for on a terminal, else an error that names the option.

use anyhow::Result;

use crate::context::Context;
use crate::failure::{Failure, answered};

/// Something that a command needs.
#[derive(Clone, Copy)]
pub struct Missing {
    /// The option; empty for what is typed without one.
    pub option: &'static str,
    /// What stands behind it in the help.
    pub value: &'static str,
    /// What a person is asked.
    pub label: &'static str,
}

/// Why a value can't be used.
#[derive(Debug)]
pub struct Wrong {
    pub problem: String,
    pub hint: &'static str,
}

/// Fails where something is missing and nobody can be asked, and names all of it at once. Each comes with whether it was
/// typed.
pub fn all_or_asked(context: &Context, needed: &[(Missing, bool)]) -> Result<()> {
    let missing: Vec<String> =
        needed.iter().filter(|(_, typed)| !typed).map(|(missing, _)| missing.usage()).collect();
    if missing.is_empty() || context.ui.interactive() {
        return Ok(());
    }
    let options = missing.join(" and ");
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let question = format!("{options} {verb} missing");
    Err(Failure::NoInput { question, options: format!("give {options}; on a terminal it is asked for") }
        .into())
}

impl Missing {
    fn usage(&self) -> String {
        format!("{} {}", self.option, self.value).trim().to_owned()
    }

    /// What was typed, as `check` makes it; an error names the option. Where nothing was, a person is asked until the
    /// answer can be used.
    pub async fn or_ask<T>(
        &self,
        context: &Context,
        typed: Option<&str>,
        check: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<T> {
        if let Some(typed) = typed {
            return check(typed).map_err(|Wrong { problem, hint }| {
                Failure::Usage { message: format!("{}: {problem}", self.option), hint: hint.to_owned() }
                    .into()
            });
        }
        loop {
            let answer = context.ui.ask(self.label).await;
            let answer = answered(answer, &format!("{} is missing", self.usage()), &self.usage())?;
            match check(&answer) {
                Ok(value) => return Ok(value),
                Err(Wrong { problem, hint }) => context.ui.warn(&format!("{problem} ({hint})")),
            }
        }
    }
}
