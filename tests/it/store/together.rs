//! Several at once on one store: nothing is done twice, nothing is left out.

use crate::support::store::{Place, delivery, minutes, monday, put, rendered, subscription};
use recap::{
    model::{MemberId, WorkspaceId},
    store::{Advance, Begin, Claimed, Consent, ConsentKind, Database, NewDelivery, Settlement, Store, StoreError},
};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

async fn two(place: &Place) -> [Store; 2] {
    [place.store().await, place.store().await]
}

async fn no_delivery_is_claimed_by_two(place: Place) {
    let stores = two(&place).await;
    let deliveries: Vec<_> = (0..300).map(|number| rendered(&format!("U{number}"))).collect();
    stores[0].plan(&deliveries, &[], monday()).await.unwrap();
    let mut claimers = JoinSet::new();
    for number in 0..6 {
        let store = stores[number % 2].clone();
        claimers.spawn(async move {
            let mut all: Vec<Claimed> = Vec::new();
            loop {
                let claimed = store.claim_sendable(&format!("holder {number}"), monday(), 7).await.unwrap();
                if claimed.is_empty() {
                    return all;
                }
                assert!(claimed.len() <= 7);
                all.extend(claimed);
            }
        });
    }
    let claimed: Vec<_> = claimers.join_all().await.into_iter().flatten().collect();
    assert!(claimed.iter().all(|one| one.attempt == 1));
    let ids: BTreeSet<_> = claimed.iter().map(|one| one.id.clone()).collect();
    assert_eq!((claimed.len(), ids.len()), (300, 300));
}

async fn no_cohort_is_claimed_by_two(place: Place) {
    let stores = two(&place).await;
    let cohort = |number: usize| (0..9).map(move |member| (number, member));
    let of = |(number, member): (usize, usize)| NewDelivery {
        due: monday() - minutes(i64::try_from(number).unwrap()),
        ..delivery(&format!("U{number}_{member}"))
    };
    let deliveries: Vec<_> = (0..20).flat_map(cohort).map(of).collect();
    stores[0].plan(&deliveries, &[], monday()).await.unwrap();
    let mut claimers = JoinSet::new();
    for number in 0..6 {
        let store = stores[number % 2].clone();
        claimers.spawn(async move {
            let mut all = Vec::new();
            while let Some(cohort) = store.claim_cohort(&format!("holder {number}"), monday()).await.unwrap() {
                all.push((cohort.key.due, cohort.deliveries.len()));
            }
            all
        });
    }
    let claimed: Vec<_> = claimers.join_all().await.into_iter().flatten().collect();
    assert!(claimed.iter().all(|(_, size)| *size == 9), "a cohort is claimed whole: {claimed:?}");
    assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 20);
    assert_eq!(claimed.len(), 20);
}

async fn no_unknown_one_is_looked_for_by_two(place: Place) {
    let stores = two(&place).await;
    for number in 0..12 {
        let name = format!("U{number}");
        put(&stores[0], &[subscription(&name)]).await;
        stores[0].plan(&[rendered(&name)], &[], monday()).await.unwrap();
        let claimed = stores[0].claim_sendable("one", monday(), 1).await.unwrap().remove(0);
        assert_eq!(stores[0].begin("one", &claimed, monday()).await.unwrap(), Begin::Go);
        let unknown = Settlement::Unknown { at: monday(), code: "timeout".to_owned() };
        stores[0].settle(&claimed.id, 1, &unknown, monday()).await.unwrap();
    }
    let (one, other) =
        tokio::join!(stores[0].claim_suspects("one", monday(), 99), stores[1].claim_suspects("two", monday(), 99),);
    assert_eq!(one.unwrap().len() + other.unwrap().len(), 12);
}

async fn two_planners_write_each_delivery_once(place: Place) {
    let stores = two(&place).await;
    let names: Vec<_> = (0..500).map(|number| format!("U{number:03}")).collect();
    let subscriptions: Vec<_> = names.iter().map(|name| subscription(name)).collect();
    put(&stores[0], &subscriptions).await;
    let advance = Advance {
        key: subscriptions[0].due_key().unwrap(),
        first: "U000".to_owned(),
        last: "U499".to_owned(),
        next_due: Some(monday() + minutes(24 * 60)),
        last_period: "2026-03-09".parse().unwrap(),
        last_due: monday(),
        last_window_end: monday(),
        planned: true,
    };
    let mut planners = JoinSet::new();
    for store in stores.clone() {
        let mut deliveries: Vec<_> = names.iter().map(|name| delivery(name)).collect();
        let advance = advance.clone();
        planners.spawn(async move {
            deliveries.reverse();
            store.plan(&deliveries, &[advance], monday()).await.unwrap()
        });
    }
    assert_eq!(planners.join_all().await.into_iter().sum::<u64>(), 500);
    let cohort = stores[1].claim_cohort("one", monday()).await.unwrap().unwrap();
    let recipients: BTreeSet<_> = cohort.deliveries.iter().map(|one| one.recipient.clone()).collect();
    assert_eq!((cohort.deliveries.len(), recipients.len()), (500, 500));
    assert!(stores[0].due(monday(), 9).await.unwrap().is_empty());
}

async fn of_several_that_swap_a_value_one_wins(place: Place) {
    let stores = two(&place).await;
    let mut swappers = JoinSet::new();
    for number in 0..8 {
        let store = stores[number % 2].clone();
        swappers.spawn(async move { store.swap_value("directory", None, Some(&number.to_string())).await.unwrap() });
    }
    assert_eq!(swappers.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

async fn consents_at_once_are_all_on_record(place: Place) {
    let stores = two(&place).await;
    let mut people = JoinSet::new();
    for number in 0..24 {
        let store = stores[number % 2].clone();
        let consent = Consent {
            member: MemberId(format!("U{}", number % 2)),
            kind: ConsentKind::OptIn,
            at: monday(),
            surface: "slack".to_owned(),
            actor: "admin".to_owned(),
            wording: "Send me the digest".to_owned(),
        };
        people.spawn(async move { store.record_consent(&consent).await.unwrap() });
    }
    people.join_all().await;
    assert_eq!(stores[0].audited(None, 99).await.unwrap().len(), 24);
}

async fn of_two_workspaces_one_owns_the_store(place: Place) {
    let databases = [place.database().await, place.database().await];
    let [one, other] = ["T1", "T2"].map(|id| WorkspaceId(id.to_owned()));
    let (first, second) =
        tokio::join!(databases[0].of_workspace(&one, monday()), databases[1].of_workspace(&other, monday()));
    let owner = databases[0].workspace().await.unwrap().unwrap();
    let (lost, stored) = if owner == one { (second, first) } else { (first, second) };
    assert_eq!(stored.unwrap().workspace_id(), &owner);
    assert!(matches!(lost, Err(StoreError::OtherWorkspace { stored, .. }) if stored == owner.0));
}

async fn several_open_a_new_store_at_once(place: Place) {
    let mut openers = JoinSet::new();
    for _ in 0..4 {
        let options = place.options.clone();
        openers.spawn(async move { Database::open(&options).await.map(drop) });
    }
    for opened in openers.join_all().await {
        opened.unwrap();
    }
}

on_both!(
    no_delivery_is_claimed_by_two,
    no_cohort_is_claimed_by_two,
    no_unknown_one_is_looked_for_by_two,
    two_planners_write_each_delivery_once,
    of_several_that_swap_a_value_one_wins,
    consents_at_once_are_all_on_record,
    of_two_workspaces_one_owns_the_store,
    several_open_a_new_store_at_once,
);

/// Supabase's pooler on port 6543 is such a one.
#[tokio::test]
async fn a_pooler_in_transaction_mode_will_do() {
    several_open_a_new_store_at_once(Place::pooled().await).await;
    no_delivery_is_claimed_by_two(Place::pooled().await).await;
    no_cohort_is_claimed_by_two(Place::pooled().await).await;
    two_planners_write_each_delivery_once(Place::pooled().await).await;
}
