//! One account's way to ClickHouse: compressed, read as a stream, with a deadline, retried while nothing was read.

use super::{Answered, Rows, WarehouseError, error::exception};
use crate::config;
use clickhouse::{Client, error::Error, query::Query};
use secrecy::ExposeSecret;
use serde::Deserialize;
use std::{fmt, time::Duration};
use tokio::{
    net::TcpStream,
    time::{Instant, sleep, timeout, timeout_at},
};
use url::Url;

/// At most so much longer than the server's own limit the client waits, so that the server's error is the one told.
const PATIENCE: Duration = Duration::from_secs(5);
/// For how long a connection that fails is tried again.
const RETRY_FOR: Duration = Duration::from_secs(5);
/// The pause before the first repetition; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// How long a connection may take to be made.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// What the account may set.
#[derive(Debug, Deserialize, clickhouse::Row)]
struct Account {
    /// As of [`Connection::readonly`].
    readonly_level: u8,
    /// Whether the time limit of a query is fixed for it.
    time_limit_fixed: u8,
    /// The longest that it may set, in seconds; 0 is no limit.
    time_limit_most: u64,
}

impl Account {
    /// The time limit to send with a query, where one may be sent.
    fn seconds(&self, wanted: u32) -> Option<u64> {
        let wanted = u64::from(wanted);
        let most = if self.time_limit_most == 0 { wanted } else { self.time_limit_most };
        (self.readonly_level != 1 && self.time_limit_fixed == 0).then_some(wanted.min(most))
    }
}

/// An account on a ClickHouse server.
#[derive(Clone)]
pub struct Connection {
    client: Client,
    pub(super) url: String,
    pub(super) user: String,
    pub(super) database: String,
    /// What the server allows a query, and what the client waits.
    limit: Duration,
    deadline: Duration,
    /// `readonly` of the account: 0 writes and settings, 1 neither, 2 settings only.
    readonly: u8,
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").field("url", &self.url).field("user", &self.user).finish_non_exhaustive()
    }
}

impl Connection {
    /// Opens the account of `settings` at `url` and asks what it may set.
    ///
    /// # Errors
    /// When ClickHouse cannot be reached or refuses the account.
    pub async fn open(url: &str, settings: &config::ClickHouse) -> Result<Self, WarehouseError> {
        let client = client(url, settings).with_database(&settings.database);
        let limit = Duration::from_secs(u64::from(settings.max_execution_seconds));
        let deadline = limit + limit.min(PATIENCE);
        let (user, database) = (settings.user.clone(), settings.database.clone());
        let mut connection = Self { client, url: url.to_owned(), user, database, limit, deadline, readonly: 1 };
        // A database that does not exist is refused here; one that is not shown to the account is not.
        connection.reach().await?;
        let account = connection.only::<Account>(include_str!("sql/account.sql")).await?;
        connection.readonly = account.as_ref().map_or(1, |account| account.readonly_level);
        if let Some(seconds) = account.and_then(|account| account.seconds(settings.max_execution_seconds)) {
            connection.client = connection.client.with_setting("max_execution_time", seconds.to_string());
        }
        Ok(connection)
    }

    /// Tells a host that drops packets from a query that takes long; what answers, even with a refusal, is left to the
    /// first query.
    async fn reach(&self) -> Result<(), WarehouseError> {
        let url = Url::parse(&self.url).ok();
        let place =
            url.as_ref().and_then(|url| Some((url.host_str()?.trim_matches(['[', ']']), url.port_or_known_default()?)));
        let Some(place) = place else { return Ok(()) };
        match timeout(CONNECT_WITHIN, TcpStream::connect(place)).await {
            Ok(_) => Ok(()),
            Err(late) => Err(WarehouseError::Unreachable { url: self.url.clone(), source: Box::new(late) }),
        }
    }

    /// Whether the account may set nothing at all, not even a time limit.
    pub fn refuses_settings(&self) -> bool {
        self.readonly == 1
    }

    /// Whether the account may create and fill tables.
    pub fn may_write(&self) -> bool {
        self.readonly == 0
    }

    /// The client, for writing sample data.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The first row of `sql`, which has no parameters.
    pub(super) async fn only<T: Answered>(&self, sql: &str) -> Result<Option<T>, WarehouseError> {
        self.rows(|client| client.query_raw(sql)).await?.next().await
    }

    /// Asks `question`; repeated while the connection fails and nothing was read.
    pub(super) async fn rows<T: Answered>(
        &self,
        question: impl Fn(&Client) -> Query,
    ) -> Result<Rows<T>, WarehouseError> {
        let started = Instant::now();
        let until = started + self.deadline;
        let mut pause = FIRST_PAUSE;
        loop {
            let outcome = match question(&self.client).fetch::<T>() {
                Err(error) => Err(error),
                Ok(mut cursor) => match timeout_at(until, cursor.next()).await {
                    Err(_) => return Err(self.late()),
                    Ok(first) => first.map(|first| (first, cursor)),
                },
            };
            match outcome {
                Ok((first, cursor)) => return Ok(Rows::begun(first, cursor, until, self.clone())),
                Err(Error::Network(source)) if started.elapsed() + pause < RETRY_FOR.min(self.deadline) => {
                    tracing::debug!(error = %source, "ClickHouse cannot be reached, trying again");
                    sleep(pause).await;
                    pause *= 2;
                }
                Err(error) => return Err(self.explain(error, false)),
            }
        }
    }

    /// Nothing came in time.
    pub(super) fn late(&self) -> WarehouseError {
        WarehouseError::Deadline(self.deadline)
    }

    pub(super) fn explain(&self, error: Error, mid_stream: bool) -> WarehouseError {
        match error {
            Error::Network(source) if mid_stream || is_of_body(&*source) => WarehouseError::CutOff(source),
            Error::NotEnoughData if mid_stream => WarehouseError::CutOff(Box::new(error)),
            Error::Network(source) | Error::InvalidParams(source) => {
                WarehouseError::Unreachable { url: self.url.clone(), source }
            }
            Error::TimedOut => WarehouseError::Deadline(self.deadline),
            Error::BadResponse(text) => self.refusal(&text),
            other => match exception(&other.to_string()) {
                Some(_) => self.refusal(&other.to_string()),
                None => WarehouseError::Unreadable(other),
            },
        }
    }

    /// Codes of ClickHouse's `ErrorCodes.cpp`.
    fn refusal(&self, text: &str) -> WarehouseError {
        let user = self.user.clone();
        match exception(text) {
            Some((159 | 160, _)) => WarehouseError::Deadline(self.limit),
            Some((192 | 193 | 194 | 516, _)) => WarehouseError::AccessRefused { user },
            Some((497, what)) => WarehouseError::NotGranted { user, what },
            Some((81, _)) => WarehouseError::NoDatabase { database: self.database.clone() },
            Some((code, message)) => WarehouseError::Refused { code, message },
            None => WarehouseError::Unreadable(Error::BadResponse("not an answer of ClickHouse".into())),
        }
    }
}

/// Whether the connection broke after the answer had begun: hyper says so in words only.
fn is_of_body(source: &(dyn std::error::Error + 'static)) -> bool {
    source.to_string().starts_with("error reading a body")
}

pub(super) fn client(url: &str, settings: &config::ClickHouse) -> Client {
    let client =
        Client::default().with_url(url).with_user(&settings.user).with_product_info("recap", env!("CARGO_PKG_VERSION"));
    match settings.password.expose_secret() {
        "" => client,
        password => client.with_password(password),
    }
}
