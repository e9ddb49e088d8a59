//! Whether Recap's own state can be used, and belongs to the workspace that the token is for.

use super::line::Line;
use crate::{
    cli::{
        Context,
        state::{self, missing_file, sqlite_path},
    },
    config::Settings,
    model::WorkspaceId,
};

const CHECK: &str = "store";

/// Opens the store where there is one; `workspace` is what the token says.
pub async fn look(context: &Context, workspace: Option<&WorkspaceId>) -> Line {
    let form = form(&context.settings);
    if let Some(path) = missing_file(&context.settings) {
        return Line::ok(CHECK, format!("{form}; there is no `{path}` yet, the first start makes it"));
    }
    let owner = match state::database(context).await {
        Ok(database) => database.workspace().await.map_err(state::explained),
        Err(failure) => Err(failure),
    };
    match (owner, workspace) {
        (Err(failure), _) => Line::failed(CHECK, &failure),
        (Ok(Some(owner)), Some(workspace)) if owner != *workspace => Line::error(
            CHECK,
            format!("{form}; it belongs to workspace `{owner}`, and the bot token to `{workspace}`"),
            "use the token of that workspace, or another `store.url`",
        ),
        (Ok(Some(owner)), _) => Line::ok(CHECK, format!("{form}; it answers, and belongs to workspace `{owner}`")),
        (Ok(None), _) => Line::ok(CHECK, format!("{form}; it answers, and is empty")),
    }
}

/// Which form of store is configured, never its address: that may hold a password.
fn form(settings: &Settings) -> String {
    match sqlite_path(settings) {
        Some(path) => format!("the SQLite file `{path}` is configured"),
        None => format!("a PostgreSQL database is configured, with the schema `{}`", settings.store.schema),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> Settings {
        Settings::load(None, [("RECAP__STORE__URL".to_owned(), url.to_owned())]).unwrap()
    }

    #[test]
    fn a_store_is_told_without_its_password() {
        let postgres = form(&settings("postgres://recap:pass-word@db.example.com/recap"));
        assert!(postgres.contains("PostgreSQL") && postgres.contains("`recap`"), "{postgres}");
        assert!(!postgres.contains("pass-word"), "{postgres}");
        let sqlite = form(&settings("sqlite:data/state.sqlite?mode=rwc"));
        assert!(sqlite.contains("`data/state.sqlite`"), "{sqlite}");
    }
}
