//! A plain question to whoever listens on a loopback port, which may be a stranger.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use secrecy::ExposeSecret;

use super::access::Access;

/// How long one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// No answer that is asked for is longer.
const LONGEST: usize = 4 << 10;

/// A client for [`ask`]: a proxy of the environment must never see the loopback, and nobody sends it elsewhere.
pub(super) fn client() -> reqwest::Result<Client> {
    Client::builder().no_proxy().redirect(Policy::none()).timeout(ANSWER_WITHIN).build()
}

/// The answer to `question`, without its last line break; none where it is refused, late or too long.
pub(super) async fn ask(client: &Client, access: &Access, question: &'static str) -> Option<String> {
    let mut request = client.post(&access.url).header("X-ClickHouse-User", &access.user).body(question);
    let password = access.password.expose_secret();
    if !password.is_empty() {
        request = request.header("X-ClickHouse-Key", password);
    }
    let mut response = request.send().await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if answer.len() + chunk.len() > LONGEST {
            return None;
        }
        answer.extend_from_slice(&chunk);
    }
    let answer = String::from_utf8(answer).ok()?;
    Some(answer.strip_suffix('\n').unwrap_or(&answer).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    async fn answered(response: String) -> Option<String> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            // The one who asks may hang up in the middle.
            let _ = stream.write_all(response.as_bytes());
        });
        let access = Access { url, user: "recap".into(), password: "secret".into() };
        let answer = ask(&client().unwrap(), &access, "SELECT 1").await;
        server.join().unwrap();
        answer
    }

    #[tokio::test]
    async fn only_a_short_answer_of_its_own_counts() {
        let body = |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        assert_eq!(answered(body("/data\n")).await.as_deref(), Some("/data"));
        assert_eq!(answered(body(&"x".repeat(LONGEST + 1))).await, None);
        let elsewhere = "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(answered(elsewhere.into()).await, None);
    }
}
