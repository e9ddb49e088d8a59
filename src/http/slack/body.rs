//! The body of a request, within a limit that is held before the body is read whole.

use axum::body::{Body, BodyDataStream, HttpBody};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// The largest body: a message of Slack's limits, twice over, is a tenth of it.
const LARGEST: usize = 1024 * 1024;
/// How long a body may take to arrive; Slack's own requests are over after 3 s.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// Of a body that is refused, so much is swallowed unseen: whose connection is cut while they still write does not hear
/// why.
const SWALLOW: usize = 16 * LARGEST;

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyFault {
    TooLarge,
    TooSlow,
    /// The connection ended in the midst of it.
    Broken,
}

pub(super) async fn read(body: Body) -> Result<Bytes, BodyFault> {
    let announced = body.size_hint().lower();
    let mut stream = body.into_data_stream();
    if announced > LARGEST as u64 {
        return Err(refuse(stream));
    }
    match timeout(READ_WITHIN, gather(&mut stream)).await {
        Ok(Err(BodyFault::TooLarge)) => Err(refuse(stream)),
        Ok(gathered) => gathered,
        Err(_) => Err(BodyFault::TooSlow),
    }
}

/// All chunks; a single one is not copied.
async fn gather(stream: &mut BodyDataStream) -> Result<Bytes, BodyFault> {
    let Some(first) = stream.next().await else { return Ok(Bytes::new()) };
    let first = within(0, first.map_err(|_| BodyFault::Broken)?)?;
    let Some(second) = stream.next().await else { return Ok(first) };
    let mut whole = BytesMut::from(first);
    let mut next = Some(second);
    while let Some(chunk) = next {
        whole.extend_from_slice(&within(whole.len(), chunk.map_err(|_| BodyFault::Broken)?)?);
        next = stream.next().await;
    }
    Ok(whole.freeze())
}

fn within(so_far: usize, chunk: Bytes) -> Result<Bytes, BodyFault> {
    if so_far + chunk.len() > LARGEST { Err(BodyFault::TooLarge) } else { Ok(chunk) }
}

fn refuse(mut stream: BodyDataStream) -> BodyFault {
    tokio::spawn(timeout(READ_WITHIN, async move {
        let mut swallowed = 0;
        while swallowed < SWALLOW
            && let Some(Ok(chunk)) = stream.next().await
        {
            swallowed += chunk.len();
        }
    }));
    BodyFault::TooLarge
}
