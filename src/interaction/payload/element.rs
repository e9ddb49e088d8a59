//! The value of an element of any kind: in an action, and in the state of a view or a message.

use super::{Chosen, Malformed, State, reading};
use serde_json::Value;

/// Reads the value of one element by its `type`; of a kind that Recap does not know, a bare `value`.
///
/// # Errors
/// When a person or conversation was chosen whose id is none of Slack's.
pub(super) fn chosen(element: &Value) -> Result<Chosen, Malformed> {
    let one = |value: &Value| value.as_str().map_or(Chosen::Nothing, |text| Chosen::One(text.to_owned()));
    let ids = |value: &Value| -> Result<Chosen, Malformed> {
        let ids = value.as_array().into_iter().flatten();
        let ids = ids.map(|id| reading::checked(id.as_str().unwrap_or_default(), "selected").map(str::to_owned));
        Ok(Chosen::Many(ids.collect::<Result<_, _>>()?))
    };
    let id = |value: &Value| -> Result<Chosen, Malformed> {
        Ok(reading::id(value, "selected")?.map_or(Chosen::Nothing, |id| Chosen::One(id.to_owned())))
    };
    Ok(match element["type"].as_str().unwrap_or_default() {
        "static_select" | "external_select" | "overflow" | "radio_buttons" => one(&element["selected_option"]["value"]),
        "multi_static_select" | "multi_external_select" | "checkboxes" => options(&element["selected_options"]),
        "users_select" => id(&element["selected_user"])?,
        "multi_users_select" => ids(&element["selected_users"])?,
        "conversations_select" => id(&element["selected_conversation"])?,
        "multi_conversations_select" => ids(&element["selected_conversations"])?,
        "channels_select" => id(&element["selected_channel"])?,
        "multi_channels_select" => ids(&element["selected_channels"])?,
        "datepicker" => one(&element["selected_date"]),
        "timepicker" => one(&element["selected_time"]),
        "datetimepicker" => seconds(&element["selected_date_time"]),
        // button, plain_text_input, email_text_input, url_text_input, number_input
        _ => one(&element["value"]),
    })
}

/// What was filled in: `values` by block id and action id.
///
/// # Errors
/// As of [`chosen`], and when a name is too long.
pub(super) fn state(values: &Value) -> Result<State, Malformed> {
    let mut state = State::default();
    for (block, actions) in values.as_object().into_iter().flatten() {
        let of_block = state.0.entry(name(block)?).or_default();
        for (action, element) in actions.as_object().into_iter().flatten() {
            of_block.insert(name(action)?, chosen(element)?);
        }
    }
    Ok(state)
}

fn name(text: &str) -> Result<String, Malformed> {
    reading::chosen_name(&Value::String(text.to_owned()), "state")
}

fn options(value: &Value) -> Chosen {
    let values = value.as_array().into_iter().flatten().filter_map(|option| option["value"].as_str());
    Chosen::Many(values.map(str::to_owned).collect())
}

fn seconds(value: &Value) -> Chosen {
    value.as_i64().map_or(Chosen::Nothing, |seconds| Chosen::One(seconds.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(text: &str) -> Chosen {
        Chosen::One(text.to_owned())
    }

    fn many(texts: &[&str]) -> Chosen {
        Chosen::Many(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn every_kind_of_element_gives_its_value() {
        let option = |value: &str| json!({ "text": { "type": "plain_text", "text": "Shown" }, "value": value });
        for (element, expected) in [
            (json!({ "type": "button", "value": "17" }), one("17")),
            (json!({ "type": "button" }), Chosen::Nothing),
            (json!({ "type": "static_select", "selected_option": option("a") }), one("a")),
            (json!({ "type": "static_select", "selected_option": null }), Chosen::Nothing),
            (json!({ "type": "external_select", "selected_option": option("Europe/Berlin") }), one("Europe/Berlin")),
            (json!({ "type": "overflow", "selected_option": option("stop") }), one("stop")),
            (json!({ "type": "radio_buttons", "selected_option": option("b") }), one("b")),
            (json!({ "type": "checkboxes", "selected_options": [option("a"), option("b")] }), many(&["a", "b"])),
            (json!({ "type": "checkboxes", "selected_options": [] }), many(&[])),
            (json!({ "type": "multi_static_select", "selected_options": [option("a")] }), many(&["a"])),
            (json!({ "type": "multi_external_select", "selected_options": [option("a")] }), many(&["a"])),
            (json!({ "type": "users_select", "selected_user": "U1" }), one("U1")),
            (json!({ "type": "multi_users_select", "selected_users": ["U1", "W2"] }), many(&["U1", "W2"])),
            (json!({ "type": "conversations_select", "selected_conversation": "C1" }), one("C1")),
            (json!({ "type": "multi_conversations_select", "selected_conversations": ["D1"] }), many(&["D1"])),
            (json!({ "type": "channels_select", "selected_channel": "C1" }), one("C1")),
            (json!({ "type": "channels_select", "selected_channel": null }), Chosen::Nothing),
            (json!({ "type": "multi_channels_select", "selected_channels": ["C1"] }), many(&["C1"])),
            (json!({ "type": "datepicker", "selected_date": "2026-09-14" }), one("2026-09-14")),
            (json!({ "type": "timepicker", "selected_time": "09:30", "timezone": "Europe/Berlin" }), one("09:30")),
            (json!({ "type": "timepicker", "selected_time": null }), Chosen::Nothing),
            (json!({ "type": "datetimepicker", "selected_date_time": 1_628_633_820 }), one("1628633820")),
            (json!({ "type": "plain_text_input", "value": "two words" }), one("two words")),
            (json!({ "type": "plain_text_input", "value": null }), Chosen::Nothing),
            (json!({ "type": "email_text_input", "value": "ada@example.com" }), one("ada@example.com")),
            (json!({ "type": "url_text_input", "value": "https://example.com" }), one("https://example.com")),
            (json!({ "type": "number_input", "value": "3" }), one("3")),
            (json!({ "type": "of_tomorrow", "value": "x" }), one("x")),
            (json!({ "type": "of_tomorrow" }), Chosen::Nothing),
            (json!({}), Chosen::Nothing),
            (json!(["odd"]), Chosen::Nothing),
        ] {
            assert_eq!(chosen(&element), Ok(expected), "{element}");
        }
    }

    #[test]
    fn who_was_chosen_has_an_id_of_slacks() {
        for element in [
            json!({ "type": "users_select", "selected_user": "U1' OR 1=1" }),
            json!({ "type": "users_select", "selected_user": 7 }),
            json!({ "type": "multi_users_select", "selected_users": ["U1", "<!channel>"] }),
            json!({ "type": "multi_channels_select", "selected_channels": [null] }),
            json!({ "type": "channels_select", "selected_channel": "C".repeat(33) }),
        ] {
            assert_eq!(chosen(&element), Err(Malformed::Id("selected")), "{element}");
        }
    }

    #[test]
    fn a_state_is_found_by_block_and_action() {
        let state = state(&json!({
            "time": { "preferences_time": { "type": "timepicker", "selected_time": "09:30" } },
            "odd": "text",
        }))
        .unwrap();
        assert_eq!(state.of("time", "preferences_time").one(), Some("09:30"));
        assert_eq!(state.of("time", "other"), &Chosen::Nothing);
        assert_eq!(state.of("odd", "other"), &Chosen::Nothing);
    }
}
