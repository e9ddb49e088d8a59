//! An installation: people in a stand-in Slack who opted in, and the ledger of their digests.

use super::{
    clock::{Day, before_all, wait_until},
    ground::{Ground, Place, email},
    wire::Wire,
};
use futures::{StreamExt, stream};
use recap::{
    clock::Clock,
    config::Settings,
    model::{ChannelId, MemberEmail, MemberId, WorkspaceId},
    planner::{self, Rules},
    standin::{Person, Standin, Workspace},
    store::{Consent, ConsentKind, Database, MemberRecord, MemberStatus, Store, StoreOptions},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

const WORKSPACE: &str = "T0TORTURE";
const TOKEN: &str = "xoxb-torture";
pub const POST: &str = "chat.postMessage";
/// Requests of our own at once.
const AT_ONCE: usize = 16;

/// What a world is made of.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub people: u32,
    /// Whether everybody's direct conversation is known already.
    pub opened: bool,
}

/// An installation under torture.
#[derive(Debug)]
pub struct World {
    pub ground: Ground,
    pub place: Place,
    pub people: u32,
    pub slack: Standin,
    pub slack_wire: Wire,
    pub warehouse_wire: Wire,
    pub store: Store,
    environment: Vec<(String, String)>,
    files: TempDir,
    folder: PathBuf,
}

impl World {
    /// `plan` with its ledger at `place`; a SQLite file stands in `folder`, if one is given.
    pub async fn new(ground: &Ground, place: &Place, plan: Plan, folder: Option<&Path>) -> Self {
        assert!(plan.people <= ground.people);
        let people =
            (0..plan.people).map(|person| Person::new(id(person), "Somebody").email(email(person)).tz("Etc/UTC"));
        let slack = Standin::start(Workspace::new(WORKSPACE, TOKEN).people(people)).await.unwrap();
        slack.set_clock(Clock::fixed(before_all()));
        slack.keep_blocks(false);
        let (slack_wire, warehouse_wire) = (Wire::to(&slack.api_url()).await, Wire::to(&ground.url).await);
        let files = tempfile::tempdir().unwrap();
        let folder = folder.unwrap_or(files.path()).to_owned();
        let environment = environment(ground, place, &slack_wire.through(&slack.api_url()), &warehouse_wire, &folder);
        let settings = Settings::load(None, environment.iter().cloned()).unwrap();
        let options = StoreOptions { url: settings.store.url.clone(), schema: settings.store.schema.clone() };
        let database = Database::open(&options).await.unwrap();
        let store = database.of_workspace(&WorkspaceId(WORKSPACE.into()), before_all()).await.unwrap();
        let (ground, place) = (ground.clone(), place.clone());
        let people = plan.people;
        let world =
            Self { ground, place, people, slack, slack_wire, warehouse_wire, store, environment, files, folder };
        if plan.opened {
            world.open_conversations().await;
        }
        world.subscribe(&settings, plan).await;
        world
    }

    /// Everybody opts in, and personal digests are enabled.
    async fn subscribe(&self, settings: &Settings, plan: Plan) {
        let members: Vec<_> = (0..self.people).map(|person| member(person, plan.opened)).collect();
        self.store.learn_members(&members, before_all()).await.unwrap();
        stream::iter(&members).for_each_concurrent(AT_ONCE, |member| self.opt_in(member)).await;
        let rules = Rules::of(settings, &self.store, before_all()).await.unwrap();
        let changed = planner::refresh(&self.store, &rules, before_all()).await.unwrap();
        assert_eq!(changed, u64::from(self.people), "everybody has a subscription");
    }

    async fn opt_in(&self, member: &MemberRecord) {
        let consent = Consent {
            member: member.id.clone(),
            kind: ConsentKind::OptIn,
            at: before_all(),
            surface: "slack".into(),
            actor: member.id.0.clone(),
            wording: "torture".into(),
        };
        self.store.record_consent(&consent).await.unwrap();
    }

    async fn open_conversations(&self) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/conversations.open", self.slack.api_url());
        stream::iter(0..self.people)
            .for_each_concurrent(AT_ONCE, async |person| {
                let body = serde_json::json!({ "users": id(person) });
                let answer = client.post(&url).bearer_auth(TOKEN).json(&body).send().await.unwrap();
                let answer: serde_json::Value = answer.json().await.unwrap();
                assert_eq!(answer["channel"]["id"], conversation(person), "{answer}");
            })
            .await;
    }

    /// The working day of this number begins: `lead` of the machine's time until digests are due.
    pub fn dawn(&self, number: u32, rate: f64, lead: Duration) -> Day {
        let day = Day::dawn(number, rate, lead);
        self.slack.set_clock(day.clock().clone());
        let _ = std::fs::remove_file(self.steps_file());
        day
    }

    /// Moves the daemons' clocks, and nobody else's: `hours` in all since the dawn.
    pub fn step_clocks(&self, hours: i64) {
        let partly = self.files.path().join("steps.new");
        std::fs::write(&partly, (hours * 3_600_000_000).to_string()).unwrap();
        std::fs::rename(partly, self.steps_file()).unwrap();
    }

    pub fn steps_file(&self) -> PathBuf {
        self.files.path().join("steps")
    }

    /// Where daemons run, and the SQLite file is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    /// How many of the day's deliveries have an outcome.
    pub async fn settled(&self, day: &Day) -> u64 {
        let Ok(tallies) = self.store.tally(&day.period()).await else { return 0 };
        let is_final = |state: &str| ["sent", "failed", "skipped", "missed"].contains(&state);
        tallies.iter().filter(|tally| is_final(&tally.state)).map(|tally| tally.count).sum()
    }

    /// Waits until so many posts were tried in all, for a while at most.
    pub async fn until_posts(&self, posts: usize, patience: Duration) {
        wait_until(patience, async || self.slack.calls(POST) >= posts).await;
    }
}

pub fn id(person: u32) -> String {
    format!("U{person:05}")
}

/// The direct conversation, as the stand-in names it.
pub fn conversation(person: u32) -> String {
    format!("D{}", id(person))
}

fn member(person: u32, opened: bool) -> MemberRecord {
    MemberRecord {
        id: MemberId(id(person)),
        email: Some(MemberEmail::parse(&email(person)).unwrap()),
        name: "Somebody".into(),
        zone: Some(chrono_tz::Tz::Etc__UTC),
        status: MemberStatus::Active,
        dm: opened.then(|| ChannelId(conversation(person))),
        last_usage: Some(before_all()),
    }
}

fn environment(ground: &Ground, place: &Place, slack: &str, warehouse: &Wire, folder: &Path) -> Vec<(String, String)> {
    let (store, schema) = match place {
        Place::File => (format!("sqlite:{}", folder.join("recap.sqlite").display()), "recap".to_owned()),
        Place::Postgres { url, schema } => (url.clone(), schema.clone()),
    };
    let settings = [
        ("SLACK__API_URL", slack.to_owned()),
        ("SLACK__BOT_TOKEN", TOKEN.to_owned()),
        ("SLACK__MESSAGES_PER_MINUTE", "100000".to_owned()),
        ("CLICKHOUSE__URL", warehouse.through(&ground.url)),
        ("CLICKHOUSE__USER", ground.user.clone()),
        ("CLICKHOUSE__PASSWORD", ground.password.clone()),
        ("CLICKHOUSE__DATABASE", ground.database.clone()),
        ("STORE__URL", store),
        ("STORE__SCHEMA", schema),
        ("HTTP__LISTEN", "127.0.0.1:0".to_owned()),
        ("HTTP__OPS_LISTEN", "127.0.0.1:0".to_owned()),
        ("DIGEST__ENABLED", "true".to_owned()),
        // A machine that is busy makes the scaled hours pass: nothing is to be missed for that.
        ("DIGEST__CATCH_UP_HOURS", "24".to_owned()),
        ("DIGEST__LATEST_LOCAL_HOUR", "24".to_owned()),
        ("LOG__LEVEL", "info".to_owned()),
        ("LOG__FORMAT", "text".to_owned()),
    ];
    settings.into_iter().map(|(key, value)| (format!("RECAP__{key}"), value)).collect()
}
