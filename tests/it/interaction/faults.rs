//! What people see where something that Recap needs is down, silent, locked, empty or set up wrongly: always an answer, and
//! a true one.

use super::{buttons, by, people, told, typed};
use crate::{
    engine::eventually,
    support::{
        app::App,
        engine,
        events::{Tables, insert, request},
        installation::TOKEN,
        pretend::Pretend,
        relay::{deserted, stubborn},
    },
};
use recap::{
    clock::Clock,
    interaction::{self, Event, EventEnvelope, Inbound, Reply},
    message::{Message, text},
    model::{DeliveryId, MemberId},
    standin::{Accepted, Channel, Fault, Standin, Times, Workspace as Slack},
    store::ConsentKind,
    warehouse::Source,
    workspace::Workspace,
};
use secrecy::ExposeSecret;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

const NOW: &str = "2025-01-15T14:32:30Z";
const SILENT: &str = "The usage data does not answer right now. Please try again in a few minutes.";

fn ada() -> MemberId {
    MemberId("U0ADA".into())
}

/// The same with another warehouse, which is given a second to answer.
fn with_warehouse(app: &App, url: String, database: Option<String>) -> Workspace {
    let mut settings = app.settings.clickhouse.clone();
    settings.max_execution_seconds = 1;
    settings.database = database.unwrap_or(settings.database);
    Workspace { source: Source::new(url, settings), ..app.workspace() }
}

async fn said(workspace: &Workspace, text: &str) -> Message {
    let people = interaction::App::new(workspace.clone());
    match Box::pin(people.answer(typed("ada", text, &DeliveryId::new().0))).await {
        Reply::Say(message) => message,
        other => panic!("{text}: {other:?}"),
    }
}

#[tokio::test]
async fn a_warehouse_that_is_down_or_silent_is_told_of_and_a_yes_is_saved_all_the_same() {
    let (nowhere, _kept) = deserted();
    for url in [nowhere, stubborn(None).await] {
        let app = App::with(NOW, people(), &[]).await;
        let workspace = &with_warehouse(&app, url, None);
        let [today, week, preview, on] = ["", "week", "preview", "on"].map(|text| said(workspace, text));
        let (today, week, preview, on) = tokio::join!(today, week, preview, on);
        for answer in [today, week, preview] {
            assert_eq!(answer.text, SILENT);
        }
        assert!(on.text.starts_with("You get a daily digest from now on."), "{}", on.text);
        assert!(on.text.contains("your latest digest cannot be shown yet"), "{}", on.text);
        let consent = app.store.consents_of(&ada()).await.unwrap().digest.unwrap();
        assert_eq!(consent.kind, ConsentKind::OptIn);
    }
}

#[tokio::test]
async fn where_the_warehouse_is_set_up_wrongly_nobody_is_told_to_wait() {
    let app = App::with(NOW, people(), &[]).await;
    let database = engine::database().await;
    let workspace = with_warehouse(&app, engine::url().await, Some(database));
    for text in ["", "week", "preview"] {
        let answer = said(&workspace, text).await.text;
        assert!(answer.starts_with("Recap cannot read the usage data as it is set up now."), "{text}: {answer}");
    }
}

#[tokio::test]
async fn an_account_that_may_only_read_answers_and_so_does_an_empty_table() {
    let empty = App::with(NOW, people(), &[]).await;
    let today = told(&empty, "ada", "").await;
    assert!(today.text.contains("no sessions yet"), "{}", today.text);
    let yes = told(&empty, "ada", "on").await;
    assert!(yes.text.contains("No usage was found under ada@example.com"), "{}", yes.text);

    let (user, password) = engine::READER;
    let account = [("CLICKHOUSE__USER", user), ("CLICKHOUSE__PASSWORD", password)];
    let app = App::with(NOW, people(), &account).await;
    insert(Tables::Map, &app.database, &[request("2025-01-15 09:00:00", "ada@example.com", "s", "r", "1.50")]).await;
    for text in ["", "week"] {
        let answer = told(&app, "ada", text).await;
        assert!(answer.text.contains("1 session; estimated cost $1.50"), "{text}: {}", answer.text);
    }
}

/// The store's file, as somebody else has it open.
async fn file(app: &App) -> SqliteConnection {
    let path = app.settings.store.url.expose_secret().strip_prefix("sqlite:").unwrap();
    SqliteConnection::connect(&format!("sqlite://{path}?mode=rw")).await.unwrap()
}

async fn run(file: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(file).await.unwrap();
}

#[tokio::test]
async fn who_is_not_told_whether_a_yes_was_saved_finds_the_truth_later() {
    let app = App::with(NOW, people(), &[]).await;
    let mut file = file(&app).await;
    // What follows from a consent fails after it was saved.
    run(&mut file, "CREATE TRIGGER broken BEFORE INSERT ON subscriptions BEGIN SELECT RAISE(ABORT, 'broken'); END")
        .await;

    let yes = told(&app, "ada", "on").await;

    assert!(yes.text.contains("It may be saved or not: please look again"), "{}", yes.text);
    assert_eq!(app.store.consents_of(&ada()).await.unwrap().digest.unwrap().kind, ConsentKind::OptIn);

    run(&mut file, "DROP TRIGGER broken").await;
    let again = told(&app, "ada", "on").await;
    assert!(again.text.starts_with("You get a daily digest already."), "{}", again.text);
    assert!(again.text.contains("The next one comes on Thu, Jan 16 at 09:00 (UTC)."), "{}", again.text);
}

#[tokio::test]
async fn while_the_store_is_locked_everybody_is_answered_and_nothing_is_claimed_that_is_not_so() {
    let app = App::with(NOW, people(), &[]).await;
    let mut file = file(&app).await;
    run(&mut file, "BEGIN EXCLUSIVE").await;
    let (today, on, off) = tokio::join!(told(&app, "ada", ""), told(&app, "ada", "on"), told(&app, "bob", "off"));
    for answer in [today, on, off] {
        assert_eq!(answer.text, "Something went wrong on Recap's side. Please try again in a few minutes.");
    }
    run(&mut file, "ROLLBACK").await;
    assert_eq!(app.store.consents_of(&ada()).await.unwrap().digest, None);
    assert!(told(&app, "ada", "on").await.text.starts_with("You get a daily digest from now on."));
}

fn home_opened(id: &str) -> Inbound {
    let event = Event::AppHomeOpened { member: ada(), channel: None, tab: "home".into(), hash: None };
    let (workspace, enterprise) = (by("ada", id).workspace, None);
    Inbound::Event(EventEnvelope { id: id.into(), workspace, enterprise, event })
}

fn home(slack: &Standin) -> Option<String> {
    let blocks = slack.home_of("U0ADA")?.view["blocks"].as_array()?.clone();
    Some(text::render(&Message { text: String::new(), blocks }))
}

#[tokio::test]
async fn an_app_home_that_slack_does_not_take_is_published_again() {
    let app = App::with(NOW, people(), &[]).await;
    app.slack.fault("views.publish", Fault::ServerError(503), Times(2));
    app.slack.fault("views.publish", Fault::RateLimited { seconds: 1 }, Times(1));
    let workspace = app.workspace();
    interaction::App::new(workspace.clone()).answer(home_opened("Ev1")).await;
    workspace.tasks.close();
    workspace.tasks.wait().await;
    assert!(home(&app.slack).is_some_and(|home| home.contains("No sessions today so far.")), "{:?}", home(&app.slack));

    // One that is refused for good is not tried again.
    let calls = app.slack.calls("views.publish");
    app.slack.fault("views.publish", Fault::error("invalid_arguments"), Times(1));
    let workspace = app.workspace();
    interaction::App::new(workspace.clone()).answer(home_opened("Ev2")).await;
    workspace.tasks.close();
    workspace.tasks.wait().await;
    assert_eq!(app.slack.calls("views.publish"), calls + 1);
}

#[tokio::test]
async fn however_often_an_app_home_is_opened_one_waits_to_publish_it_and_not_beyond_the_stop() {
    let app = App::with(NOW, people(), &[]).await;
    let workspace = Workspace { clock: Clock::fixed(NOW.parse().unwrap()), ..app.workspace() };
    app.slack.fault("views.publish", Fault::ServerError(503), Times(1000));
    for id in ["Ev1", "Ev2", "Ev3"] {
        interaction::App::new(workspace.clone()).answer(home_opened(id)).await;
    }
    eventually("only one who waits", async || (workspace.tasks.len() == 1).then_some(())).await;

    workspace.again.stop();
    workspace.tasks.close();
    workspace.tasks.wait().await;
    assert_eq!(home(&app.slack), None);
}

#[tokio::test]
async fn an_app_home_says_that_the_store_does_not_answer_until_it_does() {
    let app = App::live(NOW, Slack::new("T0TEST", TOKEN).people(people()), &[]).await;
    let mut file = file(&app).await;
    run(&mut file, "ALTER TABLE preferences RENAME TO elsewhere").await;
    let workspace = app.workspace();
    interaction::App::new(workspace.clone()).answer(home_opened("Ev1")).await;
    let first = eventually("a word", async || home(&app.slack)).await;
    assert_eq!(first.trim(), "Something went wrong on Recap's side. Please try again in a few minutes.");

    run(&mut file, "ALTER TABLE elsewhere RENAME TO preferences").await;
    workspace.tasks.close();
    workspace.tasks.wait().await;
    assert!(home(&app.slack).is_some_and(|home| home.contains("No sessions today so far.")), "{:?}", home(&app.slack));
}

/// What Ada is shown of a command whose `response_url` goes wrong so: beside the command, and in the direct conversation.
async fn shown(faults: &[(u16, u32)], spoiled: &str) -> (Vec<Accepted>, Vec<Accepted>) {
    let slack = Slack::new("T0TEST", TOKEN).people(people()).channel(Channel::new("C0GENERAL", "general"));
    let app = App::of(NOW, slack, &[]).await;
    let pretend = Pretend::start(&app.slack, |_| async { (200, serde_json::Value::Null) }).await;
    app.slack.command("U0ADA", "C0GENERAL", "/usage").await.unwrap();
    let url = format!("{}{spoiled}", pretend.last().fields()["response_url"]);
    for (status, times) in faults {
        app.slack.fault("response_url", Fault::ServerError(*status), Times(*times));
    }
    let Inbound::Command(mut command) = typed("ada", "", "v0=1") else { unreachable!() };
    command.respond = app.client.response_url(&url);
    assert!(command.respond.is_some());

    let workspace = app.workspace();
    let people = interaction::App::new(workspace.clone());
    assert_eq!(Box::pin(people.answer(Inbound::Command(command))).await, Reply::Nothing);
    workspace.tasks.close();
    workspace.tasks.wait().await;

    let (beside, directly) = app.slack.messages().into_iter().partition(|message| message.only_for.is_some());
    (beside, directly)
}

#[tokio::test]
async fn an_answer_that_slack_does_not_take_at_its_address_comes_directly() {
    for (faults, spoiled) in [(&[(500, 2)][..], ""), (&[(404, 1)], ""), (&[(410, 1)], ""), (&[], "-of-nobody")] {
        let (beside, directly) = shown(faults, spoiled).await;
        assert_eq!((beside.len(), directly.len()), (0, 1), "{faults:?}");
        assert!(directly[0].text.contains("today so far"), "{faults:?}: {}", directly[0].text);
        assert!(directly[0].channel.starts_with('D'), "{faults:?}: {}", directly[0].channel);
    }
}

#[tokio::test]
async fn an_address_that_fails_once_is_tried_again_before_another_way_is_taken() {
    let (beside, directly) = shown(&[(503, 1)], "").await;
    assert_eq!((beside.len(), directly.len()), (1, 0));
    let message = Message { text: beside[0].text.clone(), blocks: beside[0].blocks.clone() };
    assert_eq!(buttons(&message), ["usage_get_digest", "digest_my_week"]);
}
