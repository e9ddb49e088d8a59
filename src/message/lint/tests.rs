use super::*;
use serde_json::json;

fn text(length: usize) -> String {
    "é".repeat(length)
}

fn plain(length: usize) -> Value {
    json!({"type": "plain_text", "text": text(length)})
}

fn many(count: usize, one: impl Fn(usize) -> Value) -> Value {
    (0..count).map(one).collect()
}

fn option(index: usize) -> Value {
    json!({"text": plain(5), "value": index.to_string()})
}

fn actions(element: Value) -> Value {
    json!({"type": "actions", "elements": Value::Array(vec![element])})
}

fn chart(series: usize, categories: usize, length: usize) -> Value {
    let name = |index: usize| format!("{index:0>length$}");
    json!({"type": "data_visualization", "title": "t", "chart": {"type": "bar",
        "series": many(series, |index| json!({"name": name(index),
            "data": many(categories, |index| json!({"label": name(index), "value": index}))})),
        "axis_config": {"categories": many(categories, |index| json!(name(index)))}}})
}

fn table(kind: &str, rows: usize, columns: usize, length: usize) -> Value {
    let cell = json!({"type": "raw_text", "text": text(length)});
    let mut table = json!({"type": kind, "rows": many(rows, |_| many(columns, |_| cell.clone()))});
    if kind == "data_table" {
        table["caption"] = json!("caption");
    }
    table
}

type Sized = (&'static str, usize, fn(usize) -> Value);

const LIMITS: &[Sized] = &[
    ("header", 150, |n| json!({"type": "header", "text": plain(n)})),
    ("section text", 3_000, |n| json!({"type": "section", "text": plain(n)})),
    ("section field", 2_000, |n| json!({"type": "section", "fields": [plain(n)]})),
    ("section fields", 10, |n| json!({"type": "section", "fields": many(n, |_| plain(1))})),
    ("context elements", 10, |n| json!({"type": "context", "elements": many(n, |_| plain(1))})),
    (
        "actions elements",
        25,
        |n| json!({"type": "actions", "elements": many(n, |_| json!({"type": "button", "text": plain(1)}))}),
    ),
    ("button text", 75, |n| actions(json!({"type": "button", "text": plain(n)}))),
    ("button value", 2_000, |n| actions(json!({"type": "button", "text": plain(1), "value": text(n)}))),
    ("button url", 3_000, |n| actions(json!({"type": "button", "text": plain(1), "url": text(n)}))),
    ("action_id", 255, |n| actions(json!({"type": "button", "text": plain(1), "action_id": text(n)}))),
    ("block_id", 255, |n| json!({"type": "divider", "block_id": text(n)})),
    ("overflow options", 5, |n| actions(json!({"type": "overflow", "options": many(n, option)}))),
    ("select options", 100, |n| actions(json!({"type": "static_select", "options": many(n, option)}))),
    ("option text", 75, |n| actions(json!({"type": "overflow", "options": [{"text": plain(n), "value": "v"}]}))),
    ("option value", 75, |n| actions(json!({"type": "overflow", "options": [{"text": plain(1), "value": text(n)}]}))),
    ("checkboxes", 10, |n| actions(json!({"type": "checkboxes", "options": many(n, option)}))),
    ("radio buttons", 10, |n| actions(json!({"type": "radio_buttons", "options": many(n, option)}))),
    ("image url", 3_000, |n| json!({"type": "image", "image_url": text(n), "alt_text": "a"})),
    ("image alt_text", 2_000, |n| json!({"type": "image", "image_url": "https://a", "alt_text": text(n)})),
    ("image title", 2_000, |n| json!({"type": "image", "image_url": "https://a", "alt_text": "a", "title": plain(n)})),
    ("whole text", 11_999, |n| json!({"type": "markdown", "text": text(n)})),
    ("table rows", 100, |n| table("table", n, 1, 1)),
    ("table cells", 20, |n| table("table", 1, n, 1)),
    ("table characters", 10_000, |n| table("table", 1, 1, n)),
    ("data_table rows", 101, |n| table("data_table", n, 1, 1)),
    ("data_table columns", 20, |n| table("data_table", 2, n, 1)),
    ("chart title", 50, |n| {
        let mut chart = chart(1, 1, 1);
        chart["title"] = json!(text(n));
        chart
    }),
    ("chart series", 6, |n| chart(n, 1, 2)),
    ("chart points", 20, |n| chart(1, n, 2)),
    ("chart names", 20, |n| chart(1, 1, n)),
    ("axis label", 50, |n| {
        let mut chart = chart(1, 1, 1);
        chart["chart"]["axis_config"]["x_label"] = json!(text(n));
        chart
    }),
    ("pie segments", 6, |n| {
        json!({"type": "data_visualization", "title": "t", "chart": {"type": "pie",
            "segments": many(n, |_| json!({"label": "l", "value": 1}))}})
    }),
    (
        "container title",
        150,
        |n| json!({"type": "container", "title": plain(n), "child_blocks": [{"type": "divider"}]}),
    ),
    (
        "container children",
        10,
        |n| json!({"type": "container", "title": plain(1), "child_blocks": many(n, |_| json!({"type": "divider"}))}),
    ),
];

#[test]
fn every_limit_holds_exactly() {
    for (name, limit, block) in LIMITS {
        assert_eq!(block_faults(&[block(*limit)]), [], "{name} at {limit}");
        assert_ne!(block_faults(&[block(limit + 1)]), [], "{name} at {}", limit + 1);
    }
}

#[test]
fn a_message_has_at_most_fifty_blocks_one_table_and_two_charts() {
    let divider = json!({"type": "divider"});
    assert_eq!(block_faults(&vec![divider.clone(); 50]), []);
    assert_eq!(block_faults(&vec![divider; 51]).len(), 1);
    assert_eq!(block_faults(&[chart(1, 1, 1), chart(1, 1, 1)]), []);
    assert_eq!(block_faults(&[chart(1, 1, 1), chart(1, 1, 1), chart(1, 1, 1)]).len(), 1);
    assert_eq!(block_faults(&[table("table", 1, 1, 1), table("table", 1, 1, 1)]).len(), 1);
}

#[test]
fn all_text_of_all_blocks_counts_together() {
    let section = |length| json!({"type": "section", "text": plain(length)});
    let blocks = |last| [section(3_000), section(3_000), section(3_000), section(last)];
    assert_eq!(block_faults(&blocks(2_999)), []);
    assert_eq!(
        block_faults(&blocks(3_000))[0].problem,
        "all text together must stay under 12000 characters, not 12000"
    );
}

#[test]
fn ids_are_unique() {
    let divider = |id| json!({"type": "divider", "block_id": id});
    assert_eq!(block_faults(&[divider("a"), divider("b")]), []);
    assert_eq!(block_faults(&[divider("a"), divider("a")])[0].pointer, "/blocks/1/block_id");
    let button = |id| actions(json!({"type": "button", "text": plain(1), "action_id": id}));
    assert_eq!(block_faults(&[button("a"), button("a")])[0].pointer, "/blocks/1/elements/0/action_id");
}

#[test]
fn what_is_not_a_block_is_a_fault_at_its_place() {
    for (block, pointer, problem) in [
        (json!("divider"), "/blocks/0", "must be an object with a `type`"),
        (json!({"type": "accordion"}), "/blocks/0/type", "`accordion` is not one of"),
        (json!({"type": "divider", "txet": 1}), "/blocks/0/txet", "is not known here"),
        (json!({"type": "header"}), "/blocks/0", "`text` is missing"),
        (json!({"type": "header", "text": "x"}), "/blocks/0/text", "must be a text object"),
        (json!({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}), "/blocks/0/text/type", "must be `plain"),
        (
            json!({"type": "header", "text": {"type": "plain_text", "text": 1}}),
            "/blocks/0/text/text",
            "must be a string",
        ),
        (
            json!({"type": "header", "text": {"type": "plain_text", "text": ""}}),
            "/blocks/0/text/text",
            "must not be empty",
        ),
        (json!({"type": "section"}), "/blocks/0", "must have `text` or `fields`"),
        (json!({"type": "section", "fields": []}), "/blocks/0/fields", "must have 1 to 10 entries, not 0"),
        (
            json!({"type": "section", "text": plain(1), "accessory": {"type": "pie"}}),
            "/blocks/0/accessory/type",
            "`pie`",
        ),
        (json!({"type": "image", "image_url": "u"}), "/blocks/0", "`alt_text` is missing"),
        (json!({"type": "image", "alt_text": "a"}), "/blocks/0", "must have either `image_url` or `slack_file`"),
        (
            json!({"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}),
            "/blocks/0/elements/0/type",
            "`text`",
        ),
        (
            json!({"type": "container", "title": plain(1), "default_collapsed": true, "child_blocks": [{"type": "divider"}]}),
            "/blocks/0",
            "`default_collapsed` needs `is_collapsible`",
        ),
        (json!({"type": "data_table", "rows": [[], []]}), "/blocks/0/rows/0", "must have 1 to 20 entries, not 0"),
    ] {
        let faults = block_faults(&[block]);
        let found = faults.iter().any(|fault| fault.pointer == pointer && fault.problem.contains(problem));
        assert!(found, "{pointer} {problem}: {faults:?}");
    }
}

#[test]
fn charts_and_tables_must_be_consistent() {
    let mut wrong = chart(1, 2, 1);
    wrong["chart"]["series"][0]["data"][1]["label"] = json!("elsewhere");
    assert_eq!(block_faults(&[wrong])[0].pointer, "/blocks/0/chart/series/0/data");
    let pie = json!({"type": "data_visualization", "title": "t",
        "chart": {"type": "pie", "segments": [{"label": "none", "value": 0}]}});
    assert_eq!(block_faults(&[pie])[0].problem, "every value of a pie must be above 0");
    let mut ragged = table("data_table", 2, 2, 1);
    ragged["rows"][1] = json!([{"type": "raw_number", "value": 8, "text": "8"}]);
    assert_eq!(block_faults(&[ragged])[0].problem, "all rows must have the same width");
    let mut row_header = table("data_table", 2, 2, 1);
    row_header["row_header_column_index"] = json!(2);
    assert_eq!(block_faults(&[row_header])[0].problem, "must be the index of a column");
}

#[test]
fn the_text_says_the_whole_message_within_what_slack_advises() {
    let message = |length| Message { text: text(length), blocks: Vec::new() };
    assert_eq!(faults(&message(1)), []);
    assert_eq!(faults(&message(4_000)), []);
    assert!(faults(&message(0))[0].problem.contains("is empty"));
    assert!(faults(&message(4_001))[0].problem.contains("advises"));
    assert!(faults(&message(40_001))[0].problem.contains("cuts"));
}
