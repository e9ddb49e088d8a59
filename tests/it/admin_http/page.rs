//! The page: signing in, what it shows, and what its forms change.

use super::{
    Door, TOKEN, header,
    office::record,
    signed_in::{Browser, form, sign_in},
};
use recap::admin::{AdminError, Report, Scope};

const PAGES: [&str; 14] = [
    "/admin",
    "/admin/personal",
    "/admin/personal/preview",
    "/admin/personal/preview?member=ada%40example.com",
    "/admin/teams",
    "/admin/team?name=platform",
    "/admin/team?name=design",
    "/admin/team/new",
    "/admin/team/preview?name=design",
    "/admin/invitation",
    "/admin/invitation?channel=C0TEAM",
    "/admin/deliveries",
    "/admin/deliveries?report=weekly&recipient=platform",
    "/admin/people",
];

#[tokio::test]
async fn without_a_session_there_is_only_the_sign_in_page() {
    let door = Door::open().await;
    for path in PAGES {
        let answer = door.client.get(door.url(path)).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), header(&answer, "location")), (303, "/admin/sign-in"), "{path}");
    }
    for path in ["/admin/personal", "/admin/team", "/admin/team/new", "/admin/invitation", "/admin/sign-out"] {
        let answer = form(&door, path, &[("do", "on")]).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), header(&answer, "location")), (303, "/admin/sign-in"), "{path}");
    }
    // A bearer token is for the API, and a made-up cookie is nobody's.
    assert_eq!(door.get("/admin").await.status(), 303);
    let made_up = door.client.get(door.url("/admin")).header("cookie", format!("recap_session={}", "0".repeat(64)));
    assert_eq!(made_up.send().await.unwrap().status(), 303);
    let root = door.client.get(door.url("/")).send().await.unwrap();
    assert_eq!(header(&root, "location"), "/admin");
}

#[tokio::test]
async fn a_token_signs_in_and_signing_out_ends_the_session() {
    let door = Door::open().await;
    let refused = sign_in(&door, "wrong").await;
    assert_eq!(refused.status(), 401);
    let page = refused.text().await.unwrap();
    assert!(page.contains("No admin token is like this one.") && !page.contains("wrong\""), "{page}");

    let welcome = sign_in(&door, TOKEN).await;
    let cookie = header(&welcome, "set-cookie");
    assert!(cookie.ends_with("; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict"), "{cookie}");
    let browser = Browser::signed_in(&door).await;
    assert!(browser.page("/admin").await.contains("Signed in as ada"));
    assert_eq!(browser.get("/admin/sign-in").await.status(), 303);

    let out = browser.send("/admin/sign-out", &[]).await;
    assert!(header(&out, "set-cookie").starts_with("recap_session=; Path=/; Max-Age=0"), "{out:?}");
    assert_eq!(browser.get("/admin").await.status(), 303);
}

#[tokio::test]
async fn behind_https_the_cookie_is_kept_to_it() {
    let door = Door::of(&[("ADMIN_TOKENS__ADA", TOKEN), ("PUBLIC_URL", "https://recap.example.com")], true).await;
    assert!(header(&sign_in(&door, TOKEN).await, "set-cookie").ends_with("; SameSite=Strict; Secure"));
}

#[tokio::test]
async fn tokens_cannot_be_tried_for_long() {
    let door = Door::open().await;
    for _ in 0..10 {
        assert_eq!(sign_in(&door, "wrong").await.status(), 401);
    }
    let answer = sign_in(&door, TOKEN).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "retry-after")), (429, "60"));
}

#[tokio::test]
async fn with_no_tokens_configured_the_page_says_how_to_set_one() {
    let door = Door::of(&[], true).await;
    let page = door.client.get(door.url("/admin/sign-in")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("RECAP__HTTP__ADMIN_TOKENS__ADA=") && !page.contains("<input"), "{page}");
    assert_eq!(sign_in(&door, "").await.status(), 401);
}

#[tokio::test]
async fn before_the_daemon_is_open_who_signed_in_is_told_to_wait() {
    let door = Door::of(&[("ADMIN_TOKENS__ADA", TOKEN)], false).await;
    let browser = Browser::signed_in(&door).await;
    let answer = browser.get("/admin").await;
    assert_eq!((answer.status().as_u16(), header(&answer, "retry-after")), (503, "10"));
    assert!(answer.text().await.unwrap().contains("Recap is starting"));
}

#[tokio::test]
async fn every_page_is_guarded_and_names_nothing_from_elsewhere() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let mut paths: Vec<_> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    paths.extend([
        format!("/admin/delivery?id={}", record(7).id),
        "/admin/style.css".to_owned(),
        "/admin/nothing".to_owned(),
    ]);
    for path in paths {
        let answer = browser.get(&path).await;
        let policy = header(&answer, "content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self';"), "{path}: {policy}");
        assert!(policy.ends_with("frame-ancestors 'none'; base-uri 'none'") && !policy.contains("unsafe"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(header(&answer, name), value, "{path}");
        }
        let page = answer.text().await.unwrap();
        assert!(!page.contains("<script") && !page.contains(" style=") && !page.contains("<style"), "{path}: {page}");
        assert!(!page.contains("src=") && !page.contains("url(http"), "{path}: {page}");
        assert!(!page.contains("for her alone") && !page.contains("undefined"), "{path}: {page}");
        if ["/admin/style.css", "/admin/nothing"].contains(&path.as_str()) {
            continue;
        }
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{path}");
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert_eq!((page.matches("<main").count(), page.matches("class=\"skip\"").count()), (1, 1), "{path}");
        let mut ids: Vec<_> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{path} has an id twice");
        for named in page.split(" for=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(ids.contains(&named), "{path} labels `{named}`");
        }
        for described in page.split("aria-describedby=\"").skip(1) {
            for named in described.split('"').next().unwrap().split_whitespace() {
                assert!(ids.contains(&named), "{path} describes by `{named}`");
            }
        }
    }
}

#[tokio::test]
async fn foreign_text_is_letters() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    for path in ["/admin/deliveries", "/admin/people", "/admin/invitation?channel=C0TEAM"] {
        let page = browser.page(path).await;
        assert!(page.contains("&lt;script&gt;alert(1)&lt;"), "{path}: {page}");
    }
    let typed = browser.page("/admin/deliveries?recipient=%22%3E%3Cscript%3E").await;
    assert!(typed.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{typed}");
}

#[tokio::test]
async fn a_form_that_is_not_of_this_session_changes_nothing() {
    let door = Door::open().await;
    let (browser, other) = (Browser::signed_in(&door).await, Browser::signed_in(&door).await);
    let (own, foreign) = (browser.csrf().await, other.csrf().await);
    assert_ne!(own, foreign);
    for fields in [&[("do", "off")][..], &[("do", "off"), ("csrf", "")], &[("do", "off"), ("csrf", &foreign)]] {
        assert_eq!(browser.send_bare("/admin/personal", fields).await.status(), 403);
        assert_eq!(browser.send_bare("/admin/team", fields).await.status(), 403);
        assert_eq!(browser.send_bare("/admin/invitation", fields).await.status(), 403);
    }
    let from_elsewhere = form(&door, "/admin/personal", &[("csrf", &own), ("do", "off")]);
    let from_elsewhere = from_elsewhere.header("cookie", &browser.cookie).header("sec-fetch-site", "cross-site");
    assert_eq!(from_elsewhere.send().await.unwrap().status(), 403);
    let json = door.client.post(door.url("/admin/personal")).header("cookie", &browser.cookie).body("{}");
    assert_eq!(json.send().await.unwrap().status(), 415);
    let large = form(&door, "/admin/personal", &[("csrf", &own), ("zone", &"x".repeat(70_000))]);
    assert_eq!(large.header("cookie", &browser.cookie).send().await.unwrap().status(), 413);
    assert!(door.office.state().changes.is_empty() && door.office.state().invited.is_empty());
}

#[tokio::test]
async fn personal_digests_are_enabled_after_their_preview() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let page = browser.page("/admin/personal").await;
    assert!(page.contains("Preview, then enable") && !page.contains("value=\"on\""), "{page}");
    let refused = browser.send_and_follow("/admin/personal", &[("do", "on"), ("version", "3")]).await;
    assert!(
        refused.contains("role=\"alert\">Nothing can be enabled before its preview was shown to you."),
        "{refused}"
    );

    let preview = browser.page("/admin/personal/preview").await;
    for shown in [
        "The numbers are made up",
        "slack-message",
        "Mon, Sep 21, 2026, 10:00 Europe/Berlin",
        "Enable personal digests",
    ] {
        assert!(preview.contains(shown), "{shown}: {preview}");
    }
    let enabled = browser.send_and_follow("/admin/personal", &[("do", "on"), ("version", "3")]).await;
    assert!(enabled.contains("role=\"status\">Personal digests are enabled for this workspace."), "{enabled}");
    assert!(enabled.contains("Switch personal digests off"), "{enabled}");
    assert!(!browser.page("/admin/personal").await.contains("role=\"status\""), "it is said once");
    browser.send_and_follow("/admin/personal", &[("do", "off"), ("version", "3")]).await;
    assert!(!door.office.state().enabled);
}

#[tokio::test]
async fn only_what_was_changed_in_a_form_is_changed() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let form = [
        ("do", "save"),
        ("version", "3"),
        ("time", "10:30"),
        ("zone", "Europe/Berlin"),
        ("days", "mon"),
        ("days", "tue"),
        ("sections", "skills"),
        ("sections", "tokens"),
        ("sections", "cost"),
        ("sections", "sessions"),
    ];
    let saved = browser.send_and_follow("/admin/personal", &form).await;
    assert!(saved.contains("Saved. Two people are not in Slack."), "{saved}");
    let team = [
        ("team", "platform"),
        ("do", "save"),
        ("version", "3"),
        ("time", "09:00"),
        ("days", "mon"),
        ("zone", "Europe/Berlin"),
        ("channel", "C0TEAM"),
        ("kind", "usergroup"),
        ("usergroup", "S0PLAT"),
        ("members", "ada@example.com\r\ngrace@example.com"),
        ("owners", "ada@example.com, grace@example.com"),
        ("min_active", "3"),
        ("sections", "mvp"),
        ("sections", "sessions"),
        ("sections", "cost"),
        ("sections", "active"),
        ("sections", "tokens"),
        ("sections", "skills"),
        ("sections", "new_skills"),
        ("sections", "chart"),
    ];
    browser.send_and_follow("/admin/team", &team).await;
    let state = door.office.state();
    let daily = &state.changes[0].1;
    assert_eq!((daily.report, &daily.scope, daily.time.as_deref()), (Report::Daily, &Scope::Workspace, Some("10:30")));
    assert_eq!((daily.days.as_deref(), &daily.zone, &daily.sections), (Some("mon,tue"), &None, &None));
    assert_eq!((daily.version, daily.enabled), (Some(3), None));
    let weekly = &state.changes[1].1;
    assert_eq!((&weekly.time, &weekly.channel, &weekly.sections, &weekly.members), (&None, &None, &None, &None));
    assert_eq!((weekly.usergroup.as_deref(), weekly.min_active), (Some("S0PLAT"), None));
    assert_eq!(weekly.owners.as_ref().map(Vec::len), Some(2));
}

#[tokio::test]
async fn faults_stand_beside_their_fields_and_what_was_typed_is_kept() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let fields = [
        ("team", "data"),
        ("time", "25:00"),
        ("days", "mon"),
        ("zone", "Mars/Base"),
        ("channel", "general"),
        ("kind", "members"),
        ("members", "ada@example.com nobody"),
        ("min_active", "3"),
    ];
    let answer = browser.send("/admin/team/new", &fields).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap().replace("&#x2f;", "/");
    for kept in
        ["value=\"data\"", "value=\"25:00\"", "value=\"Mars/Base\"", "value=\"general\"", "ada@example.com\nnobody"]
    {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 4, "{page}");
    assert!(page.contains("id=\"channel-fault\">Must be a channel&#x27;s id, as C0123456789.<"), "{page}");
    for (name, said) in [("", "Must not be empty."), ("platform", "There is a team of this name already.")] {
        let page = browser.send("/admin/team/new", &[("team", name), ("zone", "UTC")]).await.text().await.unwrap();
        assert!(page.contains(said), "{page}");
    }
    let odd = browser.send("/admin/personal", &[("do", "save"), ("time", "x"), ("zone", "y")]).await;
    assert_eq!(odd.status(), 422);
    assert_eq!(odd.text().await.unwrap().matches("class=\"fault\"").count(), 3, "time, zone, and days that are none");
}

#[tokio::test]
async fn a_team_is_added_previewed_enabled_and_removed() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let added = [
        ("team", "data & more/x"),
        ("time", "09:00"),
        ("days", "tue"),
        ("zone", "Europe/Berlin"),
        ("kind", "members"),
        ("members", "ada@example.com"),
    ];
    let page = browser.send_and_follow("/admin/team/new", &added).await;
    assert!(page.contains("The team is there.") && page.contains("data &amp; more/x</h1>"), "{page}");
    assert!(page.contains("/admin/team/preview?name=data+%26+more%2Fx"), "{page}");

    let page = browser.page("/admin/team?name=design").await;
    assert!(page.contains("Preview, then enable") && !page.contains("Enable the summary"), "{page}");
    let preview = browser.page("/admin/team/preview?name=design").await;
    assert!(preview.contains("Enable the summary of design") && preview.contains("<svg"), "{preview}");
    assert!(preview.contains("Recap is not in this channel."), "what else there is to know: {preview}");
    let stale = browser.send_and_follow("/admin/team", &[("team", "design"), ("do", "on"), ("version", "2")]).await;
    assert!(stale.contains("This was changed meanwhile. Boss changed time 09:00 → 10:00."), "{stale}");
    let enabled = browser.send_and_follow("/admin/team", &[("team", "design"), ("do", "on"), ("version", "3")]).await;
    assert!(enabled.contains("The summary is enabled."), "{enabled}");

    assert!(!browser.page("/admin/team?name=platform").await.contains("value=\"remove\""), "the settings file has it");
    let removed = browser.send_and_follow("/admin/team", &[("team", "design"), ("do", "remove")]).await;
    assert!(removed.contains("The team &quot;design&quot; is removed."), "{removed}");
    assert_eq!(door.office.state().removed, ["design"]);
    assert_eq!(browser.get("/admin/team?name=none").await.status(), 404);
    assert_eq!(browser.get("/admin/team/preview?name=none").await.status(), 404);
}

#[tokio::test]
async fn an_invitation_is_posted_after_it_was_shown() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let page = browser.page("/admin/invitation?channel=C0TEAM").await;
    assert!(page.contains("One stands in this channel already.") && page.contains("Recap tells you how"), "{page}");
    let posted = browser.send_and_follow("/admin/invitation", &[("channel", "C0TEAM")]).await;
    assert!(posted.contains("The invitation goes out now.") && posted.contains("Team summary"), "{posted}");
    assert_eq!(door.office.state().invited[0].0, "C0TEAM");
    let again = browser.send_and_follow("/admin/invitation", &[("channel", "C0TEAM")]).await;
    assert!(again.contains("It was already posted today.") && !again.contains("goes out now"), "{again}");
    let refused = browser.get("/admin/invitation?channel=general").await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("id=\"channel-fault\" role=\"alert\">Must be a channel"));
}

#[tokio::test]
async fn deliveries_say_why_not_and_go_on_page_by_page() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let page = browser.page("/admin/deliveries").await;
    for told in
        ["Skipped: no sessions in the period.", "Failed: the channel is archived", "Unknown whether it arrived."]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let (_, older) = page.split_once("rel=\"next\" href=\"").unwrap();
    let older = browser.page(&older.split('"').next().unwrap().replace("&amp;", "&")).await;
    assert!(
        older.contains(&record(25).id.0) && !older.contains(&record(24).id.0) && older.contains(">Latest<"),
        "{older}"
    );
    let filtered = browser.page("/admin/deliveries?report=weekly&recipient=platform").await;
    assert!(filtered.contains("value=\"weekly\" selected") && !filtered.contains(">U0ADA<"), "{filtered}");
    // People and channels have names, which are letters and no more, and their ids beside them.
    let evil = "<span dir=\"auto\" title=\"U0ADA\">&lt;script&gt;alert(1)";
    assert!(page.contains(evil) && browser.page("/admin").await.contains(evil), "{page}");
    assert!(!page.contains(">U0ADA<"), "{page}");
    let of_ada = browser.page(&format!("/admin/delivery?id={}", record(3).id)).await;
    for told in ["<code class=\"id\">U0ADA</code>", "#team-platform</span> <code class=\"id\">C0TEAM</code>"] {
        assert!(of_ada.contains(told), "{told}: {of_ada}");
    }
    let one = browser.page(&format!("/admin/delivery?id={}", record(4).id)).await;
    assert!(one.contains("Waiting to be sent again: &quot;http_503&quot;.") && one.contains("Attempts"), "{one}");
    for none in ["", "x", "ffffffffffffffffffffffffffffffff"] {
        assert_eq!(browser.get(&format!("/admin/delivery?id={none}")).await.status(), 404);
    }
}

#[tokio::test]
async fn what_failed_is_told_without_its_cause() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    door.office.refuse(AdminError::NotAllowed("Only admins may.".to_owned()));
    let answer = browser.get("/admin/teams").await;
    assert_eq!(answer.status(), 403);
    assert!(answer.text().await.unwrap().contains("Only admins may."));
    door.office.state().halted = true;
    assert!(browser.page("/admin").await.contains("Sending is halted."));
}
