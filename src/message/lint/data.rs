//! The shapes of tables and charts.

use super::{
    rich_text::CELL,
    shape::{Field, Kind, Shape, may, need, shape},
    walk::{Place, Walk},
};
use serde_json::{Map, Value};

const BLOCK_ID: Field = may("block_id", Kind::BlockId);

pub(super) static TABLE: Shape = Shape {
    fields: &[
        BLOCK_ID,
        need("rows", Kind::List(1, 100, &TABLE_ROW)),
        may("column_settings", Kind::List(0, 20, &COLUMN)),
    ],
    also: Some(table),
};

static TABLE_ROW: Kind = Kind::List(1, 20, &TABLE_CELL);

static TABLE_CELL: Kind = Kind::Choice(&[("raw_text", &RAW_TEXT), ("rich_text", &CELL)]);

static COLUMN: Kind = Kind::Object(&COLUMN_SETTINGS);

static COLUMN_SETTINGS: Shape =
    shape(&[may("align", Kind::OneOf(&["left", "center", "right"])), may("is_wrapped", Kind::Flag)]);

pub(super) static DATA_TABLE: Shape = Shape {
    fields: &[
        BLOCK_ID,
        need("caption", Kind::Words(2_000)),
        need("rows", Kind::List(2, 101, &DATA_ROW)),
        may("page_size", Kind::Whole(1, 100)),
        may("row_header_column_index", Kind::Whole(0, 19)),
    ],
    also: Some(data_table),
};

static DATA_ROW: Kind = Kind::List(1, 20, &DATA_CELL);

static DATA_CELL: Kind = Kind::Choice(&[("raw_text", &RAW_TEXT), ("raw_number", &RAW_NUMBER), ("rich_text", &CELL)]);

static RAW_TEXT: Shape = shape(&[need("text", Kind::Cell)]);

static RAW_NUMBER: Shape = shape(&[need("value", Kind::Number), may("text", Kind::Cell)]);

pub(super) static DATA_VISUALIZATION: Shape =
    shape(&[BLOCK_ID, need("title", Kind::Words(50)), need("chart", Kind::In(&CHART))]);

static CHART: Kind =
    Kind::Choice(&[("pie", &PIE), ("bar", &SERIES_CHART), ("line", &SERIES_CHART), ("area", &SERIES_CHART)]);

static PIE: Shape = Shape { fields: &[need("segments", Kind::List(1, 6, &SEGMENT))], also: Some(pie) };

static SEGMENT: Kind = Kind::Object(&POINT);

static POINT: Shape = shape(&[need("label", Kind::Words(20)), need("value", Kind::Number)]);

static SERIES_CHART: Shape = Shape {
    fields: &[need("series", Kind::List(1, 6, &SERIES)), need("axis_config", Kind::Object(&AXES))],
    also: Some(points),
};

static SERIES: Kind = Kind::Object(&A_SERIES);

static A_SERIES: Shape = shape(&[need("name", Kind::Words(20)), need("data", Kind::List(1, 20, &SEGMENT))]);

static AXES: Shape = shape(&[
    need("categories", Kind::List(1, 20, &CATEGORY)),
    may("x_label", Kind::Words(50)),
    may("y_label", Kind::Words(50)),
]);

static CATEGORY: Kind = Kind::Words(20);

fn table(walk: &mut Walk, table: &Map<String, Value>, place: &Place<'_>) {
    let characters = characters(table.get("rows"));
    walk.expect(characters <= 10_000, place, "the cells of a table have at most 10000 characters together");
}

fn data_table(walk: &mut Walk, table: &Map<String, Value>, place: &Place<'_>) {
    let characters = characters(table.get("rows"));
    walk.expect(characters <= 20_000, place, "the cells of a data table have at most 20000 characters together");
    let Some(rows) = table.get("rows").and_then(Value::as_array) else { return };
    let mut widths = rows.iter().filter_map(|row| Some(row.as_array()?.len()));
    let Some(width) = widths.next() else { return };
    walk.expect(widths.all(|other| other == width), &place.key("rows"), "all rows must have the same width");
    let header = table.get("row_header_column_index").and_then(Value::as_u64).unwrap_or_default();
    let inside = usize::try_from(header).is_ok_and(|header| header < width);
    walk.expect(inside, &place.key("row_header_column_index"), "must be the index of a column");
}

/// The characters of all texts below `value`.
fn characters(value: Option<&Value>) -> usize {
    match value {
        Some(Value::Array(items)) => items.iter().map(|item| characters(Some(item))).sum(),
        Some(Value::Object(object)) => object
            .iter()
            .map(|(key, value)| match value {
                Value::String(text) if key == "text" => text.chars().count(),
                Value::String(_) => 0,
                other => characters(Some(other)),
            })
            .sum(),
        _ => 0,
    }
}

fn pie(walk: &mut Walk, chart: &Map<String, Value>, place: &Place<'_>) {
    let segments = chart.get("segments").and_then(Value::as_array).into_iter().flatten();
    let positive = segments.filter_map(|segment| segment.get("value")?.as_f64()).all(|value| value > 0.0);
    walk.expect(positive, &place.key("segments"), "every value of a pie must be above 0");
}

/// One point per category, in the same order.
fn points(walk: &mut Walk, chart: &Map<String, Value>, place: &Place<'_>) {
    let categories = chart.get("axis_config").and_then(|axes| axes.get("categories")).and_then(Value::as_array);
    let (Some(categories), Some(series)) = (categories, chart.get("series").and_then(Value::as_array)) else { return };
    for (index, one) in series.iter().enumerate() {
        let Some(data) = one.get("data").and_then(Value::as_array) else { continue };
        let matching = data.len() == categories.len()
            && data.iter().zip(categories).all(|(point, category)| point.get("label") == Some(category));
        let (above, at) = (place.key("series"), index);
        walk.expect(matching, &above.index(at).key("data"), "must have one point for each category, in their order");
    }
}
