//! Headless Chromium, driven over its DevTools protocol: pages are looked at, typed into and clicked as people do.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{path::Path, process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
    time::timeout,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// How long anything may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);
/// Debian's package has the first name.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser with one page; it ends with its handle.
pub struct Browser {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: String,
    count: u64,
    /// What the page's scripts complained of.
    complaints: Vec<String>,
    _child: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts with an empty profile, which goes with it.
    pub async fn launch() -> Self {
        let profile = tempfile::Builder::new().prefix("recap-browser-").tempdir().unwrap();
        let mut child = start(profile.path());
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some(address) = line.strip_prefix("DevTools listening on ") {
                    return address.to_owned();
                }
            }
            panic!("the browser ended before it listened");
        };
        let address = timeout(PATIENCE, address).await.expect("the browser starts in time");
        // What it writes from now on is read and dropped, so that it never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let (socket, _) = connect_async(address).await.unwrap();
        let mut browser =
            Self { socket, session: String::new(), count: 0, complaints: Vec::new(), _child: child, _profile: profile };
        let target = browser.send("Target.createTarget", json!({ "url": "about:blank" })).await;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.send("Target.attachToTarget", attach).await;
        attached["sessionId"].as_str().unwrap().clone_into(&mut browser.session);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.send(domain, json!({})).await;
        }
        browser
    }

    /// Sends a command of the protocol, and waits for its result.
    pub async fn send(&mut self, method: &str, parameters: Value) -> Value {
        self.count += 1;
        let id = self.count;
        let mut command = json!({ "id": id, "method": method, "params": parameters });
        if !self.session.is_empty() {
            command["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(command.to_string())).await.unwrap();
        loop {
            let message = self.receive(method).await;
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    async fn receive(&mut self, waiting_for: &str) -> Value {
        let message = timeout(PATIENCE, self.socket.next()).await;
        let message = message.unwrap_or_else(|_| panic!("`{waiting_for}` takes too long")).unwrap().unwrap();
        let message: Value = serde_json::from_str(message.to_text().unwrap_or_default()).unwrap_or_default();
        match message["method"].as_str() {
            Some("Runtime.exceptionThrown") => self.complaints.push(message["params"].to_string()),
            Some("Log.entryAdded") if message["params"]["entry"]["level"] == "error" => {
                self.complaints.push(message["params"]["entry"]["text"].to_string());
            }
            _ => {}
        }
        message
    }

    /// Goes to an address, and waits until the page is loaded with its scripts.
    pub async fn open(&mut self, url: &str) {
        self.send("Page.navigate", json!({ "url": url })).await;
        let here = json!(url);
        self.wait_for(&format!("location.href === new URL({here}).href && document.readyState === 'complete'")).await;
    }

    /// The value of an expression; a promise is waited for.
    pub async fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let result = self.send("Runtime.evaluate", parameters).await;
        assert!(result.get("exceptionDetails").is_none(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    /// Waits until an expression is true. The browser itself looks again at each of its frames or changes.
    pub async fn wait_for(&mut self, condition: &str) {
        let promise = format!(
            "new Promise((resolve) => {{
                const look = () => {{ let holds = false; try {{ holds = Boolean({condition}); }} catch {{}}
                    if (holds) {{ watch.disconnect(); clearInterval(often); resolve(true); }} }};
                const watch = new MutationObserver(look);
                watch.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
                const often = setInterval(look, 50);
                look();
            }})"
        );
        // A page that is left takes its promises along, so the question is asked anew there.
        let asked = async {
            loop {
                let parameters = json!({ "expression": promise, "awaitPromise": true, "returnByValue": true });
                self.count += 1;
                let id = self.count;
                let command = json!({ "id": id, "method": "Runtime.evaluate", "params": parameters,
                    "sessionId": self.session });
                self.socket.send(Message::text(command.to_string())).await.unwrap();
                let answer = loop {
                    let message = self.receive(condition).await;
                    if message["id"] == id {
                        break message;
                    }
                };
                if answer["result"]["result"]["value"] == true {
                    return;
                }
                assert!(answer.get("error").is_some(), "{condition}: {answer}");
            }
        };
        let came = timeout(PATIENCE, asked).await;
        assert!(came.is_ok(), "never came true: {condition}");
    }

    /// Waits for an element to be there and to be seen.
    pub async fn wait_for_element(&mut self, selector: &str) {
        self.wait_for(&format!("document.querySelector({})?.checkVisibility()", json!(selector))).await;
    }

    /// Waits until a text is on the page.
    pub async fn wait_for_text(&mut self, text: &str) {
        self.wait_for(&format!("document.body.innerText.includes({})", json!(text))).await;
    }

    /// Presses an element with the pointer, where it is.
    pub async fn click(&mut self, selector: &str) {
        self.wait_for_element(selector).await;
        let place = format!(
            "(() => {{ const element = document.querySelector({});
                element.scrollIntoView({{ block: 'center' }});
                const box = element.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2]; }})()",
            json!(selector)
        );
        let place = self.evaluate(&place).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.send("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types into an element, in place of what it says.
    pub async fn fill(&mut self, selector: &str, text: &str) {
        self.wait_for_element(selector).await;
        let focus =
            format!("(() => {{ const e = document.querySelector({}); e.focus(); e.select?.(); }})()", json!(selector));
        self.evaluate(&focus).await;
        self.send("Input.insertText", json!({ "text": text })).await;
    }

    /// Sets the value of a menu, or of a picker of times and dates, and says so to the page.
    pub async fn choose(&mut self, selector: &str, value: &str) {
        self.wait_for_element(selector).await;
        let set = format!(
            "(() => {{ const e = document.querySelector({}); e.value = {};
                for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, {{ bubbles: true }})); }})()",
            json!(selector),
            json!(value)
        );
        self.evaluate(&set).await;
    }

    /// Presses a key: `Enter`, `Escape`, `Tab`, `ArrowDown`.
    pub async fn key(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "Tab" => (9, ""),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            " " => (32, " "),
            _ => (0, key),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.send("Input.dispatchKeyEvent", event).await;
        }
    }

    /// The text of an element as it is seen.
    pub async fn text(&mut self, selector: &str) -> String {
        let text = self.evaluate(&format!("document.querySelector({})?.innerText ?? ''", json!(selector))).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Makes the page so wide and high, and light or dark.
    pub async fn view(&mut self, width: u32, height: u32, dark: bool) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.send("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!([{ "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } }]);
        self.send("Emulation.setEmulatedMedia", json!({ "features": scheme })).await;
    }

    /// Keeps a picture of what is seen below the folder of `RECAP_SCREENSHOTS`, where that is set.
    pub async fn screenshot(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("RECAP_SCREENSHOTS") else { return };
        let picture = self.send("Page.captureScreenshot", json!({ "format": "png" })).await;
        let bytes = decode(picture["data"].as_str().unwrap());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), bytes).unwrap();
    }

    /// What the page's scripts and its policy complained of so far.
    pub fn complaints(&self) -> &[String] {
        &self.complaints
    }
}

fn start(profile: &Path) -> Child {
    for name in NAMES {
        let child = Command::new(name)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--no-proxy-server", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        if let Ok(child) = child {
            return child;
        }
    }
    panic!("no Chromium here: `.ci/setup` installs it");
}

/// Base64, as the protocol carries pictures.
fn decode(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<_> = text.bytes().filter(|letter| *letter != b'=').collect();
    let mut bytes = Vec::new();
    for chunk in letters.chunks(4) {
        let bits = (0..4).fold(0, |bits, index| bits << 6 | chunk.get(index).map_or(0, |letter| value(*letter)));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    bytes
}
