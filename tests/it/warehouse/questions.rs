//! Every question of the warehouse, asked one after the other.

use recap::{
    model::{LocalTime, Weekdays},
    schedule::{Covers, Cut, DailySchedule, DailyWindow},
    warehouse::{People, Rows, Warehouse, WarehouseError},
};
use std::fmt::Debug;

/// Wednesday, January 15, 2025 in `zone`.
pub fn wednesday(zone: chrono_tz::Tz) -> DailyWindow {
    let time: LocalTime = "09:00".parse().unwrap();
    let schedule =
        DailySchedule { zone, time, weekdays: Weekdays::MON_FRI, days_off: [].into(), covers: Covers::Morning };
    schedule.window_covering("2025-01-15".parse().unwrap())
}

/// The answers, one text for each question: eight about people, then four about the data as a whole.
pub async fn ask_everything(warehouse: &Warehouse, window: &DailyWindow) -> Result<Vec<String>, WarehouseError> {
    let everyone = People::everyone();
    let (span, facts) = (window.span(), warehouse.facts());
    let cut = Cut { span: window.span(), starts_ms: window.bounds_ms() };
    let keys = ["squad".to_owned()].into();
    Ok(vec![
        all(warehouse.activity(window, &everyone, false).await?).await?,
        all(warehouse.activity(window, &everyone, true).await?).await?,
        all(warehouse.skills(window, &everyone).await?).await?,
        all(warehouse.active_days(window, &everyone).await?).await?,
        all(warehouse.activity_in(&cut, &everyone, true).await?).await?,
        all(warehouse.skills_in(&cut, &everyone).await?).await?,
        all(warehouse.team_values(&cut, &keys).await?).await?,
        all(facts.people(span.start, span.end).await?).await?,
        format!("{:?}", facts.flow(span.start, span.end).await?),
        format!("{:?}", facts.hidden_skills(span.start, span.end).await?),
        format!("{:?}", facts.implausible(span.start, span.end).await?),
        format!("{:?}", warehouse.arrivals(span.start, span.end).await?),
    ])
}

async fn all<T: clickhouse::RowOwned + clickhouse::RowRead + Debug>(
    mut rows: Rows<T>,
) -> Result<String, WarehouseError> {
    let mut answer = Vec::new();
    while let Some(row) = rows.next().await? {
        answer.push(format!("{row:?}"));
    }
    Ok(answer.join("\n"))
}
