//! The shapes of `rich_text`.

use super::shape::{Field, Kind, Shape, URL, may, need, shape};

pub(super) static RICH_TEXT: Shape =
    shape(&[may("block_id", Kind::BlockId), need("elements", Kind::List(1, 100, &ELEMENT))]);

/// A cell of a table.
pub(super) static CELL: Shape = shape(&[need("elements", Kind::List(1, 100, &ELEMENT))]);

static ELEMENT: Kind = Kind::Choice(&[
    ("rich_text_section", &SECTION),
    ("rich_text_list", &LIST),
    ("rich_text_preformatted", &PREFORMATTED),
    ("rich_text_quote", &QUOTE),
]);

static SECTION: Shape = shape(&[INLINES]);

static LIST: Shape = shape(&[
    need("style", Kind::OneOf(&["bullet", "ordered"])),
    need("elements", Kind::List(1, 1_000, &LINE)),
    may("indent", Kind::Whole(0, 8)),
    may("offset", Kind::Whole(0, 1_000_000)),
    BORDER,
]);

static LINE: Kind = Kind::Choice(&[("rich_text_section", &SECTION)]);

static PREFORMATTED: Shape = shape(&[INLINES, BORDER, may("language", Kind::Name(100))]);

static QUOTE: Shape = shape(&[INLINES, BORDER]);

const BORDER: Field = may("border", Kind::Whole(0, 1));

const INLINES: Field = need("elements", Kind::List(0, 1_000, &INLINE));

static INLINE: Kind = Kind::Choice(&[
    ("text", &TEXT),
    ("link", &LINK),
    ("emoji", &EMOJI),
    ("user", &USER),
    ("usergroup", &USERGROUP),
    ("channel", &CHANNEL),
    ("broadcast", &BROADCAST),
    ("date", &DATE),
    ("color", &COLOR),
]);

const STYLE: Field = may("style", Kind::Object(&STYLES));

static STYLES: Shape = shape(&[
    may("bold", Kind::Flag),
    may("italic", Kind::Flag),
    may("strike", Kind::Flag),
    may("code", Kind::Flag),
    may("underline", Kind::Flag),
    may("highlight", Kind::Flag),
    may("client_highlight", Kind::Flag),
    may("unlink", Kind::Flag),
]);

static TEXT: Shape = shape(&[need("text", Kind::Words(12_000)), STYLE]);

static LINK: Shape =
    shape(&[need("url", Kind::Name(URL)), may("text", Kind::Words(12_000)), may("unsafe", Kind::Flag), STYLE]);

static EMOJI: Shape = shape(&[
    need("name", Kind::Name(255)),
    may("unicode", Kind::Name(255)),
    may("skin_tone", Kind::Whole(1, 6)),
    may("url", Kind::Name(URL)),
    STYLE,
]);

static USER: Shape = shape(&[need("user_id", Kind::Name(255)), STYLE]);

static USERGROUP: Shape = shape(&[need("usergroup_id", Kind::Name(255)), STYLE]);

static CHANNEL: Shape = shape(&[need("channel_id", Kind::Name(255)), STYLE]);

static BROADCAST: Shape = shape(&[need("range", Kind::OneOf(&["here", "channel", "everyone"])), STYLE]);

static DATE: Shape = shape(&[
    need("timestamp", Kind::Number),
    need("format", Kind::Words(255)),
    may("url", Kind::Name(URL)),
    may("fallback", Kind::Words(255)),
    STYLE,
]);

static COLOR: Shape = shape(&[need("value", Kind::Name(255)), STYLE]);
