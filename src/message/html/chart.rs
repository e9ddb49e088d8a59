//! Charts as inline SVG bars, with their numbers beside each bar and in the text alternative.

use super::escape;
use crate::message::text::{self, kind, list, number, string};
use serde_json::Value;
use std::fmt::Write;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 160.0;
/// Room above the bars for values, and below for labels.
const ABOVE: f64 = 20.0;
const BELOW: f64 = 22.0;

/// Appends a `data_visualization`; lines, areas and pies are drawn as bars of the same numbers.
pub(super) fn write(block: &Value, out: &mut String) {
    let title = string(block, "title");
    let Some(chart) = block.get("chart") else { return };
    let series: Vec<(&str, &[Value])> = if kind(chart) == "pie" {
        vec![(title, list(chart, "segments"))]
    } else {
        list(chart, "series").iter().map(|one| (string(one, "name"), list(one, "data"))).collect()
    };
    let _ = write!(out, "<figure><figcaption>{}</figcaption>\n<svg viewBox=\"0 0 {WIDTH} ", escape(title));
    let _ = write!(out, "{}\" role=\"img\" aria-label=\"{}\">", ABOVE + HEIGHT + BELOW, escape(&text::block(block)));
    bars(&series, out);
    out.push_str("</svg>\n");
    if series.len() > 1 {
        let names = series
            .iter()
            .enumerate()
            .map(|(which, (name, _))| format!("<span class=\"swatch series-{}\"></span>{}", which % 6, escape(name)));
        let _ = writeln!(out, "<p class=\"legend\">{}</p>", names.collect::<Vec<_>>().join(" · "));
    }
    out.push_str("</figure>\n");
}

fn bars(series: &[(&str, &[Value])], out: &mut String) {
    let groups = series.iter().map(|(_, points)| points.len()).max().unwrap_or_default().max(1);
    let values = || series.iter().flat_map(|(_, points)| points.iter().map(value));
    let highest = values().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let group = WIDTH / groups as f64;
    let bar = (group * 0.7 / series.len().max(1) as f64).min(56.0);
    let floor = ABOVE + HEIGHT;
    let _ = write!(out, "<line class=\"axis\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{floor}\" y2=\"{floor}\"/>");
    for (which, (_, points)) in series.iter().enumerate() {
        for (index, point) in points.iter().enumerate() {
            let height = (value(point).max(0.0) / highest * HEIGHT).clamp(0.0, HEIGHT);
            let middle = group * (index as f64 + 0.5) + bar * (which as f64 - (series.len() as f64 - 1.0) / 2.0);
            let (left, top) = (middle - bar / 2.0, floor - height);
            let _ = write!(
                out,
                "<rect class=\"series-{}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{bar:.1}\" height=\"{height:.1}\" \
                 rx=\"3\"/><text class=\"value\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                which % 6,
                top - 5.0,
                number(point.get("value")),
            );
        }
    }
    let labels = series.first().map_or(&[][..], |(_, points)| points);
    for (index, point) in labels.iter().enumerate() {
        let middle = group * (index as f64 + 0.5);
        let label = escape(string(point, "label"));
        let _ = write!(out, "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>", floor + 17.0);
    }
}

fn value(point: &Value) -> f64 {
    point.get("value").and_then(Value::as_f64).unwrap_or_default()
}
