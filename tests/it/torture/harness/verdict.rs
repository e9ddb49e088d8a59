//! What became of everybody's digest: the ledger held against what the stand-in Slack accepted.

use super::{
    clock::Day,
    figures::Figures,
    world::{World, conversation, id},
};
use futures::{StreamExt, stream};
use recap::{
    standin::Accepted,
    store::{DeliveryRecord, Store},
};
use std::{collections::BTreeMap, fmt::Write as _};

/// Ledger entries read at once.
const AT_ONCE: usize = 6;
/// Cases that are told in full.
const TOLD: usize = 5;

/// The figures of one day, and what must not be.
#[derive(Debug, Default)]
pub struct Verdict {
    pub figures: Figures,
    pub faults: Vec<String>,
}

/// What is known of one person on one day.
struct Case {
    person: u32,
    deliveries: Vec<DeliveryRecord>,
    messages: Vec<Accepted>,
    /// Attempts after which the digest was looked for in vain, and sent again.
    resent: u64,
    tale: String,
}

impl Verdict {
    /// Judges the day, whose daemons are dead; what was accepted is forgotten.
    pub async fn of(world: &World, day: &Day) -> Self {
        let mut messages: BTreeMap<String, Vec<Accepted>> = BTreeMap::new();
        for message in world.slack.messages() {
            messages.entry(message.channel.clone()).or_default().push(message);
        }
        world.slack.forget_messages();
        let mut verdict = Self::default();
        verdict.figures.rounds = 1;
        verdict.figures.recipients = u64::from(world.people);
        let given: Vec<_> = (0..world.people).map(|person| (person, messages.remove(&conversation(person)))).collect();
        let mut cases = stream::iter(given)
            .map(|(person, messages)| Case::read(&world.store, day, person, messages.unwrap_or_default()))
            .buffer_unordered(AT_ONCE);
        while let Some(case) = cases.next().await {
            verdict.judge(&case, day);
        }
        for (channel, messages) in messages {
            verdict.faults.push(format!("{} messages to `{channel}`, which is nobody's", messages.len()));
        }
        verdict
    }

    fn judge(&mut self, case: &Case, day: &Day) {
        let figures = &mut self.figures;
        figures.deliveries += case.deliveries.len() as u64;
        figures.messages += case.messages.len() as u64;
        figures.resent += case.resent;
        let mut faults = Vec::new();
        if case.messages.len() > 1 {
            figures.twice += 1;
            faults.push("twice");
        }
        let final_one = match case.deliveries.as_slice() {
            [delivery] if delivery.final_at.is_some() => Some(delivery),
            _ => None,
        };
        if let Some(delivery) = final_one {
            figures.count(delivery, day);
            let (ids, places) = (case.ids(), case.places());
            let explained = delivery.reason.as_deref().is_some_and(|reason| !reason.is_empty());
            match delivery.state.as_str() {
                "sent" if case.messages.is_empty() => {
                    figures.lost += 1;
                    faults.push("lost: on record as sent, and never accepted");
                }
                "sent" if ids.iter().any(|id| *id != delivery.id.0) => faults.push("a message of another delivery"),
                "sent" if !places.contains(&(delivery.channel.as_deref(), delivery.ts.as_deref())) => {
                    faults.push("on record with another message");
                }
                "sent" => {}
                "skipped" | "missed" | "failed" => {
                    if !case.messages.is_empty() {
                        faults.push("sent, though the ledger says it was not");
                    }
                    if !explained {
                        figures.unexplained += 1;
                        faults.push("without an explanation");
                    }
                    if delivery.state != "missed" {
                        faults.push("not sent, though nothing spoke against it");
                    }
                }
                _ => faults.push("in a state that nobody knows"),
            }
        } else {
            figures.lost += 1;
            faults.push("lost: no outcome");
        }
        if !faults.is_empty() && self.faults.len() < TOLD {
            self.faults.push(format!("{}: {}\n{}", id(case.person), faults.join(", "), case.tale));
        }
    }

    /// Fails with all there is to know, if anything is wrong.
    pub fn hold(self, told: impl FnOnce() -> String) -> Figures {
        let Self { figures, faults } = self;
        let wrong = !faults.is_empty() || figures.lost + figures.twice + figures.unexplained > 0;
        assert!(!wrong, "{figures:?}\n{}\n{}", faults.join("\n"), told());
        figures
    }
}

impl Case {
    async fn read(store: &Store, day: &Day, person: u32, messages: Vec<Accepted>) -> Self {
        let deliveries = store.deliveries_of("daily", &id(person), Some(&day.period()), 3).await.unwrap();
        let (mut resent, mut tale) = (0, String::new());
        for delivery in deliveries.iter().filter(|delivery| delivery.attempt > 1 || delivery.state != "sent") {
            let attempts = store.attempts(&delivery.id).await.unwrap();
            resent += attempts.iter().filter(|attempt| attempt.code.as_deref() == Some("not_arrived")).count() as u64;
            for attempt in attempts {
                let _ = writeln!(tale, "    {attempt:?}");
            }
        }
        for delivery in &deliveries {
            let DeliveryRecord { id, state, reason, attempt, checks, due, expires, updated, final_at, ts, .. } =
                delivery;
            let _ = writeln!(
                tale,
                "  {id} {state} {reason:?} attempt {attempt} checks {checks} due {due} expires {expires} updated \
                 {updated} final {final_at:?} ts {ts:?}"
            );
        }
        for message in &messages {
            let _ = writeln!(tale, "  accepted {} at {}: {:?}", message.ts, message.at, message.metadata);
        }
        Self { person, deliveries, messages, resent, tale }
    }

    /// The deliveries that the messages say they are.
    fn ids(&self) -> Vec<&str> {
        let metadata = self.messages.iter().map(|message| message.metadata.as_ref());
        metadata
            .map(|metadata| metadata.and_then(|it| it["event_payload"]["delivery_id"].as_str()).unwrap_or(""))
            .collect()
    }

    fn places(&self) -> Vec<(Option<&str>, Option<&str>)> {
        self.messages.iter().map(|message| (Some(message.channel.as_str()), Some(message.ts.as_str()))).collect()
    }
}
