//! One client: its requests, for as long as it is waited for.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::{Sleep, sleep, timeout};
use tracing::{debug, info};

use super::stop::Stop;

/// The longest head of a request, in bytes.
const LONGEST: usize = 16 << 10;
/// The most headers of a request.
const HEADERS: usize = 64;
/// What a client is told that began a request and did not get on with it; hyper only closes.
const TOO_SLOW: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How long a client is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For all of a request's head, from when the connection began or the last answer was sent.
    pub head: Duration,
    /// For it to take in anything at all of an answer.
    pub write: Duration,
    /// For it to close its side after the last answer.
    pub close: Duration,
    /// For the answers under way when the server is stopped.
    pub stop: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            write: Duration::from_secs(30),
            close: Duration::from_secs(1),
            stop: Duration::from_secs(3),
        }
    }
}

/// Answers a client until one of the two has had enough, or the server is stopped.
///
/// # Errors
///
/// A connection that breaks, is silent for too long or carries something that is no request.
pub async fn serve(
    stream: TcpStream,
    router: Router,
    patience: Patience,
    stop: Stop,
) -> hyper::Result<()> {
    if let Err(error) = stream.set_nodelay(true) {
        debug!("answers may be late: {error}");
    }
    let stream = TokioIo::new(Impatient {
        stream,
        limit: patience.write,
        wait: None,
        begun: None,
        waited: Duration::ZERO,
        written: 0,
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_header_size(LONGEST)
        .max_headers(HEADERS)
        // Who has sent all that it wants to still waits for its answer.
        .half_close(true)
        .serve_connection(stream, TowerToHyperService::new(router));
    let ended = select! {
        ended = &mut connection => ended,
        () = stop.said() => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };

    let parts = connection.into_parts();
    let mut last_word: &[u8] = b"";
    if let Err(error) = &ended {
        let too_slow = error.is_timeout() && !parts.read_buf.is_empty();
        if too_slow {
            last_word = TOO_SLOW;
        }
        if too_slow || error.is_parse() {
            info!("no request: {error}");
        }
    }
    let stream = parts.io.into_inner().stream;
    // Whoever does not close in time finds the connection broken.
    let _ = timeout(patience.close, close(stream, last_word)).await;
    ended
}

/// Closes so that the client can read the last answer. Were there bytes of the client's that
/// nobody read, such as a body, the answer could be lost
/// (<https://www.rfc-editor.org/rfc/rfc9112#section-9.6>).
async fn close(mut stream: TcpStream, last_word: &[u8]) -> io::Result<()> {
    stream.write_all(last_word).await?;
    stream.shutdown().await?;
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// The least that a client has to take in, in bytes a second, while it is waited for: less than any
/// line brings that a genome browser is used over.
const LEAST_PACE: u64 = 1 << 10;

/// A connection on which writing fails once the client has taken in nothing for too long, or too little
/// for the time that it was waited for. hyper has a limit for reading alone.
#[derive(Debug)]
struct Impatient {
    stream: TcpStream,
    limit: Duration,
    /// Runs while a write waits.
    wait: Option<Pin<Box<Sleep>>>,
    /// When the write began that waits.
    begun: Option<Instant>,
    /// How long all writes have waited, and what they wrote.
    waited: Duration,
    written: u64,
}

impl Impatient {
    /// What a client may be waited for that has taken in so much.
    fn allowed(&self) -> Duration {
        self.limit + Duration::from_secs(self.written / LEAST_PACE)
    }
}

impl AsyncRead for Impatient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(ready) = written {
            self.wait = None;
            let wait = self.begun.take().map(|begun| begun.elapsed());
            self.waited += wait.unwrap_or_default();
            self.written += *ready.as_ref().unwrap_or(&0) as u64;
            if self.waited > self.allowed() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            return Poll::Ready(ready);
        }
        self.begun.get_or_insert_with(Instant::now);
        let limit = self.limit;
        let wait = self.wait.get_or_insert_with(|| Box::pin(sleep(limit)));
        let waited = wait.as_mut().poll(context);
        waited.map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
