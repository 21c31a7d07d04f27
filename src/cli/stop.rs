//! How the program ends before its work is done: by a person, by a scheduler, by a library that fails.

#[cfg(unix)]
use std::future;
use std::io::{self, Write};
use std::panic;
use std::sync::mpsc;
#[cfg(unix)]
use std::task::Poll;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use epitrack::{formats, output};
use tokio::runtime::Builder;

/// How long the last word may take.
const TO_SAY: Duration = Duration::from_millis(100);

/// Libraries whose panics are told as errors where they are used.
const CAUGHT: [&str; 2] = ["bigtools-", "tokio-"];

/// Ends the program in order where it is told to stop: what is unfinished goes, and the exit code says by
/// which signal.
pub fn set_up() -> Result<()> {
    ignore_size_limit();
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |of| {
        let place = of.location().map_or("", |place| place.file());
        let is_caught = CAUGHT.iter().any(|library| place.contains(library));
        if !(is_caught && formats::catches_panics()) {
            usual(of);
        }
    }));
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("starting what waits for signals")?;
    let waiting = thread::Builder::new().spawn(move || {
        if let Some(number) = runtime.block_on(told()) {
            say("stopped; the same command goes on\n");
            // Last, so that no other thread has time to begin a file.
            output::abandon();
            end(128 + number);
        }
    });
    waiting.context("starting what waits for signals")?;
    Ok(())
}

/// Says a last word, as long as somebody takes it in: nobody may be there to read, or not get on with it.
fn say(word: &'static str) {
    let (said, done) = mpsc::channel();
    let saying = thread::Builder::new().spawn(move || {
        let _ = io::stderr().write_all(word.as_bytes());
        let _ = said.send(());
    });
    if saying.is_ok() {
        let _ = done.recv_timeout(TO_SAY);
    }
}

/// The number of the signal to stop, once it comes; none where none can be waited for.
#[cfg(unix)]
async fn told() -> Option<i32> {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ];
    let numbers = kinds.map(|kind| kind.as_raw_value());
    let mut waiting = kinds.map(|kind| match is_ignored(kind.as_raw_value()) {
        true => None,
        false => signal(kind).ok(),
    });
    future::poll_fn(move |context| {
        for (signal, number) in waiting.iter_mut().zip(numbers) {
            let come = signal.as_mut().map(|signal| signal.poll_recv(context));
            if come.is_some_and(|come| come.is_ready()) {
                return Poll::Ready(Some(number));
            }
        }
        Poll::Pending
    })
    .await
}

/// Whether whoever started the program wants it to live through a signal, as `nohup` does.
#[cfg(unix)]
fn is_ignored(number: i32) -> bool {
    // SAFETY: asked with no new action, the call only fills in the present one.
    unsafe {
        let mut present: libc::sigaction = std::mem::zeroed();
        libc::sigaction(number, std::ptr::null(), &mut present) == 0
            && present.sa_sigaction == libc::SIG_IGN
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
