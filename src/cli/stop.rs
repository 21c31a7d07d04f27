//! How the program ends before its work is done: by a person, by a scheduler, by a library that fails.

use std::panic;
use std::thread;

use anyhow::{Context, Result};
use epitrack::output;
use tokio::runtime::Builder;

/// Libraries whose panics are told as errors where they are used.
const CAUGHT: [&str; 2] = ["bigtools-", "tokio-"];

/// Ends the program in order where it is told to stop: what is unfinished goes, and the exit code says by
/// which signal.
pub fn set_up() -> Result<()> {
    ignore_size_limit();
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |of| {
        let place = of.location().map_or("", |place| place.file());
        if !CAUGHT.iter().any(|library| place.contains(library)) {
            usual(of);
        }
    }));
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("starting what waits for signals")?;
    let waiting = thread::Builder::new().spawn(move || {
        if let Some(number) = runtime.block_on(told()) {
            output::abandon();
            eprintln!("stopped; the same command goes on");
            end(128 + number);
        }
    });
    waiting.context("starting what waits for signals")?;
    Ok(())
}

/// The number of the signal to stop, once it comes; none where none can be waited for.
#[cfg(unix)]
async fn told() -> Option<i32> {
    use tokio::signal::unix::{SignalKind, signal};
    let of = |kind: SignalKind| Some((signal(kind).ok()?, kind.as_raw_value()));
    let (mut interrupt, mut terminate) =
        (of(SignalKind::interrupt())?, of(SignalKind::terminate())?);
    let mut hang_up = of(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.0.recv() => Some(interrupt.1),
        _ = terminate.0.recv() => Some(terminate.1),
        _ = hang_up.0.recv() => Some(hang_up.1),
    }
}

/// The number of the signal to stop, once it comes; none where none can be waited for.
#[cfg(not(unix))]
async fn told() -> Option<i32> {
    tokio::signal::ctrl_c().await.ok().map(|()| 2)
}

/// Ends at once: other threads still work, and what a driver does at the end of a program may wait for
/// them.
fn end(code: i32) -> ! {
    #[cfg(target_os = "linux")]
    // SAFETY: it takes a number and does not return.
    unsafe {
        libc::_exit(code)
    }
    #[cfg(not(target_os = "linux"))]
    std::process::exit(code)
}

/// A file that grows past a limit (`ulimit -f`) is an error like a full disk, not the end.
fn ignore_size_limit() {
    #[cfg(target_os = "linux")]
    // SAFETY: the signal is ignored from here on; no handler runs.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}
