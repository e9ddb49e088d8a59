//! What admins and owners decide, in the store and in Slack.

mod commands;
mod configuring;
mod digests;
mod ledger;
mod names;
mod previews;
mod sending;
mod teams;

use crate::support::{app::App, installation::TOKEN};
use recap::{
    admin::{Actor, AdminError, Change, Configured, Report, Scope, Subject, configure, preview},
    model::{MemberEmail, MemberId},
    standin::{Channel, Person, UserGroup},
    workspace::Workspace,
};

const CHANNEL: &str = "C0PLATFORM";
const EVERYBODY: [&str; 5] = ["ada", "bob", "cid", "dan", "eve"];
/// A team of the settings file, whose owner is Bob, and which is not enabled.
const PLATFORM: [(&str, &str); 3] = [
    ("TEAMS__PLATFORM__MEMBERS", "ada@example.com,bob@example.com,cid@example.com"),
    ("TEAMS__PLATFORM__OWNERS", "bob@example.com"),
    ("TEAMS__PLATFORM__CHANNEL", CHANNEL),
];

/// Ada is the workspace's admin; Gus a guest.
fn workspace() -> recap::standin::Workspace {
    let person = |name: &str| Person {
        is_admin: name == "ada",
        is_restricted: name == "gus",
        ..Person::new(format!("U0{}", name.to_uppercase()), name.to_uppercase()).email(format!("{name}@example.com"))
    };
    recap::standin::Workspace::new("T0TEST", TOKEN)
        .people(EVERYBODY.map(person))
        .person(person("gus"))
        .channels([
            Channel::new(CHANNEL, "platform"),
            Channel::new("C0OTHER", "other"),
            Channel::new("C0OLD", "old").archived(),
            Channel::new("C0SHARED", "with-others").shared(),
            Channel::new("C0ALONE", "without-recap").without_recap(),
        ])
        .group(UserGroup::new("S0PLATFORM", "platform", ["U0ADA", "U0BOB", "U0CID", "U0DAN", "U0EVE"]))
        .group(UserGroup::new("S0NOBODY", "nobody", []))
}

/// Early on Monday after a week in which everybody had a session on Wednesday, and Ada one more.
async fn monday(settings: &[(&str, &str)]) -> App {
    let app = App::of("2026-09-14T06:00:00Z", workspace(), settings).await;
    for who in EVERYBODY {
        app.session(who, "2026-09-09 10:00:00").await;
    }
    app.session("ada", "2026-09-10 10:00:00").await;
    app
}

async fn member(app: &App, who: &str) -> Actor {
    let email = MemberEmail::parse(&format!("{who}@example.com")).unwrap();
    Actor::Member(app.store.member_by_email(&email).await.unwrap().unwrap())
}

fn token() -> Actor {
    Actor::Token("ci".to_owned())
}

fn id(who: &str) -> MemberId {
    MemberId(format!("U0{}", who.to_uppercase()))
}

fn team(name: &str) -> Change {
    Change::of(Report::Weekly, Scope::Team(name.to_owned()))
}

fn weekly(name: &str) -> Subject {
    Subject::Weekly { team: name.to_owned() }
}

fn enabled(change: Change) -> Change {
    Change { enabled: Some(true), ..change }
}

fn people(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{name}@example.com")).collect()
}

/// The change, with all that follows from it done.
async fn done(workspace: &Workspace, actor: &Actor, change: &Change) -> Result<Configured, AdminError> {
    let configured = configure(workspace, actor, change).await;
    workspace.tasks.close();
    workspace.tasks.wait().await;
    configured
}

/// Ada shows herself the team's preview, and enables it.
async fn shown_and_enabled(app: &App, workspace: &Workspace, name: &str) -> Configured {
    let ada = member(app, "ada").await;
    preview(workspace, &ada, &weekly(name)).await.unwrap();
    done(workspace, &ada, &enabled(team(name))).await.unwrap()
}

fn faulty(outcome: Result<Configured, AdminError>) -> Vec<&'static str> {
    match outcome {
        Err(AdminError::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
        other => panic!("not refused for its fields: {other:?}"),
    }
}
