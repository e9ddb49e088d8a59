//! The admin API and page over real HTTP, in front of an office that a test plays.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod api;
mod described;
#[cfg(feature = "standin")]
mod forms;
#[cfg(feature = "standin")]
mod fuzz;
mod office;
mod page;
#[cfg(feature = "standin")]
mod real;
mod signed_in;

use office::{PlayedOffice, now};
use recap::{
    clock::Clock,
    config::Settings,
    http::{AdminDesk, Readiness, ops_router},
};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

const TOKEN: &str = "ada's long random text";
const OTHER: &str = "grace's long random text";

/// A served router, and a client in front of it.
struct Door {
    office: PlayedOffice,
    url: String,
    client: Client,
    serving: JoinHandle<()>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Door {
    async fn open() -> Self {
        Self::of(&[("ADMIN_TOKENS__ADA", TOKEN), ("ADMIN_TOKENS__GRACE", OTHER)], true).await
    }

    /// With these settings; `opened`: the daemon has finished its start.
    async fn of(settings: &[(&str, &str)], opened: bool) -> Self {
        let settings = settings.iter().map(|(key, value)| (format!("RECAP__HTTP__{key}"), (*value).to_owned()));
        let settings = Settings::load(None, settings).unwrap();
        let (desk, office) = (AdminDesk::new(&settings.http, Clock::fixed(now())), PlayedOffice::default());
        if opened {
            desk.open(office.clone());
        }
        let mut door = Self::serving(desk).await;
        door.office = office;
        door
    }

    async fn serving(desk: AdminDesk) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = ops_router(Readiness::new(Vec::new()), desk);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
        Self { office: PlayedOffice::default(), url, client, serving }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).bearer_auth(TOKEN).send().await.unwrap()
    }

    fn posting(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path)).bearer_auth(TOKEN)
    }

    async fn post(&self, path: &str, body: &Value) -> Response {
        self.posting(path).json(body).send().await.unwrap()
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
