use super::*;
use crate::message::template::TemplateError;
use serde_json::json;
use std::fs;

fn with_daily(json: &str) -> Result<Templates, TemplateError> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("daily.json"), json).unwrap();
    Templates::with_overrides(folder.path())
}

/// What is said about a template with this text and these blocks.
fn error(text: &str, blocks: &str) -> String {
    let json = format!(r#"{{"text": {text}, "blocks": {blocks}}}"#);
    with_daily(&json).and_then(|templates| templates.render("daily", &sample("typical"))).unwrap_err().to_string()
}

#[test]
fn an_error_in_an_expression_names_the_place_and_the_nearest_name() {
    for (text, blocks, expected) in [
        (
            r#""{{ sesions.total }}""#,
            "[]",
            "`daily.json#/text`: variable `sesions.total` does not exist; did you mean `sessions`?",
        ),
        (
            r#""{{ sessions.totl }}""#,
            "[]",
            "`daily.json#/text`: variable `sessions.totl` does not exist; did you mean `total`?",
        ),
        (
            r#""{{ sessions.total | cuont }}""#,
            "[]",
            "`daily.json#/text`: filter `cuont` does not exist; did you mean `count`?",
        ),
        (
            r#""{{ sessions.total | count ""#,
            "[]",
            "`daily.json#/text`: is not a valid expression: unexpected end of input, expected end of variable block",
        ),
    ] {
        assert_eq!(error(text, blocks), expected);
    }
}

#[test]
fn an_error_in_a_directive_names_the_place_and_the_nearest_name() {
    for (text, blocks, expected) in [
        (
            r#"["a", {"$if": "emty", "then": "b"}]"#,
            "[]",
            "`daily.json#/text/1/$if`: variable `emty` does not exist; did you mean `empty`?",
        ),
        (
            r#"["a", {"$if": "empty", "than": "b"}]"#,
            "[]",
            "`daily.json#/text/1/than`: key `than` is not known here; did you mean `then`?",
        ),
        (
            r#"["a", {"$fi": "empty"}]"#,
            "[]",
            "`daily.json#/text/1`: a part of a text must be a string, `$if` or `$each`",
        ),
        (
            r#""a""#,
            r#"[{"$fi": "empty"}]"#,
            "`daily.json#/blocks/0/$fi`: `$fi` is not a directive; did you mean `$if`?",
        ),
        (
            r#""a""#,
            r#"[{"type": "section", "$note": "x"}]"#,
            "`daily.json#/blocks/0/$note`: `$note` is not a directive",
        ),
        (r#""a""#, r#"[{"$each": "top_skills", "do": {}}]"#, "`daily.json#/blocks/0`: `as` is missing"),
        (
            r#""a""#,
            r#"[{"$each": "sessions", "as": "s", "do": {}}]"#,
            "`daily.json#/blocks/0/$each`: map is not a list",
        ),
    ] {
        assert_eq!(error(text, blocks), expected);
    }
}

#[test]
fn what_a_template_may_not_do_is_said_with_the_place() {
    for (text, blocks, expected) in [
        (
            r#""a""#,
            r#"[{"type": "{{ empty }}"}]"#,
            "`daily.json#/blocks/0/type`: must be written out, for it decides what is escaped",
        ),
        (r#""{% set a = 1 %}""#, "[]", "`daily.json#/text`: statement `set` is not available here"),
        (
            r#""{% autoescape false %}x{% endautoescape %}""#,
            "[]",
            "`daily.json#/text`: statement `autoescape` is not available here",
        ),
        (r#""{{ period.zone | count }}""#, "[]", "`daily.json#/text`: `Europe/Berlin` is not a whole number"),
        (r#""{{ streak }}{{ period.up_to }}""#, "[]", "`daily.json#/text`: there is no value to show"),
        (r#""{{ period.zone | safe }}""#, "[]", "`daily.json#/text`: filter `safe` does not exist"),
        (r#""a""#, r#"[{"x": "{{ period.zone | number }}"}]"#, "`daily.json#/blocks/0/x`: is not a number"),
        (r#""a""#, "{}", "`daily.json#/blocks`: must be a list of blocks"),
    ] {
        assert_eq!(error(text, blocks), expected);
    }
}

#[test]
fn a_file_that_is_not_json_says_where() {
    let error = with_daily("{\"text\": \"a\",\n \"blocks\": [}").unwrap_err().to_string();
    assert_eq!(error, "`daily.json`: is not valid JSON: expected value at line 2 column 13");
    let error = with_daily(r#"{"text": "a", "block": []}"#).unwrap_err().to_string();
    assert_eq!(error, "`daily.json#/block`: key `block` is not known here; did you mean `blocks`?");
    let error = with_daily(r#"{"text": "a"}"#).unwrap_err().to_string();
    assert_eq!(error, "`daily.json#`: `blocks` is missing");
}

#[test]
fn a_folder_replaces_templates_one_by_one_and_may_hold_nothing_else() {
    let templates = with_daily(r#"{"text": "{{ sessions.total }} & {{ period.zone }}", "blocks": []}"#).unwrap();
    let message = templates.render("daily", &sample("typical")).unwrap();
    assert_eq!(message, Message { text: "12 & Europe/Berlin".to_owned(), blocks: Vec::new() });

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("README.md"), "ours").unwrap();
    let untouched = Templates::with_overrides(folder.path()).unwrap();
    assert_eq!(untouched.render("daily", &sample("typical")).unwrap(), daily(&sample("typical")));

    fs::write(folder.path().join("daily.jsn"), "{}").unwrap();
    let error = Templates::with_overrides(folder.path()).unwrap_err().to_string();
    assert!(error.ends_with("daily.jsn`: is not the name of a template; did you mean `daily.json`?"), "{error}");
    let missing = Templates::with_overrides(&folder.path().join("nowhere")).unwrap_err().to_string();
    assert!(missing.ends_with("nowhere`: cannot be read"), "{missing}");
}

#[test]
fn an_unknown_template_suggests_the_nearest() {
    let error = Templates::embedded().render("dayly", &json!({})).unwrap_err().to_string();
    assert_eq!(error, "`dayly`: is not a template; did you mean `daily`?");
}

#[test]
fn fuel_ends_a_template_that_would_go_on() {
    let list = format!("[{}]", vec!["1"; 100].join(","));
    let nested = format!("\"{}x{}\"", format!("{{% for a in {list} %}}").repeat(4), "{% endfor %}".repeat(4));
    assert_eq!(error(&nested, "[]"), "`daily.json#/text`: takes too long to fill in");
    let wide =
        format!(r#"[{{"$each": "{list}", "as": "a", "do": {{"$each": "{list}", "as": "b", "do": "{{{{ b }}}}"}}}}]"#);
    let said = error(&wide, "[]");
    assert!(said.contains("the message has more than 2000 parts to fill in"), "{said}");
}

#[test]
fn what_slack_parses_is_escaped_once_by_where_it_stands() {
    let templates = with_daily(
        r#"{"text": ["{{ name }}", "&amp;"], "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "{{ name }}"},
             "fields": [{"type": "plain_text", "text": "{{ name }}", "emoji": true}]},
            {"type": "markdown", "text": "{{ name }}{{ [name, name] | join('&') }}"},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": ["{{ name }}"]}]}]}"#,
    )
    .unwrap();
    let message = templates.render("daily", &json!({"name": "<&amp;>"})).unwrap();
    assert_eq!(message.text, "&lt;&amp;amp;&gt;&amp;");
    assert_eq!(
        message.blocks,
        [
            json!({"type": "section", "text": {"type": "mrkdwn", "text": "&lt;&amp;amp;&gt;", "verbatim": true},
                "fields": [{"type": "plain_text", "text": "<&amp;>", "emoji": true}]}),
            json!({"type": "markdown", "text": "&lt;&amp;amp;&gt;&lt;&amp;amp;&gt;&amp;&lt;&amp;amp;&gt;"}),
            json!({"type": "context", "elements": [{"type": "mrkdwn", "text": "&lt;&amp;amp;&gt;", "verbatim": true}]}),
        ]
    );
}
