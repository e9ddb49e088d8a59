//! `recap manifest`: what to paste where Slack makes an app from a manifest.

use super::{Context, Failure, answer, context::settings_file};
use crate::{config::Settings, slack::Manifest};
use std::{io, path::Path};
use url::Url;

/// Print the Slack app manifest
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Paste it at https://api.slack.com/apps under \"Create New App\", \"From a manifest\"; of an app that exists, under
\"App Manifest\", and reinstall it. Without settings the slash command is /usage.

Examples:
  recap manifest --url https://recap.example.com > slack-manifest.yaml
  recap manifest --socket")]
pub struct Arguments {
    /// How Slack reaches `http.listen`, without /slack [default: `http.public_url`, if it is set]
    #[arg(long, value_name = "URL", value_parser = address)]
    url: Option<Url>,
    /// Take events over Socket Mode, which needs no address
    #[arg(long)]
    socket: bool,
}

/// Slack sends to https only.
fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "must be an address as https://recap.example.com".to_owned())?;
    if url.scheme() != "https" {
        return Err("Slack sends to https only; without such an address use `--socket`".to_owned());
    }
    let plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if !plain || url.host_str().is_none() {
        return Err("must be an address alone, as https://recap.example.com".to_owned());
    }
    Ok(url)
}

/// Prints the manifest for the configured command.
///
/// # Errors
/// When a settings file is named and cannot be used, or there is no address and no Socket Mode.
#[expect(clippy::unused_async, reason = "all commands are awaited alike")]
pub async fn run(arguments: Arguments, config: Option<&Path>) -> Result<(), Failure> {
    let settings = match Context::load(config) {
        Ok(context) => context.settings,
        Err(failure) if settings_file(config).is_some() => return Err(failure),
        Err(failure) => {
            let warning = "the settings cannot be used, so the slash command is the default one";
            // The manifest is what was asked for, whoever reads the warning.
            let _ = io::Write::write_fmt(&mut io::stderr(), format_args!("{failure}\nwarning: {warning}\n"));
            Settings::load(None, [])?
        }
    };
    let public = settings.http.public_url.as_ref().filter(|url| url.scheme() == "https");
    let url = arguments.url.as_ref().or(public);
    if url.is_none() && !arguments.socket {
        return Err(Failure::new("there is no address for Slack to send to")
            .hint("add `--url https://recap.example.com`, or `--socket` where Slack cannot reach this machine"));
    }
    answer(&Manifest { url, command: &settings.slack.command, socket: arguments.socket }.yaml())
}
