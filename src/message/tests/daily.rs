use super::*;
use crate::message::text;
use serde_json::json;

fn shown(context: &Value) -> String {
    let message = daily(context);
    format!("{}\n{}", text::render(&message), message.text)
}

#[test]
fn a_typical_day_reads_as_drawn() {
    insta::assert_snapshot!(shown(&sample("typical")), @"
    Your Claude Code Daily Digest — Wed, Jan 15, 2025
    Sessions: 12 (+3 vs avg)          Cost: $4.82 (+$0.74 vs avg)
    Tokens: 142K in / 38K out
    Top skills
    1. /commit (8x)   2. /review-pr (3x)   3. /autopilot (1x)
    5-day streak. Keep it going.
    Wed, Europe/Berlin · cost estimated at API prices · only you see this
    [My week]  [Settings]  [⋯ Pause until Monday | Pause a week | Stop these messages]

    Your Claude Code Daily Digest for Wednesday, January 15: 12 sessions, 3 more than your average; estimated cost $4.82; 142K tokens in and 38K out. Top skills: commit (8), review-pr (3), autopilot (1). 5-day streak.
    ");
}

#[test]
fn an_empty_day_shows_zeros() {
    insta::assert_snapshot!(shown(&sample("empty")), @"
    Your Claude Code Daily Digest — Wed, Jan 15, 2025
    Sessions: 0                       Cost: $0.00
    Tokens: 0 in / 0 out
    No sessions in this period.
    Wed, Europe/Berlin · cost estimated at API prices · only you see this
    [My week]  [Settings]  [⋯ Pause until Monday | Pause a week | Stop these messages]

    Your Claude Code Daily Digest for Wednesday, January 15: no sessions.
    ");
}

#[test]
fn the_worst_case_stays_within_every_limit() {
    insta::assert_snapshot!(shown(&sample("worst")), @"
    Your Claude Code Daily Digest — Wed, Dec 24, 2025 – Thu, Jan 1, 2026 (up to 23:59)
    Sessions: 9223372T (−9223372T vs avg)  Cost: $123,456,789,012.34 (−$123,456,789,012.34 vs avg)
    Tokens: 18446744.1T in / 18446744.1T out  Cache hit rate: 100%
    Top skills
    1. /<!channel> & <https://evil|Slack>:wow:*b (18446744.1Tx)   2. /WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (18446744.1Tx)   3. /مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (18446744.1Tx)   and 18,446,744,073,709,551,615 more
    Models
    <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   and 18,446,744,073,709,551,615 more
    Streak of 4,294,967,295 days or more. Keep it going.
    Sessions by day: Fri 9007199254740991, Sat 9007199254740991, Sun 9007199254740991, Mon 9007199254740991, Tue 9007199254740991, Wed 9007199254740991, Thu 9007199254740991
    This is your first digest. The next one comes on Friday, January 2 at 23:59. To get no more of them, choose Stop these messages in the menu of this message.
    Wed–Thu, America/Argentina/ComodRivadavia · cost estimated at API prices · only you see this
    [My week]  [Settings]  [⋯ Pause until Monday | Pause a week | Stop these messages]

    Your Claude Code Daily Digest for Wednesday, December 24 to Thursday, January 1 (up to 23:59): 9223372T sessions, 9223372T fewer than your average; estimated cost $123,456,789,012.34; 18446744.1T tokens in and 18446744.1T out. Cache hit rate: 100%. Top skills: &lt;!channel&gt; &amp; &lt;https://evil|Slack&gt;:wow:*b (18446744.1T), WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (18446744.1T), مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (18446744.1T) and 18,446,744,073,709,551,615 more. Models: &lt;@U123&gt; &amp;amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%), &lt;@U123&gt; &amp;amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%), &lt;@U123&gt; &amp;amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%), &lt;@U123&gt; &amp;amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%), &lt;@U123&gt; &amp;amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%) and 18,446,744,073,709,551,615 more. Streak of 4,294,967,295 days or more. Sessions by day: Fri 9,007,199,254,740,991, Sat 9,007,199,254,740,991, Sun 9,007,199,254,740,991, Mon 9,007,199,254,740,991, Tue 9,007,199,254,740,991, Wed 9,007,199,254,740,991, Thu 9,007,199,254,740,991. This is your first digest. The next one comes on Friday, January 2 at 23:59. To get no more of them, choose Stop these messages in the menu of this message.
    ");
}

#[test]
fn the_first_digest_says_so_and_how_to_stop() {
    insta::assert_snapshot!(shown(&sample("first")), @"
    Your Claude Code Daily Digest — Wed, Jan 15, 2025
    Sessions: 1                       Cost: <$0.01
    Tokens: 1.9K in / 420 out
    Top skills
    1. /commit (1x)
    1-day streak. Keep it going.
    This is your first digest. The next one comes on Thursday, January 16 at 09:00. To get no more of them, choose Stop these messages in the menu of this message.
    Wed, Europe/Berlin · cost estimated at API prices · only you see this
    [My week]  [Settings]  [⋯ Pause until Monday | Pause a week | Stop these messages]

    Your Claude Code Daily Digest for Wednesday, January 15: 1 session; estimated cost &lt;$0.01; 1.9K tokens in and 420 out. Top skills: commit (1). 1-day streak. This is your first digest. The next one comes on Thursday, January 16 at 09:00. To get no more of them, choose Stop these messages in the menu of this message.
    ");
    let mut context = sample("first");
    context["opt_out"] = json!(false);
    context["next"] = Value::Null;
    let text = daily(&context).text;
    assert!(text.ends_with(" This is your first digest."), "{text}");
}

#[test]
fn an_evening_digest_says_up_to_when() {
    insta::assert_snapshot!(shown(&sample("evening")), @"
    Your Claude Code Daily Digest — Wed, Jan 15, 2025 (up to 18:00)
    Sessions: 9 (±0 vs avg)           Cost: $3.10 (−$0.42 vs avg)
    Tokens: 142K in / 38K out         Cache hit rate: 83%
    Top skills
    1. /commit (8x)   2. /review-pr (3x)   3. /autopilot (1x)
    Models
    sonnet-4 (72%)   opus-4 (28%)
    5-day streak. Keep it going.
    Sessions by day: Thu 9, Fri 11, Sat 0, Sun 1, Mon 8, Tue 10, Wed 12
    Wed, Europe/Berlin · cost estimated at API prices · only you see this
    [My week]  [Settings]  [⋯ Pause until Monday | Pause a week | Stop these messages]

    Your Claude Code Daily Digest for Wednesday, January 15 (up to 18:00): 9 sessions, as many as your average; estimated cost $3.10; 142K tokens in and 38K out. Cache hit rate: 83%. Top skills: commit (8), review-pr (3), autopilot (1). Models: sonnet-4 (72%), opus-4 (28%). 5-day streak. Sessions by day: Thu 9, Fri 11, Sat 0, Sun 1, Mon 8, Tue 10, Wed 12.
    ");
}

#[test]
fn several_days_are_a_range() {
    insta::assert_snapshot!(shown(&sample("several-days")), @"
    Your Claude Code Daily Digest — Fri, Jan 17 – Sun, Jan 19, 2025
    Sessions: 7 (−2 vs avg)           Cost: $1,234.56 (±$0.00 vs avg)
    Tokens: 142K in / 38K out
    Top skills
    1. /commit (8x)   2. /review-pr (3x)   3. /autopilot (1x)   and 4 more
    Streak of 90 days or more. Keep it going.
    Fri–Sun, Asia/Kathmandu · cost estimated at API prices · only you see this
    [My week]  [Settings]  [⋯ Pause until Monday | Pause a week | Stop these messages]

    Your Claude Code Daily Digest for Friday, January 17 to Sunday, January 19: 7 sessions, 2 fewer than your average; estimated cost $1,234.56; 142K tokens in and 38K out. Top skills: commit (8), review-pr (3), autopilot (1) and 4 more. Streak of 90 days or more.
    ");
}

#[test]
fn the_blocks_of_a_typical_day_are_these() {
    let blocks = daily(&sample("typical")).blocks;
    let lines: Vec<_> = blocks.iter().map(Value::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"type":"header","text":{"type":"plain_text","text":"Your Claude Code Daily Digest — Wed, Jan 15, 2025","emoji":false}}
    {"type":"section","fields":[{"type":"mrkdwn","text":"*Sessions:* 12 (+3 vs avg)","verbatim":true},{"type":"mrkdwn","text":"*Cost:* $4.82 (+$0.74 vs avg)","verbatim":true},{"type":"mrkdwn","text":"*Tokens:* 142K in / 38K out","verbatim":true}]}
    {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Top skills\n","style":{"bold":true}},{"type":"text","text":"1. /commit (8x)"},{"type":"text","text":"   "},{"type":"text","text":"2. /review-pr (3x)"},{"type":"text","text":"   "},{"type":"text","text":"3. /autopilot (1x)"}]}]}
    {"type":"section","text":{"type":"plain_text","text":"5-day streak. Keep it going.","emoji":false}}
    {"type":"context","elements":[{"type":"plain_text","text":"Wed, Europe/Berlin · cost estimated at API prices · only you see this","emoji":false}]}
    {"type":"actions","block_id":"digest_actions","elements":[{"type":"button","action_id":"digest_my_week","text":{"type":"plain_text","text":"My week","emoji":false}},{"type":"button","action_id":"digest_settings","text":{"type":"plain_text","text":"Settings","emoji":false}},{"type":"overflow","action_id":"digest_more","options":[{"text":{"type":"plain_text","text":"Pause until Monday","emoji":false},"value":"pause_until_monday"},{"text":{"type":"plain_text","text":"Pause a week","emoji":false},"value":"pause_week"},{"text":{"type":"plain_text","text":"Stop these messages","emoji":false},"value":"stop"}]}]}
    "#);
}

#[test]
fn the_blocks_of_an_empty_day_are_these() {
    let blocks = daily(&sample("empty")).blocks;
    let lines: Vec<_> = blocks.iter().map(Value::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"type":"header","text":{"type":"plain_text","text":"Your Claude Code Daily Digest — Wed, Jan 15, 2025","emoji":false}}
    {"type":"section","fields":[{"type":"mrkdwn","text":"*Sessions:* 0","verbatim":true},{"type":"mrkdwn","text":"*Cost:* $0.00","verbatim":true},{"type":"mrkdwn","text":"*Tokens:* 0 in / 0 out","verbatim":true}]}
    {"type":"section","text":{"type":"plain_text","text":"No sessions in this period.","emoji":false}}
    {"type":"context","elements":[{"type":"plain_text","text":"Wed, Europe/Berlin · cost estimated at API prices · only you see this","emoji":false}]}
    {"type":"actions","block_id":"digest_actions","elements":[{"type":"button","action_id":"digest_my_week","text":{"type":"plain_text","text":"My week","emoji":false}},{"type":"button","action_id":"digest_settings","text":{"type":"plain_text","text":"Settings","emoji":false}},{"type":"overflow","action_id":"digest_more","options":[{"text":{"type":"plain_text","text":"Pause until Monday","emoji":false},"value":"pause_until_monday"},{"text":{"type":"plain_text","text":"Pause a week","emoji":false},"value":"pause_week"},{"text":{"type":"plain_text","text":"Stop these messages","emoji":false},"value":"stop"}]}]}
    "#);
}

#[test]
fn the_chart_of_the_worst_day_has_its_numbers_in_the_plain_form_too() {
    let message = daily(&sample("worst"));
    let plain = message.without_rich_blocks();
    assert_eq!(lint::faults(&plain), []);
    let lines: Vec<_> = plain.blocks.iter().map(Value::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"type":"header","text":{"type":"plain_text","text":"Your Claude Code Daily Digest — Wed, Dec 24, 2025 – Thu, Jan 1, 2026 (up to 23:59)","emoji":false}}
    {"type":"section","fields":[{"type":"mrkdwn","text":"*Sessions:* 9223372T (−9223372T vs avg)","verbatim":true},{"type":"mrkdwn","text":"*Cost:* $123,456,789,012.34 (−$123,456,789,012.34 vs avg)","verbatim":true},{"type":"mrkdwn","text":"*Tokens:* 18446744.1T in / 18446744.1T out","verbatim":true},{"type":"mrkdwn","text":"*Cache hit rate:* 100%","verbatim":true}]}
    {"type":"section","text":{"type":"plain_text","text":"Top skills\n1. /<!channel> & <https://evil|Slack>:wow:*b (18446744.1Tx)   2. /WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (18446744.1Tx)   3. /مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (18446744.1Tx)   and 18,446,744,073,709,551,615 more","emoji":false}}
    {"type":"section","text":{"type":"plain_text","text":"Models\n<@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   <@U123> &amp; MMMMMMMMMMMMMMMMMMMMMMMMMM (100%)   and 18,446,744,073,709,551,615 more","emoji":false}}
    {"type":"section","text":{"type":"plain_text","text":"Streak of 4,294,967,295 days or more. Keep it going.","emoji":false}}
    {"type":"section","text":{"type":"plain_text","text":"Sessions by day: Fri 9007199254740991, Sat 9007199254740991, Sun 9007199254740991, Mon 9007199254740991, Tue 9007199254740991, Wed 9007199254740991, Thu 9007199254740991","emoji":false}}
    {"type":"section","block_id":"recap_line","text":{"type":"plain_text","text":"This is your first digest. The next one comes on Friday, January 2 at 23:59. To get no more of them, choose Stop these messages in the menu of this message.","emoji":false}}
    {"type":"context","elements":[{"type":"plain_text","text":"Wed–Thu, America/Argentina/ComodRivadavia · cost estimated at API prices · only you see this","emoji":false}]}
    {"type":"actions","block_id":"digest_actions","elements":[{"type":"button","action_id":"digest_my_week","text":{"type":"plain_text","text":"My week","emoji":false}},{"type":"button","action_id":"digest_settings","text":{"type":"plain_text","text":"Settings","emoji":false}},{"type":"overflow","action_id":"digest_more","options":[{"text":{"type":"plain_text","text":"Pause until Monday","emoji":false},"value":"pause_until_monday"},{"text":{"type":"plain_text","text":"Pause a week","emoji":false},"value":"pause_week"},{"text":{"type":"plain_text","text":"Stop these messages","emoji":false},"value":"stop"}]}]}
    "#);
}

#[test]
fn without_a_comparison_numbers_stand_bare() {
    let mut context = sample("typical");
    context["sections"]["comparison"] = json!(false);
    let bare = shown(&context);
    assert!(!bare.contains("avg") && !bare.contains("average"), "{bare}");
    let mut unknown = sample("typical");
    unknown["sessions"]["change"] = Value::Null;
    unknown["cost"]["change"] = Value::Null;
    assert_eq!(shown(&unknown), bare);
}

#[test]
fn the_same_as_the_average_is_said_in_words_and_as_plus_minus_zero() {
    let mut context = sample("typical");
    context["sessions"]["change"]["difference"] = json!(0);
    let message = daily(&context);
    assert!(message.text.contains("12 sessions, as many as your average;"), "{}", message.text);
    assert_eq!(message.blocks[1]["fields"][0]["text"], "*Sessions:* 12 (±0 vs avg)");
}

#[test]
fn every_set_of_sections_is_a_whole_message() {
    let names: Vec<String> = sample("worst")["sections"].as_object().unwrap().keys().cloned().collect();
    for kind in ["worst", "empty", "typical"] {
        for set in 0..1_u32 << names.len() {
            let mut context = sample(kind);
            for (bit, name) in names.iter().enumerate() {
                context["sections"][name] = json!(set >> bit & 1 == 1);
            }
            let message = daily(&context);
            let off = |name: &str| context["sections"][name] == false;
            assert!(!off("cost") || !message.text.contains('$') && !shown_blocks(&message).contains("cost"));
            assert!(!off("tokens") || !message.text.contains("token"));
            assert!(!off("skills") || !message.text.contains("Top skills"));
            assert!(!message.text.contains("; ;") && !message.text.contains("  ") && !message.text.contains(": ."));
        }
    }
}

fn shown_blocks(message: &Message) -> String {
    text::render(message).to_lowercase()
}

#[test]
fn a_snapshot_is_text_and_blocks_and_reads_back_as_the_same_message() {
    for (name, _) in check::samples_of("daily") {
        let message = daily(&sample(name));
        let json = message.to_json();
        assert_eq!(Message::from_json(&json).unwrap(), message, "{name}");
        let keys: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(keys.as_object().unwrap().keys().collect::<Vec<_>>(), ["text", "blocks"], "{name}");
        assert_eq!(serde_json::to_value(&message).unwrap(), keys, "{name}");
    }
    for wrong in ["", "{}", "[]", r#"{"text": "a"}"#, r#"{"text": "a", "blocks": [], "channel": "C1"}"#] {
        assert!(Message::from_json(wrong).is_err(), "{wrong}");
    }
}
