//! The whole product in a real browser: people in the stand-in Slack's page, admins on Recap's own.

mod admins;
mod people;

use crate::support::{app::App, browser::Browser, installation::TOKEN};
use recap::{
    config::Settings,
    http::{AdminDesk, Inlet, Readiness, ops_router, public_router},
    interaction::{self, Desk, SigningSecret},
    standin::{AppEndpoint, Channel, Person, Workspace},
};
use std::{sync::Arc, time::Duration};
use tokio::net::TcpListener;

const SIGNING_SECRET: &str = "a-signing-secret";
pub const ADMIN_TOKEN: &str = "an-admin-token-for-tests";

/// Recap behind its two listeners, the stand-in Slack that calls it, and a browser.
pub struct Stage {
    pub app: App,
    pub browser: Browser,
    /// Where the admin page is.
    pub admin: String,
}

/// A Monday morning, after a week in which Ada, Bob and Cid had sessions. Grace is the admin; nothing is enabled.
pub async fn monday() -> Stage {
    let person = |name: &str, shown: &str| {
        Person::new(format!("U0{}", name.to_uppercase()), shown).email(format!("{name}@example.com")).tz("UTC")
    };
    let workspace = Workspace::new("T0TEST", TOKEN)
        .person(person("grace", "Grace Hopper").admin())
        .people([person("ada", "Ada Lovelace"), person("bob", "Bob Kahn"), person("cid", "Cid Young")])
        .channels([Channel::new("C0PLAT", "platform"), Channel::new("C0OLD", "old").archived()]);
    let settings =
        [("DIGEST__ENABLED", "false"), ("TEAMS__PLATFORM__MEMBERS", "ada@example.com,bob@example.com,cid@example.com")];
    let app = App::live("2026-09-14T06:00:00Z", workspace, &settings).await;
    for who in ["ada", "bob", "cid"] {
        for day in ["2026-09-09", "2026-09-10", "2026-09-11", "2026-09-14"] {
            app.session(who, &format!("{day} 05:30:00")).await;
        }
    }
    // A browser on a busy machine is slower than Slack waits.
    app.slack.set_patience(Duration::from_mins(1));
    let people = Arc::new(interaction::App::new(app.workspace()));
    let secret = SigningSecret::new(&SIGNING_SECRET.into());
    let inlet = Inlet::new(secret, app.clock.clone());
    inlet.open(Desk::new(people, app.client.clone(), app.workspace().tasks));
    let base_url = serve(public_router(inlet)).await;
    app.slack.connect_app(AppEndpoint {
        base_url,
        signing_secret: SIGNING_SECRET.into(),
        command: app.settings.slack.command.clone(),
    });
    let tokens = [("RECAP__HTTP__ADMIN_TOKENS__GRACE".to_owned(), ADMIN_TOKEN.to_owned())];
    let desk = AdminDesk::new(&Settings::load(None, tokens).unwrap().http, app.clock.clone());
    desk.open(app.workspace());
    let admin = serve(ops_router(Readiness::new(Vec::new()), desk)).await;
    let mut browser = Browser::launch().await;
    browser.view(1280, 800, false).await;
    Stage { app, browser, admin }
}

async fn serve(router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

impl Stage {
    /// Opens the stand-in's page as `who`, in a conversation or (`tab`) App Home.
    pub async fn be(&mut self, who: &str, tab: &str) {
        let page = self.app.slack.page_url();
        let tab = if tab.is_empty() { String::new() } else { format!("&tab={tab}") };
        self.browser.open(&format!("{page}?to={who}&as={who}{tab}")).await;
    }

    /// Types a command and sends it off.
    pub async fn types(&mut self, text: &str) {
        self.browser.fill("#typed", text).await;
        self.browser.key("Enter").await;
    }

    /// Time passes; what is due is planned, computed and sent.
    pub async fn at(&mut self, instant: &str) {
        self.app.wind_to(instant);
        self.app.tick().await;
        self.app.deliver_until_idle().await;
    }

    /// Whether what is seen fits, light and dark, wide and narrow; with pictures of it.
    pub async fn looks(&mut self, name: &str) {
        for (width, height, dark) in [(1280, 800, false), (390, 844, false), (1280, 800, true), (390, 844, true)] {
            self.browser.view(width, height, dark).await;
            let fits = self.browser.evaluate("document.documentElement.scrollWidth <= innerWidth").await;
            assert_eq!(fits, true, "{name} at {width}");
            let shade = if dark { "dark" } else { "light" };
            self.browser.screenshot(&format!("{name}-{width}-{shade}")).await;
        }
        self.browser.view(1280, 800, false).await;
    }
}
