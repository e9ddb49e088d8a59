//! Consents: an append-only record of who agreed to what, and the suppression that outlives deletion.

use super::{
    AuditEntry, Store, StoreError,
    cells::{Cells, clean, micros, unreadable},
    fault::Fault,
    work::Work,
};
use crate::model::MemberId;
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentKind {
    /// "Send me the daily digest."
    OptIn,
    OptOut,
    /// "Name me in team summaries."
    Named,
    Unnamed,
}

impl ConsentKind {
    const ALL: [(Self, &'static str); 4] =
        [(Self::OptIn, "opt_in"), (Self::OptOut, "opt_out"), (Self::Named, "named"), (Self::Unnamed, "unnamed")];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    fn of_word(word: &str) -> Result<Self, StoreError> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind).ok_or_else(|| unreadable("kind"))
    }
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub member: MemberId,
    pub kind: ConsentKind,
    pub at: DateTime<Utc>,
    /// Where it was given: `cli`, `slack`, `page`.
    pub surface: String,
    /// Who gave it: the member's own id, or the name of who recorded it.
    pub actor: String,
    /// The words that were agreed to.
    pub wording: String,
}

impl Consent {
    /// Whether the member gave it themselves.
    pub fn is_own(&self) -> bool {
        self.actor == self.member.0
    }
}

/// What holds for a member now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consents {
    /// The latest opt-in or opt-out.
    pub digest: Option<Consent>,
    /// Agreed to be named.
    pub named: bool,
    /// Agreed to be named in one summary, and did not say since that they do not want to be. Not looked for where many
    /// members are read.
    pub revealed: bool,
    /// Deleted their data: never subscribed by enrollment again.
    pub suppressed: bool,
}

const RECORDED: &str = "SELECT kind, at, surface, actor, wording FROM consents
    WHERE workspace_id = $1 AND member_id = $2 ORDER BY number DESC";

impl Store {
    /// Appends to the record, and to the audit, in one transaction. An opt-in by the member lifts a suppression. Who does
    /// not want to be named any more is taken out of the summaries that are kept.
    pub async fn record_consent(&self, consent: &Consent) -> Result<(), StoreError> {
        const RECORD: &str = "INSERT INTO consents (workspace_id, member_id, number, kind, at, surface, actor, wording)
            SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5, $6, $7 FROM consents
            WHERE workspace_id = $1 AND member_id = $2";
        const LIFT: &str = "DELETE FROM suppressions WHERE workspace_id = $1 AND member_id = $2";
        self.write(|mut work| async move {
            let Consent { member, kind, at, surface, actor, wording } = consent;
            work.one_at_a_time(self.database().schema(), &format!("consents {member}")).await?;
            let sql = self.sql(RECORD).bind(&member.0).bind(kind.word()).bind(micros(*at)).bind(clean(surface));
            work.run(sql.bind(clean(actor)).bind(clean(wording))).await?;
            if *kind == ConsentKind::OptIn && consent.is_own() {
                work.run(self.sql(LIFT).bind(&member.0)).await?;
            }
            if *kind == ConsentKind::Unnamed {
                work.run(self.sql(REVISE).bind(&member.0).bind(micros(*at))).await?;
            }
            let action = format!("consent.{}", kind.word());
            let (subject, detail) = (member.0.clone(), surface.clone());
            self.note(&mut work, &AuditEntry { at: *at, actor: actor.clone(), action, subject, detail }).await?;
            work.done(()).await
        })
        .await
    }

    /// All that the member said, the latest first.
    pub async fn record_of(&self, member: &MemberId) -> Result<Vec<Consent>, StoreError> {
        let rows = self.read(|mut work| async move { work.rows(self.sql(RECORDED).bind(&member.0)).await }).await?;
        rows.iter().map(|row| consent(row, member)).collect()
    }

    pub async fn consents_of(&self, member: &MemberId) -> Result<Consents, StoreError> {
        const SUPPRESSED: &str = "SELECT at FROM suppressions WHERE workspace_id = $1 AND member_id = $2";
        const REVEALED: &str = "SELECT r.at FROM reveals r WHERE r.workspace_id = $1 AND r.member_id = $2
            AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.workspace_id = r.workspace_id
                AND c.member_id = r.member_id AND c.kind = 'unnamed' AND c.at > r.at)
            LIMIT 1";
        let read = |mut work: Work| async move {
            let recorded = work.rows(self.sql(RECORDED).bind(&member.0)).await?;
            let suppressed = work.row(self.sql(SUPPRESSED).bind(&member.0)).await?.is_some();
            let revealed = work.row(self.sql(REVEALED).bind(&member.0)).await?.is_some();
            Ok::<_, Fault>((recorded, suppressed, revealed))
        };
        let (rows, suppressed, revealed) = self.read(read).await?;
        let recorded = rows.iter().map(|row| consent(row, member)).collect::<Result<Vec<_>, _>>()?;
        Ok(Consents { revealed, ..standing(&recorded, suppressed) })
    }

    /// Deletes the member's preferences, subscription, deliveries, streak, consents and wishes to be named, with the lines
    /// of the audit about them, and leaves a bare suppression and the fact of deletion in the audit. Summaries that may
    /// name them are made again. What an owner or admin was told of Recap itself stays, without its words, for it would
    /// be told again; and what they did as an admin stays in the audit.
    ///
    /// What else holds their address says nothing of their usage, or is not for long: the directory's row and their stays
    /// on teams, which Slack or the settings would bring back the same hour (a stay goes 400 days after its end), and
    /// the facts of the last summaries, which go within 7 days.
    pub async fn delete_member_data(
        &self,
        member: &MemberId,
        at: DateTime<Utc>,
        actor: &str,
    ) -> Result<(), StoreError> {
        // A team may be called as they are.
        const FORGET: [&str; 14] = [
            "DELETE FROM reveals WHERE workspace_id = $1 AND member_id = $2",
            "DELETE FROM preferences WHERE workspace_id = $1 AND member_id = $2",
            "DELETE FROM deliveries WHERE workspace_id = $1 AND recipient = $2 AND report NOT IN ('weekly', 'now.weekly',
                'notice.ops', 'notice.run', 'notice.team', 'notice.alert')",
            "UPDATE deliveries SET message = NULL, facts = NULL WHERE workspace_id = $1 AND recipient = $2
                AND report IN ('notice.ops', 'notice.run', 'notice.team', 'notice.alert') AND final_at IS NOT NULL",
            "DELETE FROM subscriptions WHERE workspace_id = $1 AND recipient = $2 AND report <> 'weekly'",
            "DELETE FROM streaks WHERE workspace_id = $1 AND member_id = $2",
            "DELETE FROM consents WHERE workspace_id = $1 AND member_id = $2",
            "DELETE FROM zeude_report_configs WHERE workspace_id = $1 AND scope = 'member:' || $2",
            "DELETE FROM previews WHERE workspace_id = $1 AND actor = $2",
            "DELETE FROM previews WHERE workspace_id = $1 AND scope = 'member:' || $2",
            "DELETE FROM requests WHERE workspace_id = $1 AND subject = 'member:' || $2",
            "DELETE FROM audit WHERE workspace_id = $1 AND subject = $2
                AND (action LIKE 'consent.%' OR action LIKE 'preferences.%'
                    OR action = 'subscription.off' AND detail LIKE 'daily:%')",
            "DELETE FROM audit WHERE workspace_id = $1 AND subject = 'member:' || $2",
            "UPDATE members SET last_usage = NULL WHERE workspace_id = $1 AND member_id = $2",
        ];
        const SUPPRESS: &str = "INSERT INTO suppressions (workspace_id, member_id, at) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, member_id) DO UPDATE SET at = excluded.at";
        self.write(|mut work| async move {
            work.run(self.sql(REVISE).bind(&member.0).bind(micros(at))).await?;
            for forget in FORGET {
                work.run(self.sql(forget).bind(&member.0)).await?;
            }
            work.run(self.sql(SUPPRESS).bind(&member.0).bind(micros(at))).await?;
            let (actor, action, subject) = (actor.to_owned(), "member.delete_data".to_owned(), member.0.clone());
            self.note(&mut work, &AuditEntry { at, actor, action, subject, detail: String::new() }).await?;
            work.done(()).await
        })
        .await
    }
}

/// The kept summaries that may name a member are looked at again at once: where the address won, or their wish is noted.
pub(super) const REVISE: &str = "UPDATE deliveries SET revise_at = $3, revising = 0
    WHERE workspace_id = $1 AND report IN ('weekly', 'now.weekly') AND state = 'sent' AND ts IS NOT NULL AND facts IS NOT NULL
        AND (facts LIKE (SELECT '%\"' || m.email || '\"%' FROM members m
                WHERE m.workspace_id = $1 AND m.member_id = $2)
            OR delivery_id IN (SELECT delivery_id FROM reveals WHERE workspace_id = $1 AND member_id = $2))";

/// What holds now, by a member's whole record, latest first.
pub(super) fn standing(recorded: &[Consent], suppressed: bool) -> Consents {
    let latest = |kinds: [ConsentKind; 2]| recorded.iter().find(|consent| kinds.contains(&consent.kind));
    let digest = latest([ConsentKind::OptIn, ConsentKind::OptOut]).cloned();
    let named = latest([ConsentKind::Named, ConsentKind::Unnamed]);
    let named = named.is_some_and(|latest| latest.kind == ConsentKind::Named);
    Consents { digest, named, revealed: false, suppressed }
}

/// Reads a line of `member`'s record.
pub(super) fn consent(row: &AnyRow, member: &MemberId) -> Result<Consent, StoreError> {
    Ok(Consent {
        member: member.clone(),
        kind: ConsentKind::of_word(&row.text("kind")?)?,
        at: row.instant("at")?,
        surface: row.text("surface")?,
        actor: row.text("actor")?,
        wording: row.text("wording")?,
    })
}
