//! The whole way: from the API and the page through settings and store to what a stand-in Slack gets.

use super::{Door, TOKEN, signed_in::Browser};
use crate::support::{app::App, installation};
use recap::{
    clock::Clock,
    config::Settings,
    http::AdminDesk,
    standin::{Channel, Person, Workspace},
};
use serde_json::{Value, json};

const CONFIGURE: &str = "/api/admin/reports/configure";
const PREVIEW: &str = "/api/admin/reports/preview?report=weekly&team=platform";

/// Early on a Monday, after a week in which three people had sessions; nothing is enabled.
pub async fn monday() -> App {
    let person = |name: &str| {
        Person::new(format!("U0{}", name.to_uppercase()), name.to_uppercase()).email(format!("{name}@example.com"))
    };
    let workspace = Workspace::new("T0TEST", installation::TOKEN)
        .people(["ada", "bob", "cid"].map(person))
        .channels([Channel::new("C0PLAT", "platform"), Channel::new("C0OLD", "old").archived()]);
    let settings = [
        ("DIGEST__ENABLED", "false"),
        ("TEAMS__PLATFORM__MEMBERS", "ada@example.com,bob@example.com,cid@example.com"),
        ("TEAMS__PLATFORM__CHANNEL", "C0PLAT"),
    ];
    let app = App::of("2026-09-14T06:00:00Z", workspace, &settings).await;
    for who in ["ada", "bob", "cid"] {
        app.session(who, "2026-09-09 10:00:00").await;
    }
    app
}

/// A door into the workspace of `app`.
pub async fn door(app: &App) -> Door {
    let settings = Settings::load(None, [("RECAP__HTTP__ADMIN_TOKENS__ADA".to_owned(), TOKEN.to_owned())]).unwrap();
    let desk = AdminDesk::new(&settings.http, Clock::clone(&app.clock));
    desk.open(app.workspace());
    Door::serving(desk).await
}

#[tokio::test]
async fn a_summary_is_previewed_enabled_and_sent_over_the_api() {
    let mut app = monday().await;
    let door = door(&app).await;
    let enable = json!({"report": "weekly", "team": "platform", "enabled": true});
    let refused: Value = door.post(CONFIGURE, &enable).await.json().await.unwrap();
    assert_eq!((&refused["status"], &refused["type"]), (&json!(409), &json!("urn:recap:problem:not-previewed")));

    let preview: Value = door.get(PREVIEW).await.json().await.unwrap();
    assert!(preview["text"].as_str().unwrap().contains("platform"), "{preview}");
    assert_eq!((preview["next"].as_array().unwrap().len(), &preview["sample"]), (5, &json!(false)), "{preview}");
    let enabled: Value = door.post(CONFIGURE, &enable).await.json().await.unwrap();
    assert_eq!((&enabled["enabled"], &enabled["next"][0]), (&json!(true), &preview["next"][0]), "{enabled}");

    let sent = door.posting("/api/reports/trigger").header("Idempotency-Key", "k");
    let sent = sent.json(&json!({"report": "weekly", "team": "platform"})).send().await.unwrap();
    assert_eq!(sent.status(), 202);
    let sent: Value = sent.json().await.unwrap();
    while Box::pin(app.reporting.step()).await.unwrap() {}
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages_in("C0PLAT").len(), 1);
    let path = format!("/api/admin/deliveries/{}", sent["delivery"].as_str().unwrap());
    let one: Value = door.get(&path).await.json().await.unwrap();
    assert_eq!((&one["outcome"], one["attempts"].as_array().unwrap().len()), (&json!("sent"), 1), "{one}");
    let all: Value = door.get("/api/admin/deliveries").await.json().await.unwrap();
    assert_eq!(all["deliveries"][0]["id"], sent["delivery"]);
}

#[tokio::test]
async fn all_faults_are_told_at_once_and_nothing_is_changed() {
    let app = monday().await;
    let door = door(&app).await;
    let before = door.get("/api/admin/teams").await.text().await.unwrap();
    let five = json!({"report": "weekly", "team": "platform", "time": "25:00", "days": "funday", "zone": "Mars/Base",
        "channel": "general", "sections": ["colours"]});
    let answer = door.post(CONFIGURE, &five).await;
    assert_eq!(answer.status(), 422);
    let told: Value = answer.json().await.unwrap();
    let mut fields: Vec<_> =
        told["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["channel", "days", "sections", "time", "zone"], "{told}");
    assert_eq!(door.get("/api/admin/teams").await.text().await.unwrap(), before);
}

#[tokio::test]
async fn a_team_is_made_once_over_the_api_and_the_answer_says_so() {
    let app = monday().await;
    let door = door(&app).await;
    let make = json!({"report": "weekly", "team": "data", "members": ["ada@example.com"], "create": true});
    let configured: Value = door.post(CONFIGURE, &make).await.json().await.unwrap();
    assert_eq!((&configured["created"], &configured["version"]), (&json!(true), &json!(1)), "{configured}");
    let taken = door.post(CONFIGURE, &make).await;
    assert_eq!(taken.status(), 422);
    let taken: Value = taken.json().await.unwrap();
    assert_eq!(taken["errors"][0]["field"], "team", "{taken}");
    let change = json!({"report": "weekly", "team": "dta", "members": ["ada@example.com"], "create": false});
    assert_eq!(door.post(CONFIGURE, &change).await.status(), 404);
    let either = json!({"report": "weekly", "team": "data", "time": "10:00"});
    let changed: Value = door.post(CONFIGURE, &either).await.json().await.unwrap();
    assert_eq!((&changed["created"], &changed["version"]), (&json!(false), &json!(2)), "{changed}");
}

#[tokio::test]
async fn nobody_is_sent_a_digest_that_they_did_not_agree_to() {
    let app = monday().await;
    let door = door(&app).await;
    let refused = door.post("/api/reports/trigger", &json!({"report": "daily", "member": "ada@example.com"})).await;
    assert_eq!(refused.status(), 409);
    let unknown = door.post("/api/reports/trigger", &json!({"report": "daily", "member": "zoe@example.com"})).await;
    assert_eq!(unknown.status(), 404);
    let sample: Value =
        door.get("/api/admin/reports/preview?report=daily&member=ada@example.com").await.json().await.unwrap();
    assert_eq!(sample["sample"], true, "{sample}");
    assert!(app.slack.messages().is_empty());
}

#[tokio::test]
async fn the_page_leads_from_a_new_team_to_its_summary() {
    let app = monday().await;
    let door = door(&app).await;
    let browser = Browser::signed_in(&door).await;
    let form = [
        ("team", "data & co"),
        ("channel", "C0PLAT"),
        ("days", "tue"),
        ("time", "10:00"),
        ("zone", "Europe/Berlin"),
        ("kind", "members"),
        ("members", "ada@example.com\r\nbob@example.com"),
        ("sections", "sessions"),
        ("min_active", "2"),
    ];
    let archived = form.map(|(field, value)| (field, if field == "channel" { "C0OLD" } else { value }));
    let odd = browser.send("/admin/team/new", &archived).await;
    assert_eq!(odd.status(), 422);
    let odd = odd.text().await.unwrap();
    assert!(odd.contains("id=\"channel-fault\">This channel is archived."), "{odd}");

    let page = browser.send_and_follow("/admin/team/new", &form).await;
    assert!(page.contains("data &amp; co</h1>") && page.contains("Preview, then enable"), "{page}");
    let preview = browser.page("/admin/team/preview?name=data+%26+co").await;
    assert!(preview.contains("Tue, Sep 15, 2026, 10:00 Europe/Berlin"), "{preview}");
    let version = preview.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let on = browser.send_and_follow("/admin/team", &[("team", "data & co"), ("do", "on"), ("version", version)]).await;
    assert!(on.contains("The summary is enabled."), "{on}");
    let stale = browser.send_and_follow("/admin/team", &[("team", "data & co"), ("do", "off"), ("version", "0")]).await;
    assert!(stale.contains("This was changed meanwhile. You changed"), "{stale}");
    assert!(browser.page("/admin").await.contains("Summary of data &amp; co"));
    for path in ["/admin/teams", "/admin/personal", "/admin/people", "/admin/deliveries", "/admin/personal/preview"] {
        browser.page(path).await;
    }
    let gone = browser.send_and_follow("/admin/team", &[("team", "data & co"), ("do", "remove")]).await;
    assert!(gone.contains("is removed."), "{gone}");
    let posted = browser.page("/admin/invitation?channel=C0PLAT").await;
    assert!(posted.contains("For #platform"), "{posted}");
}

#[tokio::test]
async fn what_cannot_be_read_and_what_is_wrong_beyond_it_are_told_together() {
    let app = monday().await;
    let door = door(&app).await;
    let fields = async |body: Value| {
        let answer = door.post(CONFIGURE, &body).await;
        assert_eq!(answer.status(), 422, "{body}");
        let told: Value = answer.json().await.unwrap();
        let mut fields: Vec<_> = told["errors"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
        fields.sort_unstable_by_key(Value::to_string);
        (Value::from(fields), told)
    };
    let (found, told) =
        fields(json!({"report": "weekly", "team": "platfrom", "time": "25:00", "channel": "C0OLD"})).await;
    assert_eq!(found, json!(["channel", "team", "time"]), "{told}");
    assert!(told.to_string().contains("did you mean `platform`?"), "{told}");
    let body =
        json!({"report": "weekly", "team": "platform", "min_active": "3", "channel": "C0OLD", "days": "x", "now": 1});
    assert_eq!(fields(body).await.0, json!(["channel", "days", "min_active", "now"]));
    let body =
        json!({"report": "daily", "team": "platform", "member": "zoe@example.com", "channel": "C0PLAT", "time": "x"});
    assert_eq!(fields(body).await.0, json!(["channel", "member", "team", "time"]));
    let (found, told) = fields(json!({"report": "daily", "sections": ["cost", "tokens", "cost"], "zone": ""})).await;
    assert_eq!(found, json!(["sections", "zone"]), "{told}");
    assert!(told.to_string().contains("more than once: `cost`"), "{told}");
    let body = json!({"report": "weekly", "team": "PLATFORM ", "members": [], "create": true, "zone": "Mars"});
    assert_eq!(fields(body).await.0, json!(["members", "team", "team", "zone"]));
}

#[tokio::test]
async fn a_summary_without_a_channel_is_not_enabled_and_addresses_that_nobody_has_are_named() {
    let app = monday().await;
    let door = door(&app).await;
    let make = json!({"report": "weekly", "team": "data", "members": ["ada@example.com", "zoe@example.com"]});
    let created: Value = door.post(CONFIGURE, &make).await.json().await.unwrap();
    assert_eq!(created["not_in_slack"], json!(["zoe@example.com"]), "{created}");
    let preview: Value = door.get("/api/admin/reports/preview?report=weekly&team=data").await.json().await.unwrap();
    let notes = preview["notes"].to_string();
    assert!(notes.contains("no channel yet") && notes.contains("1 of 2 addresses is not in Slack: zoe@"), "{notes}");
    assert_eq!(preview["why_not"], "It is not enabled.");
    let enable = json!({"report": "weekly", "team": "data", "enabled": true});
    let refused: Value = door.post(CONFIGURE, &enable).await.json().await.unwrap();
    assert_eq!((&refused["status"], &refused["errors"][0]["field"]), (&json!(422), &json!("channel")), "{refused}");
    let preview: Value =
        door.get("/api/admin/reports/preview?report=daily&member=ada@example.com").await.json().await.unwrap();
    assert_eq!(preview["why_not"], "ADA has not opted in.", "{preview}");
}
