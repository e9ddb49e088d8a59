//! Slack's App Home and modals as people use them: the stand-in sends what they do by signed HTTP, and shows what came of it.

use crate::support::{app::App, pretend::SECRET};
use recap::{
    clock::Clock,
    http::{Inlet, public_router},
    interaction::{self, Desk, SigningSecret},
    message::{Message, lint, text},
    standin::{AppEndpoint, Choice, Person, SubmitOutcome, View, Workspace as Slack},
    workspace::Workspace,
};
use std::sync::Arc;
use tokio_util::sync::{CancellationToken, DropGuard};

pub struct Surface {
    pub app: App,
    pub workspace: Workspace,
    _stop: DropGuard,
}

impl Surface {
    /// `slack` at `now`, by clocks that stand still: no trigger grows old while a test looks.
    pub async fn of(now: &str, slack: Slack, settings: &[(&str, &str)]) -> Self {
        let app = App::of(now, slack, settings).await;
        let workspace = app.workspace();
        Self::over(now, app, workspace).await
    }

    /// The same with parts of its own.
    pub async fn over(now: &str, app: App, workspace: Workspace) -> Self {
        let clock = Clock::fixed(now.parse().unwrap());
        app.slack.set_clock(clock.clone());
        let workspace = Workspace { clock: clock.clone(), ..workspace };
        let inlet = Inlet::new(SigningSecret::new(&SECRET.into()), clock);
        let people = Arc::new(interaction::App::new(workspace.clone()));
        inlet.open(Desk::new(people, app.client.clone(), workspace.tasks.clone()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, public_router(inlet)).with_graceful_shutdown(stopped).await });
        app.slack.connect_app(AppEndpoint { base_url, signing_secret: SECRET.into(), command: "/usage".to_owned() });
        Self { app, workspace, _stop: stop.drop_guard() }
    }

    pub async fn with(now: &str, people: Vec<Person>, settings: &[(&str, &str)]) -> Self {
        Self::of(now, Slack::new("T0TEST", crate::support::installation::TOKEN).people(people), settings).await
    }

    /// Waits for what goes on after an answer.
    pub async fn settled(&self) {
        self.workspace.tasks.close();
        self.workspace.tasks.wait().await;
        self.workspace.tasks.reopen();
    }

    /// `who` opens their App Home.
    pub async fn home(&self, who: &str) -> View {
        self.app.slack.open_home(who).await.unwrap();
        self.settled().await;
        Self::seen(self.app.slack.home_of(who).unwrap())
    }

    /// `who` presses a button of their App Home; answers the home as it stands then.
    pub async fn press_home(&self, who: &str, action: &str) -> View {
        let home = self.app.slack.home_of(who).unwrap();
        let answered = self.app.slack.press_in_view(who, &home.id, action, Choice::Press).await.unwrap();
        assert_eq!(answered.failure, None, "{action}");
        self.settled().await;
        Self::seen(self.app.slack.home_of(who).unwrap())
    }

    /// `who` uses an element of the modal that they see; answers the modal that they see then.
    pub async fn choose(&self, who: &str, action: &str, choice: impl Into<Choice>) -> View {
        let modal = self.modal(who);
        let answered = self.app.slack.press_in_view(who, &modal.id, action, choice).await.unwrap();
        assert_eq!(answered.failure, None, "{action}");
        self.settled().await;
        self.modal(who)
    }

    /// The modal that `who` sees.
    pub fn modal(&self, who: &str) -> View {
        Self::seen(self.app.slack.modal_of(who).unwrap())
    }

    /// `who` fills these in and sends the modal off that they see.
    pub async fn submit(&self, who: &str, values: &[(&str, Choice)]) -> SubmitOutcome {
        let modal = self.modal(who);
        let outcome = self.app.slack.submit(who, &modal.id, values).await.unwrap();
        self.settled().await;
        match outcome {
            // The machine was busy: what came of it stands in the modal.
            SubmitOutcome::Updated(view) if words(&view).starts_with("This takes a little longer.") => {
                SubmitOutcome::Updated(self.modal(who))
            }
            outcome => outcome,
        }
    }

    /// What Slack would refuse is never shown.
    fn seen(view: View) -> View {
        assert_eq!(lint::view_faults(&view.view), [], "{}", view.view);
        view
    }
}

/// A view's words.
pub fn words(view: &View) -> String {
    text::render(&Message { text: String::new(), blocks: view.view["blocks"].as_array().unwrap().clone() })
}

/// Whether a view has an element with this action.
pub fn offers(view: &View, action: &str) -> bool {
    view.view.to_string().contains(&format!("\"action_id\":\"{action}\""))
}

/// Whether all was done that a modal was sent off for.
pub fn is_done(outcome: &SubmitOutcome) -> bool {
    match outcome {
        SubmitOutcome::Closed | SubmitOutcome::Cleared => true,
        SubmitOutcome::Updated(view) => words(view).trim() == "Done.",
        _ => false,
    }
}

pub fn can_be_sent(view: &View) -> bool {
    view.view.get("submit").is_some()
}
