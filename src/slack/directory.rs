//! The workspace's directory: one member by address, or all of them page by page.

use super::{Client, Member, SlackError, Status};
use crate::model::{MemberEmail, MemberId};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::HashSet, time::Duration};

/// Members asked for at once; Slack advises at most 200.
const PAGE_SIZE: &str = "200";

/// No workspace has more pages; a server that never ends its list is cut off here.
const MOST_PAGES: usize = 10_000;

/// The longest name of a next page that is believed; Slack's are some dozen letters.
const LONGEST_CURSOR: usize = 1_000;

/// How often in a row Slack may ask for a pause before the reading is given up.
const MOST_PAUSES: u32 = 10;

/// For how long the pauses are kept where one member is looked for in the whole directory.
const SEARCH_PATIENCE: Duration = Duration::from_mins(1);

const LOOKUP: &str = "users.lookupByEmail";
const LIST: &str = "users.list";

/// One page of the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub members: Vec<Member>,
    /// Entries that could not be read.
    pub skipped: usize,
}

/// The directory as it is read; see [`Client::members`].
#[derive(Debug)]
pub struct Pages<'a> {
    client: &'a Client,
    next: Option<Cursor>,
    /// The pages that were named so far.
    seen: HashSet<String>,
    /// What is left for pauses.
    patience: Duration,
}

/// Where the next page begins; the first has no name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cursor(Option<String>);

#[derive(Deserialize)]
struct Lookup {
    user: Value,
}

#[derive(Deserialize)]
struct List {
    members: Vec<Value>,
    response_metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    next_cursor: Option<String>,
}

impl Client {
    /// The member with this address; `None` where Slack knows none, as for most deactivated ones.
    pub async fn member_by_email(&self, email: &MemberEmail) -> Result<Option<Member>, SlackError> {
        let home = self.identity().await?;
        let answer: Lookup = match self.read_if_offered(LOOKUP, &[("email", email.as_str())]).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return self.search(email).await,
            Err(SlackError::Refused { code, .. }) if code == "users_not_found" => return Ok(None),
            Err(error) => return Err(error),
        };
        match Member::parse(answer.user, home) {
            Some(member) => Ok(Some(member)),
            None => Err(unreadable(LOOKUP, "its `user` is not one")),
        }
    }

    /// A user as an event describes them; none where that is nobody.
    ///
    /// # Errors
    /// When Slack does not say whose the token is.
    pub async fn member_of(&self, user: Value) -> Result<Option<Member>, SlackError> {
        Ok(Member::parse(user, self.identity().await?))
    }

    /// Recap's own bot; none where Slack does not say.
    ///
    /// # Errors
    /// When Slack does not answer.
    pub async fn bot_user(&self) -> Result<Option<MemberId>, SlackError> {
        Ok(self.identity().await?.map(|identity| MemberId(identity.user_id.clone())))
    }

    /// Looks through the whole directory; of several with this address an active one counts.
    async fn search(&self, email: &MemberEmail) -> Result<Option<Member>, SlackError> {
        let mut pages = self.members(SEARCH_PATIENCE);
        let mut found = None;
        while let Some(page) = pages.next_page().await? {
            for member in page.members.into_iter().filter(|member| member.email.as_ref() == Some(email)) {
                if member.status == Status::Active {
                    return Ok(Some(member));
                }
                found.get_or_insert(member);
            }
        }
        Ok(found)
    }

    /// The directory, from its first page, with the pauses that Slack asks for as long as they add up to at most
    /// `patience`. Behind a gate the pauses are the gate's, and `patience` does not count.
    pub fn members(&self, patience: Duration) -> Pages<'_> {
        Pages { client: self, next: Some(Cursor(None)), seen: HashSet::new(), patience }
    }

    /// The whole directory; see [`Client::members`].
    pub async fn all_members(&self, patience: Duration) -> Result<Page, SlackError> {
        let mut all = Page::default();
        let mut pages = self.members(patience);
        while let Some(page) = pages.next_page().await? {
            all.members.extend(page.members);
            all.skipped += page.skipped;
        }
        Ok(all)
    }
}

impl Pages<'_> {
    /// The next page, `None` after the last. After an error the same page is asked for again.
    pub async fn next_page(&mut self) -> Result<Option<Page>, SlackError> {
        let mut pauses = 0;
        loop {
            match self.read().await {
                // The next call waits for it at the gate.
                Err(SlackError::Later { limited: true, .. }) if self.client.has_gate() && pauses < MOST_PAUSES => {
                    pauses += 1;
                }
                Err(SlackError::Later { retry_after: Some(pause), .. })
                    if pause <= self.patience && pauses < MOST_PAUSES =>
                {
                    self.patience -= pause;
                    pauses += 1;
                    tracing::info!(pause_s = pause.as_secs(), "Slack asks for a pause in reading its directory");
                    tokio::time::sleep(pause).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn read(&mut self) -> Result<Option<Page>, SlackError> {
        let Some(cursor) = &self.next else { return Ok(None) };
        let home = self.client.identity().await?;
        let mut parameters = vec![("limit", PAGE_SIZE)];
        parameters.extend(cursor.0.as_deref().map(|cursor| ("cursor", cursor)));
        let list: List = self.client.read(LIST, &parameters).await?;
        let next = list.response_metadata.and_then(|metadata| metadata.next_cursor).filter(|text| !text.is_empty());
        if let Some(text) = &next {
            if text.len() > LONGEST_CURSOR {
                return Err(unreadable(LIST, "the name of its next page is too long"));
            }
            if self.seen.len() >= MOST_PAGES || !self.seen.insert(text.clone()) {
                return Err(unreadable(LIST, "its pages do not end"));
            }
        }
        self.next = next.map(|text| Cursor(Some(text)));
        let entries = list.members.len();
        let members: Vec<_> = list.members.into_iter().filter_map(|user| Member::parse(user, home)).collect();
        let skipped = entries - members.len();
        if skipped > 0 {
            tracing::warn!(skipped, "some entries of Slack's directory could not be read");
        }
        Ok(Some(Page { members, skipped }))
    }
}

fn unreadable(method: &'static str, what: &str) -> SlackError {
    SlackError::Unreadable { method, what: what.to_owned() }
}
