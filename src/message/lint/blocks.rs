//! The shapes of blocks, and what holds for all blocks of a message together.

use super::{
    data::{DATA_TABLE, DATA_VISUALIZATION, TABLE},
    elements::{ACCESSORY, ACTION, CONTEXT, ICON, IMAGE_BLOCK, INPUT},
    rich_text::RICH_TEXT,
    shape::{Field, Kind, Shape, URL, may, need, shape},
    walk::{Place, Walk},
};
use serde_json::{Map, Value};

/// Any block of a message.
pub(super) static BLOCK: Kind = Kind::Choice(&[
    ("section", &SECTION),
    ("header", &HEADER),
    ("context", &CONTEXT_BLOCK),
    ("actions", &ACTIONS),
    ("rich_text", &RICH_TEXT),
    ("divider", &DIVIDER),
    ("image", &IMAGE_BLOCK),
    ("markdown", &MARKDOWN),
    ("table", &TABLE),
    ("data_table", &DATA_TABLE),
    ("data_visualization", &DATA_VISUALIZATION),
    ("container", &CONTAINER),
    ("input", &INPUT_BLOCK),
    ("video", &VIDEO),
]);

/// Any block of a modal or an App Home: `markdown` and `table` stand in messages only.
pub(super) static VIEW_BLOCK: Kind = Kind::Choice(&[
    ("section", &SECTION),
    ("header", &HEADER),
    ("context", &CONTEXT_BLOCK),
    ("actions", &ACTIONS),
    ("rich_text", &RICH_TEXT),
    ("divider", &DIVIDER),
    ("image", &IMAGE_BLOCK),
    ("data_table", &DATA_TABLE),
    ("data_visualization", &DATA_VISUALIZATION),
    ("container", &CONTAINER),
    ("input", &INPUT_BLOCK),
    ("video", &VIDEO),
]);

/// Any block inside of a container.
static CHILD: Kind = Kind::Choice(&[
    ("section", &SECTION),
    ("header", &HEADER),
    ("context", &CONTEXT_BLOCK),
    ("actions", &ACTIONS),
    ("rich_text", &RICH_TEXT),
    ("divider", &DIVIDER),
    ("image", &IMAGE_BLOCK),
    ("table", &TABLE),
    ("input", &INPUT_BLOCK),
    ("video", &VIDEO),
]);

const BLOCK_ID: Field = may("block_id", Kind::BlockId);

static A_FIELD: Kind = Kind::Text(2_000);

static SECTION: Shape = Shape {
    fields: &[
        BLOCK_ID,
        may("text", Kind::Text(3_000)),
        may("fields", Kind::List(1, 10, &A_FIELD)),
        may("accessory", Kind::In(&ACCESSORY)),
        may("expand", Kind::Flag),
    ],
    also: Some(section),
};

static HEADER: Shape = shape(&[BLOCK_ID, need("text", Kind::Plain(150))]);

static CONTEXT_BLOCK: Shape = shape(&[BLOCK_ID, need("elements", Kind::List(1, 10, &CONTEXT))]);

static ACTIONS: Shape = shape(&[BLOCK_ID, need("elements", Kind::List(1, 25, &ACTION))]);

static DIVIDER: Shape = shape(&[BLOCK_ID]);

static MARKDOWN: Shape = shape(&[BLOCK_ID, need("text", Kind::Words(12_000))]);

static INPUT_BLOCK: Shape = shape(&[
    BLOCK_ID,
    need("label", Kind::Plain(2_000)),
    need("element", Kind::In(&INPUT)),
    may("hint", Kind::Plain(2_000)),
    may("optional", Kind::Flag),
    may("dispatch_action", Kind::Flag),
]);

static VIDEO: Shape = shape(&[
    BLOCK_ID,
    need("alt_text", Kind::Words(2_000)),
    need("title", Kind::Plain(200)),
    need("thumbnail_url", Kind::Name(URL)),
    need("video_url", Kind::Name(URL)),
    may("author_name", Kind::Words(50)),
    may("description", Kind::Plain(200)),
    may("provider_icon_url", Kind::Name(URL)),
    may("provider_name", Kind::Words(50)),
    may("title_url", Kind::Name(URL)),
]);

static CONTAINER: Shape = Shape {
    fields: &[
        BLOCK_ID,
        may("title", Kind::Plain(150)),
        may("rich_text_title", Kind::Free),
        may("subtitle", Kind::Text(150)),
        need("child_blocks", Kind::List(1, 10, &CHILD)),
        may("icon", Kind::In(&ICON)),
        may("width", Kind::Name(255)),
        may("is_collapsible", Kind::Flag),
        may("default_collapsed", Kind::Flag),
        may("has_header_divider", Kind::Flag),
    ],
    also: Some(container),
};

fn section(walk: &mut Walk, section: &Map<String, Value>, place: &Place<'_>) {
    let says = section.contains_key("text") || section.contains_key("fields");
    walk.expect(says, place, "must have `text` or `fields`");
}

fn container(walk: &mut Walk, container: &Map<String, Value>, place: &Place<'_>) {
    let titled = container.contains_key("title") || container.contains_key("rich_text_title");
    walk.expect(titled, place, "must have `title` or `rich_text_title`");
    let collapsed = container.get("default_collapsed") == Some(&Value::Bool(true));
    let collapsible = container.get("is_collapsible") == Some(&Value::Bool(true));
    walk.expect(!collapsed || collapsible, place, "`default_collapsed` needs `is_collapsible`");
}

/// What no block can know alone.
pub(super) fn together(walk: &mut Walk, blocks: &[Value], place: &Place<'_>) {
    let children = blocks.iter().filter_map(|block| block.get("child_blocks")?.as_array()).flatten();
    let (mut tables, mut charts, mut markdown) = (0_usize, 0_usize, 0_usize);
    for block in blocks.iter().chain(children) {
        match block.get("type").and_then(Value::as_str) {
            Some("table") => tables += 1,
            Some("data_visualization") => charts += 1,
            Some("markdown") => {
                markdown += block.get("text").and_then(Value::as_str).map_or(0, |text| text.chars().count());
            }
            _ => {}
        }
    }
    walk.expect(tables <= 1, place, "a message has at most one `table`");
    walk.expect(charts <= 2, place, "a message has at most two `data_visualization`");
    walk.expect(markdown <= 12_000, place, "all `markdown` blocks together have at most 12000 characters");
}
