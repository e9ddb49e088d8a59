//! Listeners at work: until they are told to stop, and then until what they answer is answered.

use axum::{Router, serve::ListenerExt};
use std::{io, thread};
use tokio::{net::TcpListener, runtime, sync::oneshot};
use tokio_util::sync::CancellationToken;

/// Serves `router` on `listener` until `stop`.
///
/// # Errors
/// When the listener ends by itself.
pub async fn run(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    // Answers are small and somebody waits for each.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await
}

/// [`run`] on a thread of its own: who waits there waits behind nothing that the rest of the process computes.
///
/// # Errors
/// When there is no such thread, or the listener ends by itself.
pub async fn run_apart(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    let listener = listener.into_std()?;
    let (tell, told) = oneshot::channel();
    let serve = async move { run(TcpListener::from_std(listener)?, router, stop).await };
    let work = move || {
        let apart = runtime::Builder::new_current_thread().enable_all().build();
        // Nobody hears it where the daemon stopped waiting.
        let _ = tell.send(apart.and_then(|apart| apart.block_on(serve)));
    };
    thread::Builder::new().name("http".to_owned()).spawn(work)?;
    told.await.unwrap_or_else(|_| Err(io::Error::other("the thread of the listener panicked")))
}
