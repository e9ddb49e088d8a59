//! Notices and run reports as they are read, at their usual and at their worst.

use recap::{
    digest::{Late, Notice, RunReport, Subject},
    message::{Templates, check, lint, text},
    model::{DeliveryId, MemberEmail},
    report::{notice, run_report},
};
use serde_json::Value;
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::embedded);

const MISSING_SCOPE: &str = "add `im:write` under Bot Token Scopes on the app's page \"OAuth & Permissions\", reinstall the app \
                             to the workspace, and use the token shown there; `recap check` lists the scopes that are missing";

fn email(text: &str) -> MemberEmail {
    text.parse().unwrap()
}

fn delivery() -> DeliveryId {
    DeliveryId("00112233445566778899aabbccddeeff".to_owned())
}

fn no_identity() -> Notice {
    Notice::no_identity(&email("ada@example.com"), &[email("grace@example.com"), email("alan@example.com")])
}

fn unknown() -> Notice {
    let subject = Subject { report: "daily", period: "2025-01-15", recipient: "ada@example.com" };
    Notice::unknown_outcome(&delivery(), subject)
}

fn typical() -> RunReport {
    let tallies = [
        ("sent", None, 300),
        ("sent", Some("resolved"), 10),
        ("skipped", Some("no_activity"), 12),
        ("skipped", Some("opted_out"), 1),
        ("failed", Some("is_archived"), 1),
        ("unknown", Some("unknown"), 1),
        ("retry", Some("ratelimited"), 2),
        ("rendered", None, 3),
    ];
    RunReport::of("daily", "2025-01-15", tallies).unknown([(&delivery(), "ada@example.com", "2025-01-15")])
}

fn weekly() -> RunReport {
    let tallies = [
        ("sent", None, 9),
        ("skipped", Some("holiday"), 1),
        ("failed", Some("is_archived"), 1),
        ("missed", Some("warehouse_unavailable"), 1),
        ("unknown", Some("unreadable_missing_scope"), 2),
    ];
    let other = DeliveryId("ffeeddccbbaa99887766554433221100".to_owned());
    RunReport::of("weekly", "2025-W03", tallies)
        .failing([("Design", "failed", Some("is_archived")), ("Data & ML", "missed", Some("warehouse_unavailable"))])
        .unknown([(&delivery(), "Platform", "2025-W03"), (&other, "Web", "2025-W03")])
}

/// More reasons than are told, each as long as words can be, counts as large as they can be.
fn worst() -> RunReport {
    let codes: Vec<String> = (0..8).map(|number| format!("restricted_action_{number}{}", "x".repeat(900))).collect();
    let tallies = ["skipped", "missed", "failed", "unknown", "planned", "rendered", "sending", "retry", "<!channel>"]
        .into_iter()
        .flat_map(|state| codes.iter().map(move |code| (state, Some(code.as_str()), u64::MAX / 100)));
    let (id, name) = (DeliveryId("<!here>".repeat(9_000)), "&<>".repeat(9_000));
    let longest = format!("{}@example.com", "&".repeat(242));
    let recipients = [name.as_str(), &longest, "", "*b*", "x", "y", "z"];
    RunReport::of("<!channel>&&&&&&", &"&".repeat(500), tallies)
        .unknown(recipients.map(|recipient| (&id, recipient, name.as_str())))
        .failing((0..500).map(|team| (name.as_str(), "failed", Some(codes[team % 8].as_str()))))
}

/// The blocks as drawn, then the text; nothing that Slack would refuse, rich blocks or not.
fn shown(message: &recap::message::Message) -> String {
    assert_eq!(lint::faults(message), []);
    assert_eq!(lint::faults(&message.without_rich_blocks()), []);
    format!("{}\n{}", text::render(message), message.text)
}

fn told(said: &Notice) -> String {
    shown(&notice(&TEMPLATES, said).unwrap())
}

#[test]
fn somebody_without_usage_reads_which_address_was_looked_for_and_whom_to_ask() {
    insta::assert_snapshot!(told(&no_identity()), @"
    No Claude Code usage under your address yet
    Recap looked for your Claude Code sessions of the last 30 days by the address that you have in Slack, and found none.
    If you have not used it lately, all is well: your digests begin with your next session.
    If you have, Claude Code may be signed in with another address, or with an API key, which tells no address at all. Then please ask one of the people below.
    - Address looked for: ada@example.com
    - Whom to ask: grace@example.com
    - Whom to ask: alan@example.com
    Only you see this.

    No Claude Code usage under your address yet. Recap looked for your Claude Code sessions of the last 30 days by the address that you have in Slack, and found none. If you have not used it lately, all is well: your digests begin with your next session. If you have, Claude Code may be signed in with another address, or with an API key, which tells no address at all. Then please ask one of the people below. Address looked for: ada@example.com; Whom to ask: grace@example.com; Whom to ask: alan@example.com
    ");
    let nobody = told(&Notice::no_identity(&email("ada@example.com"), &[]));
    assert!(nobody.contains("Then please ask whoever looks after Recap in your organisation."), "{nobody}");
}

#[test]
fn owners_read_what_is_wrong_and_what_to_do() {
    let refused = Notice::switched_off("daily", "ada@example.com", 5, "channel_not_found");
    insta::assert_snapshot!(told(&refused), @"
    A subscription was switched off
    Slack refused the last 5 messages for good: the conversation does not exist, or the app cannot see it (channel_not_found).
    Recap sends nothing more to this recipient until the subscription is switched on again.
    - Report: daily digest
    - Recipient: ada@example.com
    You get this as an owner of Recap.

    A subscription was switched off. Slack refused the last 5 messages for good: the conversation does not exist, or the app cannot see it (`channel_not_found`). Recap sends nothing more to this recipient until the subscription is switched on again. Report: daily digest; Recipient: ada@example.com
    ");
    insta::assert_snapshot!(told(&Notice::workspace_refused("missing_scope", MISSING_SCOPE)), @r#"
    Slack refused Recap
    Nothing could be sent: Recap's token lacks a scope (missing_scope).
    What was due waited, as long as it would not arrive too late.
    Add im:write under Bot Token Scopes on the app's page "OAuth & Permissions", reinstall the app to the workspace, and use the token shown there; recap check lists the scopes that are missing.
    You get this as an owner of Recap.

    Slack refused Recap. Nothing could be sent: Recap's token lacks a scope (`missing_scope`). What was due waited, as long as it would not arrive too late. Add `im:write` under Bot Token Scopes on the app's page "OAuth &amp; Permissions", reinstall the app to the workspace, and use the token shown there; `recap check` lists the scopes that are missing.
    "#);
    insta::assert_snapshot!(told(&unknown()), @"
    A message may not have arrived
    Slack gave no clear answer when Recap posted this message, and Recap could not find out by itself. It is not sent again without you, for it could then arrive twice.
    Please look into the conversation, then choose one of the two buttons, or run one of the two commands.
    - Message: daily digest, Wed, Jan 15, 2025
    - Recipient: ada@example.com
    - If it is there: recap resolve 00112233445566778899aabbccddeeff arrived
    - If it is not: recap resolve 00112233445566778899aabbccddeeff resend
    [It arrived]  [Send it again]
    You get this as an owner of Recap.

    A message may not have arrived. Slack gave no clear answer when Recap posted this message, and Recap could not find out by itself. It is not sent again without you, for it could then arrive twice. Please look into the conversation, then choose one of the two buttons, or run one of the two commands. Message: daily digest, Wed, Jan 15, 2025; Recipient: ada@example.com; If it is there: recap resolve 00112233445566778899aabbccddeeff arrived; If it is not: recap resolve 00112233445566778899aabbccddeeff resend
    ");
    let due = "2025-01-15T08:00:00Z".parse().unwrap();
    let late = Late { report: "daily", period: "2025-01-15", due, expected: 312, open: 12, unknown: 1 };
    insta::assert_snapshot!(told(&Notice::overdue(late)), @"
    Daily digests are late
    12 of 312 daily digests have neither arrived nor been given up. 1 of these may have arrived, for Slack gave no clear answer.
    recap check shows whether ClickHouse and Slack can be reached.
    - Period: Wed, Jan 15, 2025
    - Due: Wed, Jan 15, 2025, 08:00 UTC
    You get this as an owner of Recap.

    Daily digests are late. 12 of 312 daily digests have neither arrived nor been given up. 1 of these may have arrived, for Slack gave no clear answer. `recap check` shows whether ClickHouse and Slack can be reached. Period: Wed, Jan 15, 2025; Due: Wed, Jan 15, 2025, 08:00 UTC
    ");
}

#[test]
fn a_run_report_counts_what_became_of_all() {
    insta::assert_snapshot!(shown(&run_report(&TEMPLATES, &typical()).unwrap()), @"
    Daily digests, Wed, Jan 15, 2025
    Expected 330, sent 310, skipped 13, failed 1, unknown 1, waiting 5.
    Skipped
    - no sessions in the period: 12
    - opted out: 1
    Failed
    - the channel is archived (`is_archived`): 1
    Unknown
    - no clear answer from Slack: 1
    Waiting
    - waiting to be sent: 3
    - waiting to be sent again: 2
    Whether these arrived is unknown. Please look into each conversation, then choose one of its two buttons, or run recap resolve DELIVERY arrived, or resend.
    ada@example.com, Wed, Jan 15, 2025: 00112233445566778899aabbccddeeff
    [It arrived]  [Send it again]
    You get this as an owner of Recap. Ask recap explain EMAIL about one member.

    Daily digests, Wed, Jan 15, 2025: expected 330, sent 310, skipped 13, failed 1, unknown 1, waiting 5. Skipped: no sessions in the period (12); opted out (1). Failed: the channel is archived (`is_archived`) (1). Unknown: no clear answer from Slack (1). Waiting: waiting to be sent (3); waiting to be sent again (2). Whether these arrived is unknown; look, then run recap resolve DELIVERY arrived, or resend: ada@example.com (00112233445566778899aabbccddeeff).
    ");
    let all_sent = RunReport::of("weekly", "2025-W03", [("sent", None, 14)]);
    let message = run_report(&TEMPLATES, &all_sent).unwrap();
    assert_eq!(message.text, "Weekly summaries, 2025-W03: expected 14, sent 14.");
    shown(&message);
}

#[test]
fn a_weeks_run_report_names_the_teams_without_a_summary() {
    insta::assert_snapshot!(shown(&run_report(&TEMPLATES, &weekly()).unwrap()), @"
    Weekly summaries, 2025-W03
    Expected 14, sent 9, skipped 1, missed 1, failed 1, unknown 2.
    Skipped
    - a day off: 1
    Missed
    - ClickHouse could not be asked: 1
    Failed
    - the channel is archived (`is_archived`): 1
    Unknown
    - the conversation cannot be read: Recap's token lacks a scope (`missing_scope`): 2
    Teams without a summary
    - Design: the channel is archived (`is_archived`)
    - Data & ML: ClickHouse could not be asked
    Whether these arrived is unknown. Please look into each conversation, then choose one of its two buttons, or run recap resolve DELIVERY arrived, or resend.
    Platform, 2025-W03: 00112233445566778899aabbccddeeff
    [It arrived]  [Send it again]
    Web, 2025-W03: ffeeddccbbaa99887766554433221100
    [It arrived]  [Send it again]
    You get this as an owner of Recap.

    Weekly summaries, 2025-W03: expected 14, sent 9, skipped 1, missed 1, failed 1, unknown 2. Skipped: a day off (1). Missed: ClickHouse could not be asked (1). Failed: the channel is archived (`is_archived`) (1). Unknown: the conversation cannot be read: Recap's token lacks a scope (`missing_scope`) (2). Teams without a summary: Design (the channel is archived (`is_archived`)); Data &amp; ML (ClickHouse could not be asked). Whether these arrived is unknown; look, then run recap resolve DELIVERY arrived, or resend: Platform (00112233445566778899aabbccddeeff); Web (ffeeddccbbaa99887766554433221100).
    ");
}

/// The ids and values of a message's buttons.
fn buttons(message: &recap::message::Message) -> Vec<(String, String)> {
    let actions = message.blocks.iter().filter(|block| block["type"] == "actions");
    let elements = actions.flat_map(|block| block["elements"].as_array().unwrap());
    let text = |button: &Value, key: &str| button[key].as_str().unwrap().to_owned();
    elements.map(|button| (text(button, "action_id"), text(button, "value"))).collect()
}

#[test]
fn an_unknown_outcome_is_settled_by_two_buttons_that_carry_its_id() {
    let pair = |arrived: &str, resend: &str, id: &str| {
        [(arrived.to_owned(), id.to_owned()), (resend.to_owned(), id.to_owned())]
    };
    let id = &delivery().0;
    assert_eq!(buttons(&notice(&TEMPLATES, &unknown()).unwrap()), pair("resolve_arrived", "resolve_resend", id));
    assert_eq!(buttons(&notice(&TEMPLATES, &no_identity()).unwrap()), []);

    let expected = [
        pair("resolve_arrived_1", "resolve_resend_1", id),
        pair("resolve_arrived_2", "resolve_resend_2", "ffeeddccbbaa99887766554433221100"),
    ];
    assert_eq!(buttons(&run_report(&TEMPLATES, &weekly()).unwrap()), expected.concat());
    assert_eq!(buttons(&run_report(&TEMPLATES, &worst()).unwrap()).len(), 10, "of five, whatever else there is");
    assert_eq!(buttons(&run_report(&TEMPLATES, &worst()).unwrap().without_rich_blocks()).len(), 10);
}

#[test]
fn ten_teams_are_named_and_the_others_are_not_forgotten() {
    let names: Vec<_> = (10..21).map(|number| format!("Team {number}")).collect();
    let failing = |count: usize| {
        let teams = names[..count].iter().map(|name| (name.as_str(), "missed", None));
        run_report(&TEMPLATES, &RunReport::of("weekly", "2025-W03", []).failing(teams)).unwrap().text
    };
    assert!(failing(10).ends_with("Team 18 (missed); Team 19 (missed)."), "{}", failing(10));
    assert!(failing(11).ends_with("Team 19 (missed); and others."), "{}", failing(11));
}

#[test]
fn the_worst_stays_within_slacks_limits_and_loses_no_word_of_ours() {
    shown(&run_report(&TEMPLATES, &worst()).unwrap());
    let longest = format!("{}@example.com", "&".repeat(242));
    let names = ["<!channel> <https://evil|x> *b* `c`", "\u{202e}evil\n\u{0}", &"&".repeat(10_000), &longest, ""];
    for name in names {
        let address = MemberEmail::parse(name).unwrap_or_else(|_| email(&longest));
        let subject = Subject { report: name, period: name, recipient: name };
        let late = Late {
            report: name,
            period: name,
            due: chrono::DateTime::<chrono::Utc>::MAX_UTC,
            expected: u64::MAX,
            open: u64::MAX,
            unknown: u64::MAX,
        };
        for said in [
            Notice::switched_off(name, name, u32::MAX, name),
            Notice::workspace_refused(name, MISSING_SCOPE),
            Notice::unknown_outcome(&DeliveryId(name.to_owned()), subject),
            Notice::overdue(late),
            // Owners stand in the settings, so they are only long and many.
            Notice::no_identity(&address, &vec![email(&format!("{}@example.com", "o".repeat(242))); 40]),
        ] {
            let drawn = told(&said);
            assert!(!drawn.contains('…') || name.len() == 10_000, "{drawn}");
            assert!(!notice(&TEMPLATES, &said).unwrap().text.contains(['<', '>']), "{drawn}");
            assert!(said.paragraphs.iter().all(|paragraph| !paragraph.contains(['<', '*'])), "{said:?}");
        }
    }
}

#[test]
fn no_notice_shouts() {
    let refused = Notice::switched_off("weekly", "Platform", 1, "is_archived");
    for said in [no_identity(), unknown(), refused, Notice::workspace_refused("token_revoked", "copy the token")] {
        let words = format!("{said:?}");
        assert!(!words.contains('!') && !words.to_lowercase().contains("error"), "{words}");
    }
}

#[test]
fn the_samples_of_templates_are_what_is_really_said() {
    let real = |name: &str| match name {
        "notice no-identity" => serde_json::to_value(no_identity()),
        "notice unknown" => serde_json::to_value(unknown()),
        "notice workspace" => serde_json::to_value(Notice::workspace_refused("missing_scope", MISSING_SCOPE)),
        "run_report typical" => serde_json::to_value(typical()),
        "run_report weekly" => serde_json::to_value(weekly()),
        "run_report worst" => serde_json::to_value(worst()),
        other => panic!("{other} is not held"),
    };
    for template in ["notice", "run_report"] {
        let samples = check::samples_of(template);
        assert!(!samples.is_empty());
        for (sample, context) in samples {
            let real: Value = real(&format!("{template} {sample}")).unwrap();
            assert_eq!(context, real, "{template} {sample}");
        }
    }
}
