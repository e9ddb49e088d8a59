//! The limiter between the client and a stand-in that share a clock.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use recap::{
    clock::Clock,
    delivery::limiter::Limiter,
    message::Message,
    model::{ChannelId, MemberId},
    slack::{Client, ClientOptions, Gate, PostError},
    standin::{Counting, Fault, Person, RateLimits, Standin, Times, Workspace},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

const TOKEN: &str = "xoxb-limiter-test";
const POST: &str = "chat.postMessage";

fn start() -> DateTime<Utc> {
    "2026-09-14T07:00:00Z".parse().unwrap()
}

struct Office {
    slack: Standin,
    client: Client,
    limiter: Limiter,
    clock: Clock,
}

/// A workspace of `people` persons, all by one clock.
async fn office(people: usize, rate: f64) -> Office {
    let clock = Clock::running(start(), rate);
    let people = (0..people).map(|number| Person::new(format!("U{number:04}"), format!("Person {number}")));
    let slack = Standin::start(Workspace::new("T1", TOKEN).people(people)).await.unwrap();
    slack.set_clock(clock.clone());
    let limiter = Limiter::new(clock.clone(), 300);
    let client = Client::new(&ClientOptions {
        api_url: slack.api_url(),
        token: TOKEN.into(),
        timeout: Duration::from_secs(30),
        gate: Some(Arc::new(limiter.clone())),
    })
    .unwrap();
    Office { slack, client, limiter, clock }
}

/// Posts one message as the relay does, and again whenever Slack asks to come later.
async fn deliver(office: &Office, number: usize) {
    let channel = ChannelId(format!("U{number:04}"));
    let message = Message { text: format!("message {number}"), blocks: Vec::new() };
    loop {
        office.limiter.message(&channel).await;
        match office.client.post(&channel, &message, &number.to_string()).await {
            Ok(_) => return,
            Err(PostError::NotSent { limited: true, .. }) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test]
async fn everybody_gets_one_message_however_slack_counts() {
    for counting in [Counting::Sliding, Counting::Fixed, Counting::Bucket { burst: 20 }] {
        let office = office(150, 120.0).await;
        let limits = RateLimits { messages_per_minute: Some(100), messages_per_channel: true, ..RateLimits::OFF };
        office.slack.limit_rates(RateLimits { counting, ..limits });

        join_all((0..150).map(|number| deliver(&office, number))).await;

        let accepted = office.slack.accepted_by_delivery();
        assert!(accepted.len() == 150 && accepted.values().all(|count| *count == 1), "{counting:?}: {accepted:?}");
        let snapshot = office.limiter.snapshot();
        assert_eq!(snapshot.limited_total, office.slack.limited(POST) as u64, "{counting:?}");
        // A machine that is too slow to be limited has nothing to learn.
        let learned = snapshot.budget_per_minute < 300.0;
        assert!(learned || snapshot.limited_total == 0, "{counting:?}: {snapshot:?}");
    }
}

#[tokio::test]
async fn a_429_on_the_directory_is_waited_for_by_whoever_asks_next() {
    let office = office(450, 600.0).await;
    office.slack.fault("users.list", Fault::RateLimited { seconds: 40 }, Times(2));

    let directory = office.client.all_members(Duration::ZERO).await.unwrap();

    // Slackbot and Recap's own bot are in it, too.
    assert_eq!((directory.members.len(), office.slack.calls("users.list")), (452, 2 + 3));
    let requests = office.slack.requests();
    let at: Vec<_> =
        requests.iter().filter(|request| request.method == "users.list").map(|request| request.at).collect();
    assert!(at[1] - at[0] >= TimeDelta::seconds(39) && at[2] - at[1] >= TimeDelta::seconds(39), "{at:?}");
    assert_eq!(office.limiter.snapshot().limited_total, 2);
}

#[tokio::test]
async fn a_directory_that_is_refused_for_ever_is_given_up() {
    let office = office(1, 6_000.0).await;
    office.slack.fault("users.list", Fault::RateLimited { seconds: 1 }, Times::UNTIL_CLEARED);

    assert_eq!(office.client.all_members(Duration::ZERO).await.unwrap_err().code(), "unavailable");
    assert_eq!(office.slack.calls("users.list"), 11);
}

#[tokio::test]
async fn every_method_passes_the_gate_and_posting_only_reports() {
    #[derive(Debug, Default)]
    struct Book(Mutex<Vec<String>>);

    #[async_trait::async_trait]
    impl Gate for Book {
        async fn admit(&self, method: &'static str) {
            self.0.lock().unwrap().push(format!("admit {method}"));
        }
        fn limited(&self, method: &'static str, retry_after: Option<Duration>) {
            self.0.lock().unwrap().push(format!("limited {method} {}", retry_after.unwrap().as_secs()));
        }
        fn answered(&self, method: &'static str) {
            self.0.lock().unwrap().push(format!("answered {method}"));
        }
    }

    let book = Arc::new(Book::default());
    let office = office(1, 600.0).await;
    let client = office.client.behind(book.clone());
    let (ada, message) = (MemberId("U0000".to_owned()), Message { text: "hello".to_owned(), blocks: Vec::new() });
    let dm = client.open_dm(&ada).await.unwrap();
    office.slack.fault(POST, Fault::RateLimited { seconds: 7 }, Times(1));
    office.slack.fault(POST, Fault::LoseReply, Times(1));
    for _ in 0..3 {
        let _ = client.post(&dm, &message, "id").await;
    }
    client.find_delivery(&dm, "id", start(), 1).await.unwrap();

    let seen = book.0.lock().unwrap().join(", ");
    assert_eq!(
        seen,
        "admit conversations.open, answered conversations.open, limited chat.postMessage 7, \
         answered chat.postMessage, admit conversations.history, answered conversations.history"
    );
}

#[tokio::test]
async fn work_ahead_of_time_goes_last() {
    const OPEN: &str = "conversations.open";
    let clock = Clock::running(start(), 600.0);
    let limiter = Limiter::new(clock, 300);
    let ahead = limiter.background();
    let order = Mutex::new(Vec::new());
    limiter.limited(OPEN, Some(Duration::from_mins(1)));

    let background = async {
        for _ in 0..2 {
            ahead.admit(OPEN).await;
            order.lock().unwrap().push("ahead");
        }
    };
    let foreground = (0..3).map(|_| async {
        limiter.admit(OPEN).await;
        order.lock().unwrap().push("send");
    });
    // Polled in this order: the work ahead of time asks first.
    tokio::join!(background, join_all(foreground));

    assert_eq!(*order.lock().unwrap(), ["send", "send", "send", "ahead", "ahead"]);
}

#[tokio::test]
async fn a_pause_of_one_method_leaves_the_others_alone() {
    let limiter = Limiter::new(Clock::running(start(), 1.0), 300);
    limiter.limited("users.list", Some(Duration::from_hours(10)));
    limiter.limited(POST, Some(Duration::from_hours(10)));
    limiter.limited(POST, Some(Duration::from_secs(1)));

    limiter.admit("conversations.open").await;

    let snapshot = limiter.snapshot();
    let methods: Vec<_> = snapshot.pauses.iter().map(|(method, _)| *method).collect();
    assert_eq!((methods, snapshot.limited_total), (vec!["users.list", POST], 3));
    assert!(snapshot.pauses.iter().all(|(_, left)| *left > Duration::from_hours(9)), "{snapshot:?}");
    assert!(limiter.expected(300) > Duration::from_hours(9));
}

#[tokio::test]
async fn a_busy_channel_holds_up_no_other() {
    let limiter = Limiter::new(Clock::running(start(), 60.0), 300);
    let order = Mutex::new(Vec::new());
    let post = async |channel: &'static str| {
        limiter.message(&ChannelId(channel.to_owned())).await;
        order.lock().unwrap().push(channel);
    };

    tokio::join!(post("C1"), post("C1"), post("C1"), post("C2"), post("C3"));

    assert_eq!(order.lock().unwrap()[..3], ["C1", "C2", "C3"]);
}

#[tokio::test]
async fn what_is_expected_follows_the_budget() {
    let office = office(1, 60.0).await;
    assert_eq!(office.limiter.expected(3_000), Duration::from_mins(10));
    assert_eq!(office.limiter.expected(0), Duration::ZERO);
    assert!(office.clock.elapsed() < Duration::from_hours(1));
}
