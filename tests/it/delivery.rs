//! What each member gets, and when: planned, computed, sent, looked for, on a clock that the tests move.

mod alerting;
mod due;
mod faults;
mod owners;
mod people;
mod races;
mod refusals;
mod stops;
mod weekly;
mod zones;

use crate::support::app::App;

/// Monday, an hour before Ada's digest, with her consent and a session on Friday.
async fn monday() -> App {
    let mut app = App::at("2026-09-14T08:00:00Z").await;
    app.session("ada", "2026-09-11 10:00:00").await;
    app.opts_in("ada").await;
    app.sync().await;
    app
}

/// Monday, a few seconds after Ada's digest was due and computed.
async fn rendered() -> App {
    let app = monday().await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    assert_eq!(app.outcome("ada").await.0, "rendered");
    app
}
