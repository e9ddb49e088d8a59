//! What is known about a day that is over, beside its deliveries: what somebody had agreed to by then, and whether they
//! had paused. How things stand today says nothing about it. Pure but for the reading.

use super::Absent;
use crate::{
    config::Enrollment,
    store::{Consent, ConsentKind, MemberRecord, Store, StoreError},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// What a member said and when, the latest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Past {
    /// Yes and no to digests.
    said: Vec<(ConsentKind, DateTime<Utc>)>,
    /// When they paused and up to when, or ended a pause.
    pauses: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    /// They deleted what was known.
    deleted: bool,
}

impl Past {
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn of(store: &Store, member: &MemberRecord) -> Result<Self, StoreError> {
        let record = store.record_of(&member.id).await?;
        let pauses = store.pauses_of(&member.id).await?;
        let deleted = store.consents_of(&member.id).await?.suppressed;
        Ok(Self { said: said(&record), pauses, deleted })
    }

    /// Why nothing was due at `at`, by what they had said until then; none where they had agreed, had said nothing at all, or
    /// `enrollment` asks for no yes.
    pub(super) fn unwanted(&self, at: DateTime<Utc>, enrollment: Enrollment, zone: Tz) -> Option<Absent> {
        if let Some((kind, said)) = self.said.iter().find(|(_, said)| *said <= at) {
            return (*kind == ConsentKind::OptOut).then_some(Absent::HadOptedOut(*said, zone));
        }
        match self.said.last() {
            Some((ConsentKind::OptIn, first)) if enrollment == Enrollment::OptIn => {
                Some(Absent::OptedInLater(*first, zone))
            }
            None if self.deleted => Some(Absent::NotOnRecord),
            _ => None,
        }
    }

    /// Whether they had paused at `at`.
    pub(super) fn paused(&self, at: DateTime<Utc>, zone: Tz) -> Option<Absent> {
        let (_, until) = self.pauses.iter().find(|(chosen, _)| *chosen <= at)?;
        until.filter(|until| at < *until).map(|until| Absent::HadPaused(until, zone))
    }
}

fn said(record: &[Consent]) -> Vec<(ConsentKind, DateTime<Utc>)> {
    let digest = record.iter().filter(|consent| matches!(consent.kind, ConsentKind::OptIn | ConsentKind::OptOut));
    digest.map(|consent| (consent.kind, consent.at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConsentKind::{OptIn, OptOut};

    fn day(day: u32) -> DateTime<Utc> {
        format!("2025-01-{day:02}T09:00:00Z").parse().unwrap()
    }

    #[test]
    fn what_was_said_by_then_counts_and_not_what_was_said_since() {
        let past = |said: &[(ConsentKind, u32)]| Past {
            said: said.iter().rev().map(|(kind, on)| (*kind, day(*on))).collect(),
            ..Past::default()
        };
        let later = |on| Some(Absent::OptedInLater(day(on), Tz::UTC));
        let out = |on| Some(Absent::HadOptedOut(day(on), Tz::UTC));
        for (said, asked_about, why) in [
            (&[(OptIn, 10), (OptOut, 20)][..], 9, later(10)),
            (&[(OptIn, 10), (OptOut, 20)], 10, None),
            (&[(OptIn, 10), (OptOut, 20)], 19, None),
            (&[(OptIn, 10), (OptOut, 20)], 21, out(20)),
            (&[(OptIn, 10), (OptOut, 20), (OptIn, 25)], 22, out(20)),
            (&[(OptIn, 10), (OptOut, 20), (OptIn, 25)], 26, None),
            // Where digests come to those who say nothing, a no is the first word.
            (&[(OptOut, 20)], 19, None),
            (&[], 19, None),
        ] {
            let unwanted = past(said).unwanted(day(asked_about), Enrollment::OptIn, Tz::UTC);
            assert_eq!(unwanted, why, "{said:?} on {asked_about}");
        }
        // Without a need for a yes a later one explains nothing, and a no does.
        let unasked = past(&[(OptIn, 10), (OptOut, 20)]);
        for (asked_about, why) in [(9, None), (10, None), (21, out(20))] {
            assert_eq!(unasked.unwanted(day(asked_about), Enrollment::OptOut, Tz::UTC), why, "{asked_about}");
        }
        let deleted = Past { deleted: true, ..Past::default() };
        assert_eq!(deleted.unwanted(day(9), Enrollment::OptIn, Tz::UTC), Some(Absent::NotOnRecord));
    }

    #[test]
    fn a_pause_is_told_of_the_days_on_which_it_held() {
        let chosen = vec![(day(22), None), (day(21), Some(day(28))), (day(6), Some(day(13)))];
        let past = Past { pauses: chosen, ..Past::default() };
        for (asked_about, until) in
            [(5, None), (6, Some(13)), (12, Some(13)), (13, None), (20, None), (21, Some(28)), (22, None), (27, None)]
        {
            let paused = until.map(|until| Absent::HadPaused(day(until), Tz::UTC));
            assert_eq!(past.paused(day(asked_about), Tz::UTC), paused, "{asked_about}");
        }
    }
}
