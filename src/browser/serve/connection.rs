//! One client: requests and their answers.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tracing::info;

use super::date;
use super::listing;
use super::range::Wanted;
use super::request::{Method, Next, Request, Requests};
use super::response::{Response, Status, content_type};
use super::root::{Found, Root};

/// The methods, for `Allow` and for browsers that ask before they ask another site.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// How long a client is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the first byte of a request.
    pub idle: Duration,
    /// For all of a request's head, from when the wait began.
    pub head: Duration,
    /// For it to take in anything at all of an answer.
    pub write: Duration,
    /// For it to close its side after the last answer.
    pub close: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(5),
            head: Duration::from_secs(10),
            write: Duration::from_secs(30),
            close: Duration::from_secs(1),
        }
    }
}

/// Answers a client until one of the two has had enough, or the server is stopped.
///
/// # Errors
///
/// A connection that breaks.
pub fn serve(
    stream: &TcpStream,
    root: &Root,
    patience: Patience,
    stopped: &AtomicBool,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(patience.write))?;
    let mut requests = Requests::new(stream, patience);
    while !stopped.load(Ordering::Relaxed) {
        match requests.next()? {
            Next::Request(request) => {
                let keep_alive = request.keep_alive;
                let response = answer(&request, root);
                let method = request.method.map_or("?", Method::name);
                info!("{method} {:?} {}", request.target, response.status.0);
                let body = request.method != Some(Method::Head);
                response.send(stream, body, keep_alive)?;
                if !keep_alive {
                    break;
                }
            }
            Next::Bad(status) => {
                info!("no request: {}", status.0);
                Response::plain(status).send(stream, true, false)?;
                break;
            }
            Next::End => return Ok(()),
        }
    }
    close(stream, patience.close)
}

/// Closes so that the client can read the last answer. Were there bytes of the client's that
/// nobody read, such as a body, the answer could be lost
/// (<https://www.rfc-editor.org/rfc/rfc9112#section-9.6>).
fn close(mut stream: &TcpStream, limit: Duration) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    let begun = Instant::now();
    let mut unread = [0; 4096];
    loop {
        let left = limit.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Ok(());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut unread) {
            Ok(0) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

fn answer(request: &Request, root: &Root) -> Response {
    match request.method {
        None => Response::plain(Status::NOT_ALLOWED).with("Allow", METHODS),
        Some(Method::Options) => Response::plain(Status::NO_CONTENT)
            .with("Allow", METHODS)
            .with("Access-Control-Allow-Methods", METHODS)
            .with(
                "Access-Control-Allow-Headers",
                "Range, If-Range, Content-Type",
            )
            .with("Access-Control-Max-Age", "86400"),
        Some(method) => match root.find(&request.target) {
            None => Response::plain(Status::NOT_FOUND),
            Some(Found::Moved(address)) => Response::plain(Status::MOVED).with("Location", address),
            Some(Found::Folder(path, name)) => listing::page(root, &path, &name)
                .map_or_else(|error| failure(&error), Response::html),
            Some(Found::File(path)) => {
                // A range is defined for GET alone.
                let range = request.range.as_deref().filter(|_| method == Method::Get);
                part(&path, range, request.if_range.as_deref())
                    .unwrap_or_else(|error| failure(&error))
            }
        },
    }
}

/// A file or a part of it.
fn part(path: &Path, range: Option<&str>, if_range: Option<&str>) -> io::Result<Response> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    let size = metadata.len();
    let modified = modified(&metadata);
    // A range of another version than the present one would not fit what the client has.
    let same = if_range.is_none() || if_range == modified.as_deref();
    let response = match Wanted::new(range.filter(|_| same), size) {
        Wanted::Whole => Response::part(Status::OK, file, 0, size),
        Wanted::Part { start, end } => Response::part(Status::PARTIAL, file, start, end)
            .with("Content-Range", format!("bytes {start}-{}/{size}", end - 1)),
        Wanted::Beyond => {
            let range = format!("bytes */{size}");
            return Ok(Response::plain(Status::UNSATISFIABLE).with("Content-Range", range));
        }
    };
    let response = response.with("Content-Type", content_type(path));
    // UCSC's loader keeps a file that has this, and refuses one that has no date at all
    // (<https://github.com/ucscGenomeBrowser/kent/blob/master/src/lib/udc.c>).
    Ok(match modified {
        Some(modified) => response.with("Last-Modified", modified),
        None => response,
    })
}

fn modified(metadata: &Metadata) -> Option<String> {
    metadata.modified().ok().and_then(date::http)
}

fn failure(error: &io::Error) -> Response {
    Response::plain(match error.kind() {
        io::ErrorKind::NotFound => Status::NOT_FOUND,
        io::ErrorKind::PermissionDenied => Status::FORBIDDEN,
        _ => Status::ERROR,
    })
}
