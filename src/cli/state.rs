//! The store that a command works on, beside a running daemon or without one.

use super::{Context, Failure, daily};
use crate::{
    config::Settings,
    model::{MemberEmail, WorkspaceId},
    planner::Rules,
    slack::{self, Client},
    store::{Database, MemberRecord, MemberStatus, Store, StoreError, StoreOptions},
};
use secrecy::ExposeSecret;
use std::path::Path;

/// Opens the database of the settings.
///
/// # Errors
/// When it cannot be reached or used.
pub async fn database(context: &Context) -> Result<Database, Failure> {
    let settings = &context.settings.store;
    let options = StoreOptions { url: settings.url.clone(), schema: settings.schema.clone() };
    Database::open(&options).await.map_err(explained)
}

/// As [`store`], for a command that only reads or changes what is there: a mistyped path must not make a new store.
///
/// # Errors
/// When there is no store yet, or it cannot be used.
pub async fn existing_store(context: &Context) -> Result<Store, Failure> {
    if let Some(path) = missing_file(&context.settings) {
        return Err(Failure::new(format!("there is no store at `{path}`"))
            .hint("check `store.url`; `recap serve` or `recap consent` makes a new one"));
    }
    store(context).await
}

/// As [`store`], for a command that also asks Slack: the token must be for the store's workspace.
///
/// # Errors
/// When it is for another one, or the store cannot be used.
pub async fn store_of_token(context: &Context) -> Result<Store, Failure> {
    let client = daily::slack_client(&context.settings)?;
    let database = database(context).await?;
    let workspace = workspace_of(&client, &database).await?;
    database.of_workspace(&workspace, context.clock.now()).await.map_err(explained)
}

/// The path of the SQLite file that is configured.
pub fn sqlite_path(settings: &Settings) -> Option<&str> {
    let path = settings.store.url.expose_secret().strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split('?').next()
}

/// That path, where there is no file.
pub fn missing_file(settings: &Settings) -> Option<&str> {
    sqlite_path(settings).filter(|path| !path.starts_with(":memory:") && !Path::new(path).exists())
}

/// Opens the store of the workspace that it belongs to; of a new store, the workspace that the bot token is for.
///
/// # Errors
/// When the store cannot be used, or is new and Slack does not say whose it is to be.
pub async fn store(context: &Context) -> Result<Store, Failure> {
    let database = database(context).await?;
    let workspace = match database.workspace().await.map_err(explained)? {
        Some(workspace) => workspace,
        None => workspace_of(&daily::slack_client(&context.settings)?, &database).await?,
    };
    database.of_workspace(&workspace, context.clock.now()).await.map_err(explained)
}

/// The store, where there is one that belongs to a workspace. Asks Slack nothing and makes none.
///
/// # Errors
/// When the store cannot be used.
pub async fn store_if_any(context: &Context) -> Result<Option<Store>, Failure> {
    if missing_file(&context.settings).is_some() {
        return Ok(None);
    }
    let database = database(context).await?;
    let Some(workspace) = database.workspace().await.map_err(explained)? else { return Ok(None) };
    database.of_workspace(&workspace, context.clock.now()).await.map(Some).map_err(explained)
}

/// The teams, those of the settings and those made in Slack or through the API; the settings' alone where there is no store
/// yet. Asks Slack nothing and writes nothing.
///
/// # Errors
/// When the store cannot be used.
pub async fn teams(context: &Context) -> Result<Rules, Failure> {
    match store_if_any(context).await? {
        None => Ok(Rules::of_file(&context.settings)),
        Some(store) => Rules::of_teams(&context.settings, &store, context.clock.now()).await.map_err(explained),
    }
}

/// The workspace that the bot token is for; the store's, where what answers does not say.
async fn workspace_of(client: &Client, database: &Database) -> Result<WorkspaceId, Failure> {
    let access = client.access().await.map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })?;
    let owner = database.workspace().await.map_err(explained)?;
    Ok(slack::workspace_of(access.identity.as_ref(), owner))
}

/// The member with this address: from the store, else from Slack, where a token says how to ask.
///
/// # Errors
/// When the directory does not know the address.
pub async fn member(context: &Context, store: &Store, email: &MemberEmail) -> Result<MemberRecord, Failure> {
    if let Some(member) = store.member_by_email(email).await.map_err(explained)?
        && member.status == MemberStatus::Active
    {
        return Ok(member);
    }
    let client = daily::slack_client(&context.settings)?;
    let member = daily::addressee(&client, email).await?;
    slack::learn_member(store, member, context.clock.now()).await.map_err(explained)
}

/// The member with this address as the store knows them, whatever became of them.
///
/// # Errors
/// When the store does not know the address.
pub async fn known_member(store: &Store, email: &MemberEmail) -> Result<MemberRecord, Failure> {
    let member = store.member_by_email(email).await.map_err(explained)?;
    member.ok_or_else(|| {
        Failure::new(format!("nobody in the directory has the address `{email}`"))
            .hint("check the spelling; `recap serve` reads Slack's directory when it starts and once a day")
    })
}

/// Tells an error of the store with its hint.
pub fn explained(error: StoreError) -> Failure {
    let hint = error.hint();
    Failure::of(error, hint)
}
