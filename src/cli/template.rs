//! `recap template check`

use super::{Failure, answer};
use crate::message::check::{CheckLine, check};
use std::{fmt::Write, path::PathBuf};

/// Check message templates
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recap template check
  recap template check /etc/recap/templates")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Check templates against samples and Slack's limits
    Check {
        /// Folder with templates that replace the embedded ones; without it the embedded ones alone
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

/// Prints one line for each template and sample.
///
/// # Errors
/// When a template has a fault.
#[expect(clippy::unused_async, reason = "all commands are awaited alike")]
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Command::Check { folder } = arguments.command;
    let lines = check(folder.as_deref());
    answer(&table(&lines))?;
    match lines.iter().filter(|line| line.problem.is_some()).count() {
        0 => Ok(()),
        1 => Err(Failure::new("the templates have a fault")),
        faults => Err(Failure::new(format!("the templates have {faults} faults"))),
    }
    .map_err(|failure: Failure| failure.hint("blocks/README.md says what a template may contain"))
}

fn table(lines: &[CheckLine]) -> String {
    lines.iter().fold(String::new(), |mut out, line| {
        let subject = line.sample.map_or_else(String::new, |sample| format!("{} with sample {sample}", line.template));
        let _ = match (&line.problem, subject.is_empty()) {
            (None, true) => writeln!(out, "ok     {}", line.template),
            (None, false) => writeln!(out, "ok     {subject}"),
            // A problem of the template itself begins with its place.
            (Some(problem), true) => writeln!(out, "error  {problem}"),
            (Some(problem), false) => writeln!(out, "error  {subject}: {problem}"),
        };
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn arguments(folder: PathBuf) -> Arguments {
        Arguments { command: Command::Check { folder: Some(folder) } }
    }

    #[tokio::test]
    async fn good_templates_pass_and_a_fault_fails_with_a_hint() {
        let folder = tempfile::tempdir().unwrap();
        assert!(run(arguments(folder.path().to_owned())).await.is_ok());
        fs::write(folder.path().join("daily.json"), "{").unwrap();
        let failure = run(arguments(folder.path().to_owned())).await.unwrap_err();
        assert_eq!(
            failure.to_string(),
            "error: the templates have a fault\nhint: blocks/README.md says what a template may contain"
        );
    }

    #[test]
    fn each_line_says_which_template_and_which_sample() {
        let line = |sample, problem: Option<&str>| CheckLine {
            template: "daily.json".to_owned(),
            sample,
            problem: problem.map(str::to_owned),
        };
        let lines = [
            line(Some("typical"), None),
            line(Some("worst"), Some("too long")),
            line(None, Some("`daily.json#/text`: a typo")),
        ];
        assert_eq!(
            table(&lines),
            "ok     daily.json with sample typical\nerror  daily.json with sample worst: too long\n\
             error  `daily.json#/text`: a typo\n"
        );
    }
}
