use super::*;
use crate::message::{mrkdwn, text};
use serde_json::json;

/// The context of a sample of the weekly summary.
fn sample(name: &str) -> Value {
    let samples = check::samples_of("weekly");
    samples.into_iter().find(|(sample, _)| *sample == name).map(|(_, context)| context).unwrap()
}

/// The weekly summary over `context`, which Slack would accept, also without charts.
fn weekly(context: &Value) -> Message {
    let message = TEMPLATES.render("weekly", context).unwrap();
    assert_eq!(lint::faults(&message), []);
    assert_eq!(lint::faults(&message.without_rich_blocks()), []);
    message
}

fn shown(context: &Value) -> String {
    let message = weekly(context);
    format!("{}\n{}", text::render(&message), message.text)
}

#[test]
fn a_typical_week_reads_as_drawn() {
    insta::assert_snapshot!(shown(&sample("typical")), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Sessions: 148 (▲ 12%)             Cost: $214.60 (▼ 4%)
    Active: 11 of 14 (▲ 1)            Tokens: 8.1M in / 2.2M out (▲ 9%)
    MVP, most sessions: Anna Weber (41)
    MVP, most diverse skills: a teammate (9). Is it you? [Show my name]
    Top skills
    1. /commit (96x)  2. /review-pr (41x)  3. /tdd:ci (22x)  4. /autopilot (14x)  5. /fix (9x)
    New this week: /terraform-plan (3 people)
    Sessions by day: Mon 31, Tue 28, Wed 33, Thu 26, Fri 24, Sat 2, Sun 4
    Mon–Sun, Europe/Berlin · arrows against the week before · cost estimated at API prices
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: 148 sessions (up 12%); estimated cost $214.60 (down 4%); 11 of 14 members active (up 1); 8.1M tokens in and 2.2M out (up 9%); compared with the week before. MVP, most sessions: Anna Weber (41). MVP, most diverse skills: a teammate (9). Top skills: commit (96), review-pr (41), tdd:ci (22), autopilot (14), fix (9). New this week: terraform-plan (3 people). Sessions by day: Mon 31, Tue 28, Wed 33, Thu 26, Fri 24, Sat 2, Sun 4.
    ");
}

#[test]
fn the_blocks_of_a_typical_week_are_these() {
    let blocks = weekly(&sample("typical")).blocks;
    let lines: Vec<_> = blocks.iter().map(Value::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"type":"header","text":{"type":"plain_text","text":"Claude Code weekly — Platform, Jan 13 – 19, 2025","emoji":false}}
    {"type":"section","fields":[{"type":"mrkdwn","text":"*Sessions:* 148 (▲ 12%)","verbatim":true},{"type":"mrkdwn","text":"*Cost:* $214.60 (▼ 4%)","verbatim":true},{"type":"mrkdwn","text":"*Active:* 11 of 14 (▲ 1)","verbatim":true},{"type":"mrkdwn","text":"*Tokens:* 8.1M in / 2.2M out (▲ 9%)","verbatim":true}]}
    {"type":"section","block_id":"weekly_mvp_sessions","text":{"type":"plain_text","text":"MVP, most sessions: Anna Weber (41)","emoji":false}}
    {"type":"section","block_id":"weekly_mvp_skills","text":{"type":"plain_text","text":"MVP, most diverse skills: a teammate (9). Is it you?","emoji":false},"accessory":{"type":"button","action_id":"weekly_show_name_skills","text":{"type":"plain_text","text":"Show my name","emoji":false}}}
    {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Top skills\n","style":{"bold":true}},{"type":"text","text":"1. /commit (96x)"},{"type":"text","text":"  "},{"type":"text","text":"2. /review-pr (41x)"},{"type":"text","text":"  "},{"type":"text","text":"3. /tdd:ci (22x)"},{"type":"text","text":"  "},{"type":"text","text":"4. /autopilot (14x)"},{"type":"text","text":"  "},{"type":"text","text":"5. /fix (9x)"}]}]}
    {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"New this week: ","style":{"bold":true}},{"type":"text","text":"/terraform-plan (3 people)"}]}]}
    {"type":"data_visualization","title":"Sessions by day","chart":{"type":"bar","series":[{"name":"sessions","data":[{"label":"Mon","value":31},{"label":"Tue","value":28},{"label":"Wed","value":33},{"label":"Thu","value":26},{"label":"Fri","value":24},{"label":"Sat","value":2},{"label":"Sun","value":4}]}],"axis_config":{"categories":["Mon","Tue","Wed","Thu","Fri","Sat","Sun"],"x_label":"day","y_label":"sessions"}}}
    {"type":"context","elements":[{"type":"plain_text","text":"Mon–Sun, Europe/Berlin · arrows against the week before · cost estimated at API prices","emoji":false}]}
    {"type":"actions","block_id":"weekly_actions","elements":[{"type":"button","action_id":"weekly_get_digest","text":{"type":"plain_text","text":"Get my daily digest","emoji":false}},{"type":"button","action_id":"weekly_see_mine","text":{"type":"plain_text","text":"See my numbers","emoji":false}}]}
    "#);
}

#[test]
fn of_a_small_team_it_is_said_how_many_were_active_and_nothing_else() {
    insta::assert_snapshot!(shown(&sample("small-team")), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    2 of 6 members were active.
    Mon–Sun, Europe/Berlin
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: 2 of 6 members were active.
    ");
    let mut one = sample("small-team");
    one["active"] = json!({"total": 1, "members": 1, "trend": null});
    let one = shown(&one);
    assert!(one.contains("1 of 1 members was active."), "{one}");
}

#[test]
fn a_week_of_zeros_says_that_nobody_was_active() {
    insta::assert_snapshot!(shown(&sample("zero")), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Nobody was active.
    Mon–Sun, Europe/Berlin
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: nobody was active.
    ");
}

#[test]
fn a_first_week_has_arrows_alone_and_says_what_is_missing() {
    insta::assert_snapshot!(shown(&sample("first-week")), @"
    Claude Code weekly — Data, Dec 30, 2024 – Jan 5, 2025
    Sessions: 9 (▲)                   Cost: $3.20 (▲)
    Active: 4 of 5 (▲ 4)              Tokens: 41K in / 9.3K out (▲)
    MVP, most sessions: a teammate. Is it you? [Show my name]
    MVP, most diverse skills: two teammates. Are you one of them? [Show my name]
    Top skills
    1. /commit (3x)  2. /fix (1x)
    Sessions by day: Mon 0, Tue 0, Wed 0, Thu 4, Fri 5, Sat 0, Sun 0
    Mon–Sun, Asia/Kathmandu · arrows against the week before · cost estimated at API prices · Data to Sun 07:42 · Impossible numbers of 1 request count as 0
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Data, Monday, December 30 to Sunday, January 5: 9 sessions (up); estimated cost $3.20 (up); 4 of 5 members active (up 4); 41K tokens in and 9.3K out (up); compared with the week before. MVP, most sessions: a teammate. MVP, most diverse skills: two teammates. Top skills: commit (3), fix (1). Sessions by day: Mon 0, Tue 0, Wed 0, Thu 4, Fri 5, Sat 0, Sun 0. Data to Sunday, January 5 at 07:42. Impossible numbers of 1 request count as 0.
    ");
}

#[test]
fn where_nobody_agreed_to_be_named_the_winners_are_teammates() {
    insta::assert_snapshot!(shown(&sample("nobody-named")), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Sessions: 148 (level)             Cost: $214.60 (level)
    Active: 11 of 14 (level)          Tokens: 8.1M in / 2.2M out (▲ 9%)
    MVP, most sessions: a teammate (41). Is it you? [Show my name]
    MVP, most diverse skills: a teammate (9). Is it you? [Show my name]
    Top skills
    1. /commit (96x)  2. /review-pr (41x)  3. /tdd:ci (22x)  4. /autopilot (14x)  5. /fix (9x)  and 12 more
    New this week: 2 skills tried by one person each
    Sessions by day: Mon 31, Tue 28, Wed 33, Thu 26, Fri 24, Sat 2, Sun 4
    Mon–Sun, Europe/Berlin · arrows against the week before · cost estimated at API prices
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: 148 sessions (level); estimated cost $214.60 (level); 11 of 14 members active (level); 8.1M tokens in and 2.2M out (up 9%); compared with the week before. MVP, most sessions: a teammate (41). MVP, most diverse skills: a teammate (9). Top skills: commit (96), review-pr (41), tdd:ci (22), autopilot (14), fix (9) and 12 more. New this week: 2 skills tried by one person each. Sessions by day: Mon 31, Tue 28, Wed 33, Thu 26, Fri 24, Sat 2, Sun 4.
    ");
}

#[test]
fn winners_who_are_tied_stand_together() {
    insta::assert_snapshot!(shown(&sample("ties")), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Sessions: 148 (▲ 12%)             Cost: $214.60 (▼ 4%)
    Active: 14 of 14 (▼ 2)            Tokens: 8.1M in / 2.2M out (▲ 9%)
    MVP, most sessions: Anna Weber, two teammates and 7 others (12). Are you one of them? [Show my name]
    MVP, most diverse skills: Anna Weber and Ben Ode (4)
    Top skills
    1. /commit (96x)  2. /review-pr (41x)  3. /tdd:ci (22x)  4. /autopilot (14x)  5. /fix (9x)
    New this week: /terraform-plan (3 people), /zap (2 people) and 1 more tried by one person
    Sessions by day: Mon 31, Tue 28, Wed 33, Thu 26, Fri 24, Sat 2, Sun 4
    Mon–Sun, Europe/Berlin · arrows against the week before · cost estimated at API prices
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: 148 sessions (up 12%); estimated cost $214.60 (down 4%); 14 of 14 members active (down 2); 8.1M tokens in and 2.2M out (up 9%); compared with the week before. MVP, most sessions: Anna Weber, two teammates and 7 others (12). MVP, most diverse skills: Anna Weber and Ben Ode (4). Top skills: commit (96), review-pr (41), tdd:ci (22), autopilot (14), fix (9). New this week: terraform-plan (3 people), zap (2 people) and 1 more tried by one person. Sessions by day: Mon 31, Tue 28, Wed 33, Thu 26, Fri 24, Sat 2, Sun 4.
    ");
}

#[test]
fn winners_read_as_a_sentence_whoever_they_are() {
    for (names, teammates, others, expected) in [
        (&["Anna"][..], 0, 0, "Anna"),
        (&["Anna", "Ben"], 0, 0, "Anna and Ben"),
        (&["Anna", "Ben", "Cleo"], 0, 0, "Anna, Ben and Cleo"),
        (&["Anna", "Ben", "Cleo"], 0, 1, "Anna, Ben, Cleo and 1 other"),
        (&["Anna"], 1, 0, "Anna and a teammate"),
        (&["Anna", "Ben"], 1, 0, "Anna, Ben and a teammate"),
        (&["Anna", "Ben"], 1, 7, "Anna, Ben, a teammate and 7 others"),
        (&["Anna"], 2, 7, "Anna, two teammates and 7 others"),
        (&[], 1, 0, "a teammate"),
        (&[], 2, 0, "two teammates"),
        (&[], 3, 0, "three teammates"),
        (&[], 3, 7, "three teammates and 7 others"),
    ] {
        let mut context = sample("typical");
        let winners = json!({"award": "sessions", "names": names, "teammates": teammates, "others": others,
            "figure": 41, "show_name": teammates > 0});
        context["mvps"] = json!([winners]);
        let message = weekly(&context);
        assert!(message.text.contains(&format!(" MVP, most sessions: {expected} (41). ")), "{}", message.text);
        let section = message.blocks[2]["text"]["text"].as_str().unwrap();
        let question = match (teammates, others) {
            (0, _) => "",
            (1, 0) => ". Is it you?",
            _ => ". Are you one of them?",
        };
        assert_eq!(section, format!("MVP, most sessions: {expected} (41){question}"));
        assert_eq!(message.blocks[2].get("accessory").is_some(), teammates > 0);
    }
}

#[test]
fn new_skills_read_as_a_sentence() {
    let skills = json!([{"name": "a", "people": 3}, {"name": "b", "people": 2}]);
    for (new, more, tried, expected) in [
        (skills.clone(), 0, 0, "New this week: /a (3 people), /b (2 people)"),
        (skills.clone(), 0, 1, "New this week: /a (3 people), /b (2 people) and 1 more tried by one person"),
        (skills.clone(), 0, 2, "New this week: /a (3 people), /b (2 people) and 2 more tried by one person each"),
        (skills.clone(), 4, 0, "New this week: /a (3 people), /b (2 people) and 4 more"),
        (skills, 4, 2, "New this week: /a (3 people), /b (2 people), 4 more and 2 tried by one person each"),
        (json!([]), 0, 1, "New this week: 1 skill tried by one person"),
        (json!([]), 0, 2, "New this week: 2 skills tried by one person each"),
    ] {
        let mut context = sample("typical");
        context["new_skills"] = new;
        context["more_new_skills"] = json!(more);
        context["tried_by_one"] = json!(tried);
        let message = weekly(&context);
        let said = format!(" {}.", expected.replace('/', ""));
        assert!(message.text.contains(&said), "{}", message.text);
        assert!(text::render(&message).contains(&format!("{expected}\n")), "{}", text::render(&message));
    }
}

#[test]
fn alerts_of_the_week_are_listed() {
    let mut context = sample("typical");
    context["alerts"] = json!([
        {"day": "2025-01-14", "words": "cost was $120.00, usually about $40.00"},
        {"day": "2025-01-16", "words": "few sessions"},
    ]);
    context["more_alerts"] = json!(1);
    let message = weekly(&context);
    let said = " This week's alerts: Tue, cost was $120.00, usually about $40.00; Thu, few sessions; and 1 more.";
    assert!(message.text.ends_with(said), "{}", message.text);
    let drawn =
        "This week's alerts\n- Tue: cost was $120.00, usually about $40.00\n- Thu: few sessions\n- and 1 more\n";
    assert!(text::render(&message).contains(drawn), "{}", text::render(&message));
}

#[test]
fn the_worst_week_stays_within_every_limit() {
    insta::assert_snapshot!(shown(&sample("worst")), @"
    Claude Code weekly — &&&&&&&&&&&&&&&&&&…, Dec 30, 2024 – Jan 5, 2025
    Sessions: 18446744.1T (▲ 9,223,372,036,854,775,807%)  Cost: −$9,223,372,036.85 (▼ 9,223,372,036,854,775,807%)
    Active: 18,446,744,073,709,551,615 of 18,446,744,073,709,551,615 (▼ 18,446,744,073,709,551,615)  Tokens: 18446744.1T in / 18446744.1T out (▲ 9,223,372,036,854,775,807%)
    MVP, most sessions: &&&&&&&&&&&&…, <!channel> @here MMMMMMMMMMMMMMMMMMMMMMM, WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW and 9,223,372,036,854,775,808 others (18446744.1T). Are you one of them? [Show my name]
    MVP, most diverse skills: &&&&&&&&&&&&…, <!channel> @here MMMMMMMMMMMMMMMMMMMMMMM, a teammate and 9,223,372,036,854,775,808 others (18446744.1T). Are you one of them? [Show my name]
    Top skills
    1. /&&&&&&&&&&&&… (18446744.1Tx)  2. /<!channel> <@U1> @here &amp; … (18446744.1Tx)  3. /مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (18446744.1Tx)  4. /*b* `c` ~d~ :wow: <https://evil|Slack>xx (18446744.1Tx)  5. /WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (18446744.1Tx)  and 18,446,744,073,709,551,615 more
    New this week: /&&&&&&&&&&&&… (18,446,744,073,709,551,615 people), /<!channel> <@U1> @here &amp; … (18,446,744,073,709,551,615 people), /مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (18,446,744,073,709,551,615 people), /*b* `c` ~d~ :wow: <https://evil|Slack>xx (18,446,744,073,709,551,615 people), /WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (18,446,744,073,709,551,615 people), 18,446,744,073,709,551,615 more and 18,446,744,073,709,551,615 tried by one person each
    Models
    &&&&&&&&&&&&… (100%)  <!channel> <@U1> @here &amp; … (100%)  مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (100%)  *b* `c` ~d~ :wow: <https://evil|Slack>xx (100%)  WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (100%)  and 18,446,744,073,709,551,615 more
    Sessions by day: Mon 9007199254740991, Tue 9007199254740991, Wed 9007199254740991, Thu 9007199254740991, Fri 9007199254740991, Sat 9007199254740991, Sun 9007199254740991
    This week's alerts
    - Mon: &&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&…
    - Tue: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    - Wed: <!channel> yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
    - Thu: مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!!مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!!مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!!
    - Fri: cost of $1,234.56, 3 times the usual
    - and 18,446,744,073,709,551,615 more
    Mon–Sun, America/Argentina/ComodRivadavia · arrows against the week before · cost estimated at API prices · Data to Sun 23:59 · Impossible numbers of 18,446,744,073,709,551,615 requests count as 0
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for &amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;…, Monday, December 30 to Sunday, January 5: 18446744.1T sessions (up 9,223,372,036,854,775,807%); estimated cost −$9,223,372,036.85 (down 9,223,372,036,854,775,807%); 18,446,744,073,709,551,615 of 18,446,744,073,709,551,615 members active (down 18,446,744,073,709,551,615); 18446744.1T tokens in and 18446744.1T out (up 9,223,372,036,854,775,807%); compared with the week before. MVP, most sessions: &amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;…, &lt;!channel&gt; @here MMMMMMMMMMMMMMMMMMMMMMM, WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW and 9,223,372,036,854,775,808 others (18446744.1T). MVP, most diverse skills: &amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;…, &lt;!channel&gt; @here MMMMMMMMMMMMMMMMMMMMMMM, a teammate and 9,223,372,036,854,775,808 others (18446744.1T). Top skills: &amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;… (18446744.1T), &lt;!channel&gt; &lt;@U1&gt; @here &amp;amp; … (18446744.1T), مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (18446744.1T), *b* `c` ~d~ :wow: &lt;https://evil|Slack&gt;xx (18446744.1T), WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (18446744.1T) and 18,446,744,073,709,551,615 more. New this week: &amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;… (18,446,744,073,709,551,615 people), &lt;!channel&gt; &lt;@U1&gt; @here &amp;amp; … (18,446,744,073,709,551,615 people), مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (18,446,744,073,709,551,615 people), *b* `c` ~d~ :wow: &lt;https://evil|Slack&gt;xx (18,446,744,073,709,551,615 people), WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (18,446,744,073,709,551,615 people), 18,446,744,073,709,551,615 more and 18,446,744,073,709,551,615 tried by one person each. Models: &amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;… (100%), &lt;!channel&gt; &lt;@U1&gt; @here &amp;amp; … (100%), مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!! (100%), *b* `c` ~d~ :wow: &lt;https://evil|Slack&gt;xx (100%), WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW (100%) and 18,446,744,073,709,551,615 more. Sessions by day: Mon 9,007,199,254,740,991, Tue 9,007,199,254,740,991, Wed 9,007,199,254,740,991, Thu 9,007,199,254,740,991, Fri 9,007,199,254,740,991, Sat 9,007,199,254,740,991, Sun 9,007,199,254,740,991. This week's alerts: Mon, &amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;…; Tue, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; Wed, &lt;!channel&gt; yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; Thu, مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!!مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!!مراجعة-الشيفرة-البرمجية-قبل-الدمج-كلها!!; Fri, cost of $1,234.56, 3 times the usual; and 18,446,744,073,709,551,615 more. Data to Sunday, January 5 at 23:59. Impossible numbers of 18,446,744,073,709,551,615 requests count as 0.
    ");
}

#[test]
fn every_set_of_sections_is_a_whole_message() {
    let names: Vec<String> = sample("worst")["sections"].as_object().unwrap().keys().cloned().collect();
    let lists = [
        ("mvp", "mvps"),
        ("skills", "top_skills"),
        ("new_skills", "new_skills"),
        ("chart", "chart"),
        ("models", "models"),
    ];
    for kind in ["worst", "zero", "typical"] {
        for set in 0..1_u32 << names.len() {
            let mut context = sample(kind);
            for (bit, name) in names.iter().enumerate() {
                context["sections"][name] = json!(set >> bit & 1 == 1);
            }
            // As the digest leaves them.
            for (section, list) in lists {
                if context["sections"][section] == false {
                    context[list] = json!([]);
                }
            }
            context["alerts"] = json!([]);
            context["tried_by_one"] = json!(0);
            let message = weekly(&context);
            let off = |name: &str| context["sections"][name] == false;
            let (said, drawn) = (&message.text, text::render(&message).to_lowercase());
            assert!(!off("cost") || !said.contains('$') && !said.contains("cost") && !drawn.contains("cost"), "{said}");
            assert!(!off("tokens") || !said.contains("token") && !drawn.contains("token"), "{said}");
            assert!(
                !off("active") || kind == "zero" || !said.contains("active") && !drawn.contains("active"),
                "{said}"
            );
            assert!(!off("mvp") || !said.contains("MVP") && !drawn.contains("mvp"), "{said}");
            assert!(
                !said.contains("; ;") && !said.contains("  ") && !said.contains(": .") && !said.contains(".."),
                "{said}"
            );
        }
    }
}

#[test]
fn hostile_names_come_out_as_the_same_letters_where_nothing_is_parsed() {
    for name in
        ["<!channel>", "@here", "<@U123>", "<https://evil|Slack>", "*bold* _it_ `code` ~s~", "&amp; <", ":smile:"]
    {
        let mut context = sample("nobody-named");
        context["team"] = json!(name);
        context["top_skills"][0]["name"] = json!(name);
        context["new_skills"] = json!([{"name": name, "people": 2}]);
        context["models"] = json!([{"name": name, "requests": 2, "percent": 100}]);
        context["mvps"][0]["names"] = json!([name]);
        context["alerts"] = json!([{"day": "2025-01-14", "words": name}]);
        let message = weekly(&context);
        let drawn: String = message.blocks.iter().map(Value::to_string).collect();
        assert_eq!(drawn.matches(json!(name).to_string().trim_matches('"')).count(), 6, "{name}");
        assert!(!drawn.contains(r#""mrkdwn","text":""#) || !drawn.contains("&lt;"), "{drawn}");
        for block in &message.blocks {
            let fields = block.get("fields").map(Value::to_string).unwrap_or_default();
            assert!(!fields.contains(name), "no foreign text in mrkdwn");
        }
        assert_eq!(mrkdwn::unescape(&message.text).matches(name).count(), 6, "{}", message.text);
        assert!(!message.text.contains('<') && !message.text.contains('>'), "{}", message.text);
    }
}
