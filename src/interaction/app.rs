//! Where everything that Slack sends comes in: checked against the workspace, done once, handed on.

use super::{Action, By, EventEnvelope, Inbound, Reply, Written, buttons, command, home, life, modals, saying::plain};
use crate::{model::WorkspaceId, slack::Response, workspace::Workspace};

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    pub workspace: Workspace,
    /// What the command can do is asked by whoever is new to it, and is the same for all.
    help: Written,
}

impl App {
    pub fn new(workspace: Workspace) -> Self {
        let help = Written::new(command::help(&workspace.settings.slack.command));
        Self { workspace, help }
    }

    /// What can be said without asking anybody.
    pub(super) fn at_once(&self, inbound: &Inbound) -> Option<Reply> {
        match inbound {
            Inbound::Command(command) if self.is_ours(&command.by) => {
                command::at_once(&self.workspace, &self.help, command)
            }
            _ => None,
        }
    }

    /// Answers within a second or so: what takes longer goes on by itself, and is answered through `response_url`.
    pub async fn answer(&self, inbound: Inbound) -> Reply {
        match inbound {
            Inbound::Command(command) if self.is_ours(&command.by) => {
                command::answer(&self.workspace, &self.help, command).await
            }
            Inbound::Command(_) => Reply::Say(plain(NOT_OURS)),
            Inbound::Action(action) if self.is_ours(&action.by) => {
                if self.is_new(&format!("{}.{}", action.by.request, action.action_id)).await {
                    self.act(action).await
                } else {
                    Reply::Nothing
                }
            }
            Inbound::Action(action) => self.refuse(&action).await,
            Inbound::Submission(submission) if self.is_ours(&submission.by) => {
                if self.is_new(&submission.by.request).await {
                    modals::submit(&self.workspace, submission).await
                } else {
                    Reply::Nothing
                }
            }
            Inbound::Suggestion(suggestion) if self.is_ours(&suggestion.by) => {
                modals::suggest(&self.workspace, suggestion).await
            }
            Inbound::Event(event) if self.is_of_ours(event.workspace.as_ref()) => self.happened(event),
            // Closed, or from another workspace.
            Inbound::Submission(_) | Inbound::Suggestion(_) | Inbound::Event(_) | Inbound::Closed(_) => Reply::Nothing,
            Inbound::Unknown(kind) => {
                tracing::info!(kind, "Slack sent something of an unknown type, it is ignored");
                Reply::Nothing
            }
        }
    }

    /// Whether the request was not answered before. Where the store does not know, it is done again: what people press
    /// twice has the effect of once.
    async fn is_new(&self, request: &str) -> bool {
        let noted = self.workspace.store.first_time(&format!("request.{request}"), self.workspace.now()).await;
        noted.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "whether a request came before is not known");
            true
        })
    }

    async fn act(&self, action: Action) -> Reply {
        let id = action.action_id.as_str();
        if buttons::PREFIXES.iter().any(|prefix| id.starts_with(prefix)) {
            buttons::act(&self.workspace, action).await
        } else if id.starts_with(home::PREFIX) {
            home::act(&self.workspace, action)
        } else if modals::PREFIXES.iter().any(|prefix| id.starts_with(prefix)) {
            modals::act(&self.workspace, action)
        } else {
            tracing::info!("a click on something that Recap does not know, it is ignored");
            Reply::Nothing
        }
    }

    async fn refuse(&self, action: &Action) -> Reply {
        if let Some(respond) = &action.respond
            && let Err(error) = self.workspace.client.respond(respond, &Response::Ephemeral(plain(NOT_OURS))).await
        {
            tracing::debug!(error = %error, "somebody of another workspace was not answered");
        }
        Reply::Nothing
    }

    /// Events come up to four times; each is acted on once. Work goes on after the answer.
    fn happened(&self, envelope: EventEnvelope) -> Reply {
        let workspace = self.workspace.clone();
        self.workspace.tasks.spawn(async move {
            match workspace.store.first_time(&format!("event.{}", envelope.id), workspace.now()).await {
                Ok(true) => life::happened(&workspace, envelope).await,
                Ok(false) => {}
                Err(error) => {
                    // Twice is better than never: what follows from an event may follow again.
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "whether an event came before is not known"
                    );
                    life::happened(&workspace, envelope).await;
                }
            }
        });
        Reply::Nothing
    }

    /// Whether this is for the workspace that the bot token is for, and from one of its people.
    fn is_ours(&self, by: &By) -> bool {
        let from_here = by.member_of.as_ref().is_none_or(|id| self.is_here(id) || by.enterprise.is_some());
        self.is_of_ours(by.workspace.as_ref()) && from_here
    }

    /// An organisation-wide installation may name the organisation alone.
    fn is_of_ours(&self, workspace: Option<&WorkspaceId>) -> bool {
        workspace.is_none_or(|id| self.is_here(id))
    }

    fn is_here(&self, id: &WorkspaceId) -> bool {
        id == self.workspace.store.workspace_id()
    }
}

/// To somebody of another workspace.
pub(super) const NOT_OURS: &str =
    "Recap answers members of the workspace that it is installed in, and you are in another one.";
