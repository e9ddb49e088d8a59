//! Filters on words and lists.

use minijinja::{Error, ErrorKind, Value, value::ValueKind};

/// `{{ day.sessions | number }}`, alone in a leaf, is a JSON number.
pub(super) fn number(value: &Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Number => Ok(value.clone()),
        kind => Err(Error::new(ErrorKind::InvalidOperation, format!("{kind} is not a number"))),
    }
}

/// `{{ days | plural("day", "days") }}`: the first form for one, the second for any other number.
pub(super) fn plural(value: &Value, one: String, many: String) -> Result<String, Error> {
    let number = f64::try_from(value.clone())
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "`plural` chooses by a number"))?;
    Ok(if (number - 1.0).abs() < f64::EPSILON { one } else { many })
}

/// `{{ names | join(", ") }}`; the whole counts as one value, so it is escaped like one.
pub(super) fn join(list: &Value, separator: Option<&str>) -> Result<String, Error> {
    let items: Vec<String> = list.try_iter()?.map(|item| item.to_string()).collect();
    Ok(items.join(separator.unwrap_or_default()))
}
