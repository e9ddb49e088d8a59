//! `recap healthcheck`: asks a running daemon whether it lives, so that an image needs no curl.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::{Context, Failure};

/// How long the daemon may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Ask a running daemon whether it lives
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Asks `/healthz` on `http.listen` of the settings; prints nothing where all is well.")]
pub struct Arguments {}

/// Asks `/healthz` on `http.listen`; fails within 2 s if nobody answers.
pub async fn run(_: Arguments, context: &Context) -> Result<(), Failure> {
    ask(context.settings.http.listen).await
}

async fn ask(listen: SocketAddr) -> Result<(), Failure> {
    let address = reachable(listen);
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build()?;
    let hint = "start it with `recap serve`, with the same settings";
    match client.get(format!("http://{address}/healthz")).send().await {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) => {
            Err(Failure::new(format!("the daemon on `{address}` answers {}", response.status())).hint(hint))
        }
        Err(error) if error.is_timeout() => {
            Err(Failure::new(format!("the daemon on `{address}` did not answer within {} s", ANSWER_WITHIN.as_secs()))
                .hint(hint))
        }
        Err(_) => Err(Failure::new(format!("no daemon answers on `{address}`")).hint(hint)),
    }
}

/// A daemon that listens on every address is asked on the loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_on_every_address_is_asked_on_the_loopback() {
        let cases = [("0.0.0.0:8080", "127.0.0.1:8080"), ("[::]:8080", "[::1]:8080"), ("10.0.0.7:80", "10.0.0.7:80")];
        for (listen, asked) in cases {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), asked);
        }
    }
}
