//! Signals that end the server.

use std::future::Future;

use anyhow::Context;

use crate::cli::complain;

/// Is ready with the first SIGINT or SIGTERM; a second one ends the process at once.
///
/// # Errors
/// If the system does not let signals be caught.
#[cfg(unix)]
pub(super) fn stop() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let cannot = "cannot catch signals";
    let mut interrupt = signal(SignalKind::interrupt()).context(cannot)?;
    let mut terminate = signal(SignalKind::terminate()).context(cannot)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        say_stopping();
        tokio::spawn(async move {
            let signal = tokio::select! {
                _ = interrupt.recv() => SignalKind::interrupt(),
                _ = terminate.recv() => SignalKind::terminate(),
            };
            std::process::exit(128 + signal.as_raw_value());
        });
    })
}

/// Is ready with the first Ctrl-C; a second one ends the process at once.
#[cfg(not(unix))]
pub(super) fn stop() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return std::future::pending().await;
        }
        say_stopping();
        tokio::spawn(async move {
            drop(tokio::signal::ctrl_c().await);
            std::process::exit(130);
        });
    })
}

fn say_stopping() {
    complain("asldb: stopping; once more to stop at once");
}
