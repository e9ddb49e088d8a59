//! What the demo tells a stranger on stderr; that nobody reads it is no failure.

use crate::model::MemberEmail;
use secrecy::{ExposeSecret, SecretString};
use std::{io::Write, net::SocketAddr, path::Path};

/// Before the engine starts.
pub(super) fn starting(data: &Path) {
    say(&format!("starting ClickHouse, embedded, with its data in {}", data.display()));
}

/// Before the daemon starts.
pub(super) fn enrolled(people: usize) {
    say(&format!(
        "{people} people of the sample opt in; the daemon starts, with a clock of its own, as their digests and their team's \
         summary fall due"
    ));
}

/// After the messages and before the page's address.
pub(super) fn delivered(sent: usize) {
    let messages = if sent == 1 { "1 message" } else { &format!("{sent} messages") };
    say(&format!("{messages} sent to a stand-in for Slack on this machine; the page shows them as Slack would:"));
}

/// Where all can be configured; the token is of this run alone, and stands nowhere else.
pub(super) fn admin_page(address: SocketAddr, token: &SecretString) {
    say(&format!("admin page: http://{address}/ (token {})", token.expose_secret()));
}

/// What to try while the demo runs, with the settings that lead there.
pub(super) fn next(variables: &[(String, String)], email: &MemberEmail, command: &str) {
    let recap = std::env::args_os().next().unwrap_or_else(|| "recap".into());
    let recap = recap.to_string_lossy();
    let exports: Vec<_> = variables.iter().map(|(name, value)| format!("export {name}={value}")).collect();
    let exports = exports.join("\n  ");
    say(&format!(
        "\n\
         The page is live: choose there whom to be, type {command}, press buttons. To ask this demo yourself, in another \
         terminal:\n  \
         {exports}\n  \
         {recap} preview daily --member {email}\n  \
         {recap} preview daily --member {email} --format html > digest.html\n  \
         {recap} send daily --member {email}\n  \
         {recap} explain {email}\n  \
         {recap} preview weekly --team platform\n  \
         {recap} explain --team platform\n\
         \n\
         Ctrl-C ends it and removes its data."
    ));
}

fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
