//! What people say to Recap in Slack, and what they are answered.

mod administering;
mod buttons;
mod commands;
mod consent;
mod faults;
mod home;
mod later;
mod life;
mod modals;
mod numbers;
mod surface;
mod teams;

use crate::support::app::App;
use recap::{
    interaction::{self, Action, By, Chosen, Command, Inbound, Place, Reply},
    message::{Message, lint},
    model::{ChannelId, DeliveryId, MemberId, WorkspaceId},
    standin::{Accepted, Person},
};

/// Ada in UTC, Bob in Berlin, a guest and a bot.
fn people() -> Vec<Person> {
    let person = |name: &str, shown: &str| {
        Person::new(format!("U0{}", name.to_uppercase()), shown).email(format!("{name}@example.com"))
    };
    vec![
        person("ada", "Ada Lovelace").tz("UTC"),
        person("bob", "Bob").tz("Europe/Berlin"),
        Person { is_restricted: true, ..person("guest", "Guest") },
        Person { is_bot: true, ..person("robot", "Robot") },
    ]
}

/// Who does something, by a request that came before where `request` did.
fn by(who: &str, request: &str) -> By {
    By {
        member: MemberId(format!("U0{}", who.to_uppercase())),
        member_of: Some(WorkspaceId("T0TEST".into())),
        workspace: Some(WorkspaceId("T0TEST".into())),
        enterprise: None,
        trigger: None,
        request: request.to_owned(),
    }
}

/// `who` types `text` after the command.
fn typed(who: &str, text: &str, request: &str) -> Inbound {
    Inbound::Command(Command {
        by: by(who, request),
        channel: Some(ChannelId("C0GENERAL".into())),
        command: "/usage".into(),
        text: text.into(),
        respond: None,
    })
}

/// The answer to `inbound`, within Slack's limits.
async fn answered(app: &App, inbound: Inbound) -> Reply {
    let people = interaction::App::new(app.workspace());
    let reply = Box::pin(people.answer(inbound)).await;
    if let Some(message) = reply.words() {
        assert_eq!(lint::faults(message), [], "{}", message.text);
    }
    reply
}

/// What `who` is told for `text`, a new request.
async fn told(app: &App, who: &str, text: &str) -> Message {
    told_for(app, who, text, &DeliveryId::new().0).await
}

async fn told_for(app: &App, who: &str, text: &str, request: &str) -> Message {
    let reply = answered(app, typed(who, text, request)).await;
    reply.words().unwrap_or_else(|| panic!("{text}: {reply:?}")).clone()
}

/// The message that `who` sees, as a place to click in.
fn place(message: &Accepted) -> Place {
    let delivery = message.metadata.as_ref().and_then(|data| data["event_payload"]["delivery_id"].as_str());
    Place::Message {
        channel: ChannelId(message.channel.clone()),
        ts: message.ts.clone(),
        ephemeral: false,
        text: message.text.clone(),
        blocks: message.blocks.clone(),
        delivery: delivery.map(|id| DeliveryId(id.to_owned())),
    }
}

/// `who` clicks in `place`.
async fn clicked(
    app: &App,
    who: &str,
    place: Place,
    (block_id, action_id): (&str, &str),
    value: Option<&str>,
) -> Reply {
    let action = Action {
        by: by(who, &DeliveryId::new().0),
        action_id: action_id.into(),
        block_id: block_id.into(),
        chosen: value.map_or(Chosen::Nothing, |value| Chosen::One(value.into())),
        place,
        respond: None,
    };
    let before: Vec<_> = app.slack.messages().into_iter().map(|message| message.ts).collect();
    let reply = answered(app, Inbound::Action(action)).await;
    // A click without an address to answer to is answered beside the message, or else directly.
    let said = app.slack.messages().into_iter().find(|message| !before.contains(&message.ts));
    match said {
        Some(Accepted { text, blocks, .. }) => {
            assert_eq!(reply, Reply::Nothing);
            let message = Message { text, blocks };
            assert_eq!(lint::faults(&message), [], "{}", message.text);
            Reply::Say(message)
        }
        None => reply,
    }
}

/// The action ids of a message's buttons.
fn buttons(message: &Message) -> Vec<String> {
    let blocks = message.blocks.iter().filter(|block| block["type"] == "actions");
    let elements = blocks.flat_map(|block| block["elements"].as_array().unwrap().clone());
    elements.map(|element| element["action_id"].as_str().unwrap().to_owned()).collect()
}
