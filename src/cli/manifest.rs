//! `recap manifest`: what to paste where Slack makes an app from a manifest.

use super::{Context, Failure, answer, context::settings_file};
use crate::{
    config::{Fault, Settings},
    slack::Manifest,
};
use std::{io, net::Ipv4Addr, path::Path};
use url::{Host, Url};

/// Print the Slack app manifest
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Paste it at https://api.slack.com/apps under \"Create New App\", \"From a manifest\"; of an app that exists, under
\"App Manifest\", and reinstall it. Without settings the slash command is /usage.

Examples:
  recap manifest --url https://recap.example.com > slack-manifest.yaml
  recap manifest --socket")]
pub struct Arguments {
    /// How Slack reaches `http.listen`, without /slack [default: over Socket Mode if the settings have it, else
    /// `http.public_url`]
    #[arg(long, value_name = "URL", value_parser = address)]
    url: Option<Url>,
    /// Take everything over Socket Mode: no address stands in the manifest
    #[arg(long, conflicts_with = "url")]
    socket: bool,
}

/// Where Slack cannot come by itself.
const NOT_PUBLIC: [&str; 6] = [".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test"];

fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "must be an address as https://recap.example.com".to_owned())?;
    reachable(&url)?;
    Ok(url)
}

/// Slack sends to https only, over the internet, to an address alone.
fn reachable(url: &Url) -> Result<(), String> {
    if url.scheme() != "https" {
        return Err("Slack sends to https only; without such an address use `--socket`".to_owned());
    }
    let plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if !plain || url.host_str().is_none() {
        return Err("must be an address alone, as https://recap.example.com".to_owned());
    }
    if let Some(without) = without_slack(url) {
        return Err(format!("`/slack` is added to the address, so leave it out: {without}"));
    }
    let host = url.host_str().unwrap_or_default();
    if is_public(url) {
        return Ok(());
    }
    Err(format!("Slack cannot reach `{host}`, which is no public address; without one use `--socket`"))
}

/// The address without the paths that Recap adds itself, where it ends in one.
fn without_slack(url: &Url) -> Option<String> {
    let path = url.path().trim_end_matches('/');
    let base = ["/commands", "/events", "/interactions"].iter().find_map(|end| path.strip_suffix(end));
    let base = base.unwrap_or(path).strip_suffix("/slack")?;
    let mut without = url.clone();
    without.set_path(base);
    Some(without.as_str().trim_end_matches('/').to_owned())
}

fn is_public(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.contains('.') && !NOT_PUBLIC.iter().any(|suffix| name.ends_with(suffix))
        }
        Some(Host::Ipv4(address)) => is_public_v4(address),
        Some(Host::Ipv6(address)) => {
            let first = address.segments()[0];
            let own = address.is_loopback() || address.is_unspecified() || address.is_multicast();
            // Unique local, and link-local.
            let local = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80;
            !own && !local && address.to_ipv4_mapped().is_none_or(is_public_v4)
        }
        None => false,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // Carriers share 100.64.0.0/10 among their customers.
    let [first, second, ..] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    let own = address.is_loopback() || address.is_private() || address.is_link_local() || first == 0 || shared;
    !own && !address.is_broadcast() && !address.is_multicast()
}

const HINT: &str = "add `--url https://recap.example.com`, or `--socket` where Slack cannot reach this machine";

/// Prints the manifest for the configured command.
///
/// # Errors
/// When a settings file is named and cannot be used, or there is no address and no Socket Mode.
#[expect(clippy::unused_async, reason = "all commands are awaited alike")]
pub async fn run(arguments: Arguments, config: Option<&Path>) -> Result<(), Failure> {
    let settings = match Context::load(config) {
        Ok(context) => context.settings,
        Err(failure) if is_spoilt(&failure, &arguments) => return Err(failure.as_usage()),
        Err(failure) if settings_file(config).is_some() => return Err(failure),
        Err(failure) => {
            let warning = "the settings cannot be used, so the slash command is the default one";
            // The manifest is what was asked for, whoever reads the warning.
            let _ = io::Write::write_fmt(&mut io::stderr(), format_args!("{failure}\nwarning: {warning}\n"));
            Settings::load(None, [])?
        }
    };
    let socket = arguments.socket || arguments.url.is_none() && settings.slack.socket_token().is_some();
    let url = if socket { None } else { arguments.url.as_ref().or(settings.http.public_url.as_ref()) };
    match url {
        None if !socket => return Err(Failure::usage("there is no address for Slack to send to").hint(HINT)),
        // What was given as an argument was looked at already.
        Some(public) => {
            let told =
                |reason| Failure::usage(format!("`http.public_url` is no address for Slack: {reason}")).hint(HINT);
            reachable(public).map_err(told)?;
        }
        None => {}
    }
    answer(&Manifest { url, command: &settings.slack.command, socket }.yaml())
}

/// Whether something is wrong that would stand in the manifest: a wrong one is worse than none.
fn is_spoilt(failure: &Failure, arguments: &Arguments) -> bool {
    let by_settings = arguments.url.is_none() && !arguments.socket;
    let stands_in_it = |key: &str| match key {
        "slack.command" => true,
        "slack.mode" | "slack.app_token" | "http.public_url" => by_settings,
        _ => false,
    };
    failure.faults().is_some_and(|faults| faults.iter().filter_map(Fault::key).any(stands_in_it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_slack_can_reach_is_an_address() {
        for url in
            ["https://recap.example.com", "https://8.8.8.8/base/", "https://[2001:4860:4860::8888]", "https://a.b."]
        {
            assert!(address(url).is_ok(), "{url}: {:?}", address(url));
        }
        for url in [
            "https://localhost",
            "https://recap",
            "https://recap.local",
            "https://recap.corp.internal:8443",
            "https://127.0.0.1",
            "https://10.1.2.3",
            "https://172.16.0.1",
            "https://192.168.1.7",
            "https://169.254.1.1",
            "https://100.64.0.1",
            "https://0.0.0.0",
            "https://[::1]",
            "https://[fd00::1]",
            "https://[fe80::1]",
            "https://[::ffff:10.0.0.1]",
        ] {
            let refused = address(url).unwrap_err();
            assert!(refused.contains("Slack cannot reach") && refused.contains("--socket"), "{url}: {refused}");
        }
    }
}
