//! The shapes of what stands inside of blocks: buttons, menus, pickers, images.

use super::{
    shape::{Field, Kind, Shape, URL, may, need, shape},
    walk::{Place, Walk},
};
use serde_json::{Map, Value};

/// What an `actions` block takes.
pub(super) static ACTION: Kind = Kind::Choice(ACTIONS);

/// What stands beside a section.
pub(super) static ACCESSORY: Kind = Kind::Choice(ACCESSORIES);

/// What a `context` block takes; text is handled as a text object.
pub(super) static CONTEXT: Kind = Kind::Choice(&[("image", &IMAGE), ("plain_text", &PLAIN_TEXT), ("mrkdwn", &MRKDWN)]);

/// What an `input` block takes.
pub(super) static INPUT: Kind = Kind::Choice(INPUTS);

macro_rules! elements {
    ($($more:expr),*) => {
        &[
            ("static_select", &STATIC_SELECT),
            ("external_select", &EXTERNAL_SELECT),
            ("users_select", &USERS_SELECT),
            ("conversations_select", &CONVERSATIONS_SELECT),
            ("channels_select", &CHANNELS_SELECT),
            ("multi_static_select", &STATIC_SELECT),
            ("multi_external_select", &EXTERNAL_SELECT),
            ("multi_users_select", &USERS_SELECT),
            ("multi_conversations_select", &CONVERSATIONS_SELECT),
            ("multi_channels_select", &CHANNELS_SELECT),
            ("checkboxes", &CHOICES),
            ("radio_buttons", &CHOICES),
            ("datepicker", &PICKER),
            ("timepicker", &PICKER),
            $($more),*
        ]
    };
}

type Shapes = &'static [(&'static str, &'static Shape)];

static ACTIONS: Shapes = elements![
    ("button", &BUTTON),
    ("overflow", &OVERFLOW),
    ("datetimepicker", &PICKER),
    ("workflow_button", &WORKFLOW_BUTTON)
];

static ACCESSORIES: Shapes =
    elements![("button", &BUTTON), ("overflow", &OVERFLOW), ("image", &IMAGE), ("workflow_button", &WORKFLOW_BUTTON)];

static INPUTS: Shapes = elements![("plain_text_input", &PLAIN_TEXT_INPUT), ("datetimepicker", &PICKER)];

const ACTION_ID: Field = may("action_id", Kind::ActionId);
const CONFIRM: Field = may("confirm", Kind::Object(&CONFIRMATION));
const PLACEHOLDER: Field = may("placeholder", Kind::Plain(150));
const FOCUS: Field = may("focus_on_load", Kind::Flag);
const MOST_SELECTED: Field = may("max_selected_items", Kind::Whole(1, 100));
const ACCESSIBILITY_LABEL: Field = may("accessibility_label", Kind::Words(75));

static PLAIN_TEXT: Shape = shape(&[need("text", Kind::Words(3_000)), may("emoji", Kind::Flag)]);
static MRKDWN: Shape = shape(&[need("text", Kind::Words(3_000)), may("verbatim", Kind::Flag)]);

static BUTTON: Shape = shape(&[
    need("text", Kind::Plain(75)),
    ACTION_ID,
    may("url", Kind::Name(URL)),
    may("value", Kind::Name(2_000)),
    may("style", Kind::OneOf(&["primary", "danger"])),
    CONFIRM,
    ACCESSIBILITY_LABEL,
]);

static WORKFLOW_BUTTON: Shape = shape(&[
    need("text", Kind::Plain(75)),
    need("workflow", Kind::Free),
    ACTION_ID,
    may("style", Kind::OneOf(&["primary", "danger"])),
    ACCESSIBILITY_LABEL,
]);

static CONFIRMATION: Shape = shape(&[
    need("title", Kind::Plain(100)),
    need("text", Kind::Text(300)),
    need("confirm", Kind::Plain(30)),
    need("deny", Kind::Plain(30)),
    may("style", Kind::OneOf(&["primary", "danger"])),
]);

static OPTION: Shape = shape(&[
    need("text", Kind::Text(75)),
    need("value", Kind::Name(75)),
    may("description", Kind::Text(75)),
    may("url", Kind::Name(URL)),
]);

static AN_OPTION: Kind = Kind::Object(&OPTION);

static GROUP: Shape = shape(&[need("label", Kind::Plain(75)), need("options", Kind::List(1, 100, &AN_OPTION))]);

static A_GROUP: Kind = Kind::Object(&GROUP);

static OVERFLOW: Shape = shape(&[ACTION_ID, need("options", Kind::List(1, 5, &AN_OPTION)), CONFIRM]);

static STATIC_SELECT: Shape = Shape {
    fields: &[
        ACTION_ID,
        PLACEHOLDER,
        may("options", Kind::List(1, 100, &AN_OPTION)),
        may("option_groups", Kind::List(1, 100, &A_GROUP)),
        may("initial_option", Kind::Object(&OPTION)),
        may("initial_options", Kind::List(1, 100, &AN_OPTION)),
        MOST_SELECTED,
        CONFIRM,
        FOCUS,
    ],
    also: Some(options_or_groups),
};

static EXTERNAL_SELECT: Shape = shape(&[
    ACTION_ID,
    PLACEHOLDER,
    may("initial_option", Kind::Object(&OPTION)),
    may("initial_options", Kind::List(1, 100, &AN_OPTION)),
    may("min_query_length", Kind::Whole(0, 3_000)),
    MOST_SELECTED,
    CONFIRM,
    FOCUS,
]);

static AN_ID: Kind = Kind::Name(255);

static USERS_SELECT: Shape = shape(&[
    ACTION_ID,
    PLACEHOLDER,
    may("initial_user", Kind::Name(255)),
    may("initial_users", Kind::List(1, 100, &AN_ID)),
    MOST_SELECTED,
    CONFIRM,
    FOCUS,
]);

static CONVERSATIONS_SELECT: Shape = shape(&[
    ACTION_ID,
    PLACEHOLDER,
    may("initial_conversation", Kind::Name(255)),
    may("initial_conversations", Kind::List(1, 100, &AN_ID)),
    may("default_to_current_conversation", Kind::Flag),
    may("response_url_enabled", Kind::Flag),
    may("filter", Kind::Free),
    MOST_SELECTED,
    CONFIRM,
    FOCUS,
]);

static CHANNELS_SELECT: Shape = shape(&[
    ACTION_ID,
    PLACEHOLDER,
    may("initial_channel", Kind::Name(255)),
    may("initial_channels", Kind::List(1, 100, &AN_ID)),
    may("response_url_enabled", Kind::Flag),
    MOST_SELECTED,
    CONFIRM,
    FOCUS,
]);

static CHOICES: Shape = shape(&[
    ACTION_ID,
    need("options", Kind::List(1, 10, &AN_OPTION)),
    may("initial_option", Kind::Object(&OPTION)),
    may("initial_options", Kind::List(1, 10, &AN_OPTION)),
    CONFIRM,
    FOCUS,
]);

static PICKER: Shape = shape(&[
    ACTION_ID,
    PLACEHOLDER,
    may("initial_date", Kind::Name(10)),
    may("initial_time", Kind::Name(5)),
    may("initial_date_time", Kind::Number),
    may("timezone", Kind::Name(255)),
    CONFIRM,
    FOCUS,
]);

static PLAIN_TEXT_INPUT: Shape = shape(&[
    ACTION_ID,
    PLACEHOLDER,
    may("initial_value", Kind::Words(3_000)),
    may("multiline", Kind::Flag),
    may("min_length", Kind::Whole(0, 3_000)),
    may("max_length", Kind::Whole(1, 3_000)),
    may("dispatch_action_config", Kind::Free),
    FOCUS,
]);

static IMAGE: Shape = Shape {
    fields: &[
        may("image_url", Kind::Name(URL)),
        may("slack_file", Kind::Object(&SLACK_FILE)),
        need("alt_text", Kind::Words(2_000)),
    ],
    also: Some(one_source),
};

/// An image that is a block.
pub(super) static IMAGE_BLOCK: Shape = Shape {
    fields: &[
        may("block_id", Kind::BlockId),
        may("image_url", Kind::Name(URL)),
        may("slack_file", Kind::Object(&SLACK_FILE)),
        need("alt_text", Kind::Words(2_000)),
        may("title", Kind::Plain(2_000)),
    ],
    also: Some(one_source),
};

/// The icon of a container.
pub(super) static ICON: Kind = Kind::Choice(&[("image", &IMAGE)]);

static SLACK_FILE: Shape = shape(&[may("id", Kind::Name(255)), may("url", Kind::Name(URL))]);

fn one_source(walk: &mut Walk, image: &Map<String, Value>, place: &Place<'_>) {
    let one = image.contains_key("image_url") != image.contains_key("slack_file");
    walk.expect(one, place, "must have either `image_url` or `slack_file`");
}

fn options_or_groups(walk: &mut Walk, select: &Map<String, Value>, place: &Place<'_>) {
    let one = select.contains_key("options") != select.contains_key("option_groups");
    walk.expect(one, place, "must have either `options` or `option_groups`");
}
