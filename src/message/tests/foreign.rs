use super::*;
use crate::message::{html, mrkdwn, template, text};
use proptest::prelude::*;
use serde_json::json;

/// A digest whose only skill and only model have this name.
fn named(name: &str) -> Message {
    let mut context = sample("evening");
    context["top_skills"] = json!([{"rank": 1, "name": name, "uses": 8}]);
    context["models"] = json!([{"name": name, "requests": 3, "percent": 100}]);
    daily(&context)
}

/// Where in the blocks a string contains `part`, with the type of the object that holds it.
fn holders(value: &Value, part: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| holders(item, part, found)),
        Value::Object(object) => {
            for inner in object.values() {
                match inner {
                    Value::String(letters) if letters.contains(part) => {
                        found.push(object["type"].as_str().unwrap().to_owned());
                    }
                    other => holders(other, part, found),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn hostile_names_come_out_as_the_same_letters_where_nothing_is_parsed() {
    for name in [
        "<!channel>",
        "<!here>",
        "<@U123>",
        "<https://evil|Slack>",
        "*bold* _it_ `code` ~s~",
        "&amp; &lt; & <",
        ":smile:",
        "{{ cost }} {% if %}",
        "مراجعة-الشيفرة",
        "👩\u{200d}👩\u{200d}👧 日本語 ñ",
        "\\\"\\n'",
    ] {
        let message = named(name);
        let mut types = Vec::new();
        message.blocks.iter().for_each(|block| holders(block, name, &mut types));
        assert_eq!(types, ["text", "text"], "{name}: rich text elements only");
        assert!(mrkdwn::unescape(&message.text).contains(&format!("Top skills: {name} (8)")), "{}", message.text);
        assert!(!message.text.contains('<'), "{}", message.text);
        assert!(text::render(&message).contains(&format!("1. /{name} (8x)")), "{name}");
        assert!(html::page(&message, "now").contains(&html::escape(&format!("1. /{name} (8x)"))), "{name}");
    }
}

#[test]
fn what_steers_other_text_is_gone_and_what_is_too_long_is_cut_between_letters() {
    let message = named("a\u{0}b\u{1b}[31m\r\nc\u{202e}d\u{2066}e\u{200f}f");
    assert!(text::render(&message).contains("1. /ab[31mcdef (8x)"), "{}", text::render(&message));
    let message = named(&"é&".repeat(5_000));
    assert!(message.text.contains(&format!("Top skills: {}… (8)", "é&amp;".repeat(150))), "{}", message.text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_name_renders_within_the_limits_and_can_be_read_back(name in any::<String>()) {
        let message = named(&name);
        prop_assert_eq!(lint::faults(&message.without_rich_blocks()), []);
        let mut clean = String::new();
        template::clean::write(&mut clean, &name, false).unwrap();
        let (said, drawn) = (format!("Top skills: {clean} (8)"), format!("1. /{clean} (8x)"));
        prop_assert!(mrkdwn::unescape(&message.text).contains(&said));
        prop_assert!(text::render(&message).contains(&drawn));
        prop_assert!(!message.text.contains('<') && !message.text.contains('>'));
    }
}
