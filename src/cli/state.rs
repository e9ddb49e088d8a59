//! The store that a command works on, beside a running daemon or without one.

use super::{Context, Failure, daily};
use crate::{
    model::{MemberEmail, WorkspaceId},
    slack::{self, Client},
    store::{Database, MemberRecord, MemberStatus, Store, StoreError, StoreOptions},
};

/// Opens the database of the settings.
///
/// # Errors
/// When it cannot be reached or used.
pub async fn database(context: &Context) -> Result<Database, Failure> {
    let settings = &context.settings.store;
    let options = StoreOptions { url: settings.url.clone(), schema: settings.schema.clone() };
    Database::open(&options).await.map_err(explained)
}

/// Opens the store of the workspace that it belongs to; of a new store, the workspace that the bot token is for.
///
/// # Errors
/// When the store cannot be used, or is new and Slack does not say whose it is to be.
pub async fn store(context: &Context) -> Result<Store, Failure> {
    let database = database(context).await?;
    let workspace = match database.workspace().await.map_err(explained)? {
        Some(workspace) => workspace,
        None => workspace_of(&daily::slack_client(&context.settings)?).await?,
    };
    database.of_workspace(&workspace, context.clock.now()).await.map_err(explained)
}

/// The workspace that the bot token is for.
async fn workspace_of(client: &Client) -> Result<WorkspaceId, Failure> {
    let access = client.access().await.map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })?;
    Ok(slack::workspace_of(access.identity.as_ref()))
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
