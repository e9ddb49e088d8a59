//! The roster: all that decides about each member's daily digest, read page by page.

use super::{
    Consent, Consents, MemberRecord, Preferences, Store, StoreError, Subscription,
    cells::Cells,
    consents::{consent, standing},
    fault::Fault,
    members::member,
    preferences::preferences,
    subscriptions::subscription,
    work::Work,
};
use crate::model::MemberId;
use sqlx::any::AnyRow;
use std::collections::{HashMap, HashSet};

/// All that decides about one member's daily digest.
#[derive(Debug, Clone, PartialEq)]
pub struct RosterEntry {
    pub member: MemberRecord,
    pub consents: Consents,
    pub preferences: Preferences,
    /// An admin switched their digest off.
    pub switched_off: bool,
    /// The daily subscription as it stands, if there is one.
    pub subscription: Option<Subscription>,
}

impl Store {
    /// Everybody who may need a subscription, ordered by id, after `after`: members with a consent, a subscription,
    /// or (`with_usage`) active ones with any usage. For 50,000 members this is asked page by page.
    pub async fn roster(
        &self,
        after: Option<&MemberId>,
        with_usage: bool,
        limit: u32,
    ) -> Result<Vec<RosterEntry>, StoreError> {
        const PAGE: &str = "SELECT * FROM members m WHERE m.workspace_id = $1 AND m.member_id > $2
            AND (($3 = 1 AND m.status = 'active' AND m.last_usage IS NOT NULL)
                OR EXISTS (SELECT 1 FROM consents c WHERE c.workspace_id = $1 AND c.member_id = m.member_id)
                OR EXISTS (SELECT 1 FROM subscriptions s
                    WHERE s.workspace_id = $1 AND s.report = 'daily' AND s.recipient = m.member_id))
            ORDER BY m.member_id LIMIT $4";
        let after = after.map_or("", |id| &id.0);
        self.read(|mut work| async move {
            let page = self.sql(PAGE).bind(after).bind(i64::from(with_usage)).bind(i64::from(limit));
            let page = work.rows(page).await?;
            self.entries(&mut work, &page).await
        })
        .await
    }

    /// The same for one member.
    pub async fn roster_entry(&self, id: &MemberId) -> Result<Option<RosterEntry>, StoreError> {
        const ONE: &str = "SELECT * FROM members WHERE workspace_id = $1 AND member_id = $2";
        let read = |mut work: Work| async move {
            let one = work.rows(self.sql(ONE).bind(&id.0)).await?;
            self.entries(&mut work, &one).await
        };
        Ok(self.read(read).await?.into_iter().next())
    }

    /// Joins rows of `members`, which are in order, with all else about the members from the first to the last.
    async fn entries(&self, work: &mut Work, members: &[AnyRow]) -> Result<Vec<RosterEntry>, Fault> {
        const CONSENTS: &str = "SELECT * FROM consents
            WHERE workspace_id = $1 AND member_id BETWEEN $2 AND $3 ORDER BY number DESC";
        const SUPPRESSED: &str =
            "SELECT member_id FROM suppressions WHERE workspace_id = $1 AND member_id BETWEEN $2 AND $3";
        const PREFERENCES: &str = "SELECT * FROM preferences WHERE workspace_id = $1 AND member_id BETWEEN $2 AND $3";
        const SUBSCRIPTIONS: &str = "SELECT * FROM subscriptions
            WHERE workspace_id = $1 AND report = 'daily' AND recipient BETWEEN $2 AND $3";
        let members = members.iter().map(member).collect::<Result<Vec<_>, _>>()?;
        let (Some(first), Some(last)) = (members.first(), members.last()) else { return Ok(Vec::new()) };
        let among = |text| self.sql(text).bind(&first.id.0).bind(&last.id.0);

        let mut recorded: HashMap<String, Vec<Consent>> = HashMap::new();
        for row in work.rows(among(CONSENTS)).await? {
            let id = row.text("member_id")?;
            let line = consent(&row, &MemberId(id.clone()))?;
            recorded.entry(id).or_default().push(line);
        }
        let suppressed = work.rows(among(SUPPRESSED)).await?;
        let suppressed = suppressed.iter().map(|row| row.text("member_id")).collect::<Result<HashSet<_>, _>>()?;
        let switched_off = self.switched_off_members(work, &first.id, &last.id).await?;
        let chosen = work.rows(among(PREFERENCES)).await?;
        let chosen = chosen.iter().map(|row| Ok((row.text("member_id")?, preferences(row)?)));
        let mut chosen = chosen.collect::<Result<HashMap<_, _>, StoreError>>()?;
        let subscribed = work.rows(among(SUBSCRIPTIONS)).await?;
        let subscribed = subscribed.iter().map(|row| Ok((row.text("recipient")?, subscription(row)?)));
        let mut subscribed = subscribed.collect::<Result<HashMap<_, _>, StoreError>>()?;

        let entry = |member: MemberRecord| RosterEntry {
            consents: standing(&recorded.remove(&member.id.0).unwrap_or_default(), suppressed.contains(&member.id.0)),
            preferences: chosen.remove(&member.id.0).unwrap_or_default(),
            switched_off: switched_off.contains(&member.id.0),
            subscription: subscribed.remove(&member.id.0),
            member,
        };
        Ok(members.into_iter().map(entry).collect())
    }
}
