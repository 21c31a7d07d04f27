//! Fetching: on after a connection broke, again after a while where a server cannot, not at all where
//! what is in the cache is still the file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use epitrack::progress::Progress;
use tracing::{debug, warn};
use ureq::http::{HeaderMap, StatusCode};
use ureq::{Agent, Body};

use super::address::Address;
use super::cache::{Cache, Place, Version};

/// Tries in a row that bring nothing.
const TRIES: u32 = 6;
/// After the first of them so small a part of the time that a body may take is waited, half a second;
/// twice as long after each further one.
const WAIT: u32 = 600;
/// How long a connection, and then the beginning of an answer, may take.
const ANSWER: Duration = Duration::from_secs(30);
/// How long the rest may take before the connection is given up, and where the server sends parts another
/// one goes on; twice as long each time where it does not. EPITRACK_TIMEOUT has other seconds.
const BODY: Duration = Duration::from_secs(300);
const DAY: u64 = 86_400;
const PIECE: usize = 1 << 17;

/// Fetches files.
pub struct Fetcher<'a> {
    progress: &'a dyn Progress,
    body: Duration,
}

/// What came of an address.
pub enum Fetched {
    /// The file was fetched.
    New(PathBuf),
    /// It was in the cache.
    Known(PathBuf),
    /// There is no such file.
    None,
    /// Nobody may have it, or there is no such file: a bucket may not tell.
    Refused(String),
}

/// How a try ended.
enum Tried {
    /// The file in the cache is the one that is there.
    Same,
    /// It is now.
    Whole,
    /// There is no such file.
    Missing,
    /// The server does not give it.
    Refused(String),
    /// The server or the way to it failed.
    Failed(anyhow::Error),
}

impl<'a> Fetcher<'a> {
    /// Tells how far it is.
    pub fn new(progress: &'a dyn Progress) -> Self {
        let seconds = std::env::var("EPITRACK_TIMEOUT").ok();
        let seconds = seconds.and_then(|seconds| seconds.parse().ok());
        Self {
            progress,
            body: seconds.map_or(BODY, |seconds: u64| Duration::from_secs(seconds.min(DAY))),
        }
    }

    /// The file of an address in the cache. Where no server answers it may be the one of before, if that
    /// is allowed.
    pub fn fetch(&self, address: &Address, cache: &Cache, may_be_old: bool) -> Result<Fetched> {
        let place = cache.place(address)?;
        let (mut failures, mut body, mut longest) = (0, self.body, 0);
        loop {
            match self.attempt(address, &place, body)? {
                Tried::Same => return Ok(Fetched::Known(place.file)),
                Tried::Whole => return Ok(Fetched::New(place.file)),
                Tried::Missing => {
                    // What was there before belongs to nothing any more.
                    place.forget()?;
                    return Ok(Fetched::None);
                }
                Tried::Refused(why) => {
                    place.forget()?;
                    return Ok(Fetched::Refused(why));
                }
                Tried::Failed(why) => {
                    // More of it is there than ever before.
                    let there = fs::metadata(&place.part).map_or(0, |part| part.len());
                    let goes_on = there > longest;
                    longest = longest.max(there);
                    failures = if goes_on { 0 } else { failures + 1 };
                    body = if goes_on {
                        self.body
                    } else {
                        body.saturating_mul(2)
                    };
                    if failures >= TRIES {
                        if !(may_be_old && place.file.exists()) {
                            return Err(why);
                        }
                        warn!("{address}: {why:#}; what was fetched before is taken");
                        return Ok(Fetched::Known(place.file));
                    }
                    debug!("{address}: {why:#}");
                    if !goes_on {
                        thread::sleep(self.body / WAIT * 2u32.pow(failures - 1));
                    }
                }
            }
        }
    }

    /// One request: for the rest of a part, for a file if it has changed, or for all of it.
    fn attempt(&self, address: &Address, place: &Place, body: Duration) -> Result<Tried> {
        let (url, authorization) = address.request()?;
        let mut request = agent(body).get(&url).header("Accept-Encoding", "identity");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        let begun = begun(place);
        if let Some((length, version)) = &begun {
            request = request.header("Range", format!("bytes={length}-"));
            request = request.header("If-Range", version.condition().unwrap_or(""));
        } else if let Some(version) = Place::version(&place.file).filter(|_| place.file.exists()) {
            if let Some(tag) = &version.tag {
                request = request.header("If-None-Match", tag);
            }
            if let Some(modified) = &version.modified {
                request = request.header("If-Modified-Since", modified);
            }
        }
        let mut response = match request.call() {
            Ok(response) => response,
            Err(error) => {
                let why = anyhow!("{}", without_address(&error));
                return Ok(Tried::Failed(why));
            }
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let start = begun.as_ref().map_or(0, |(length, _)| *length);
        let start = match status {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if begins_at(&headers, start) => start,
            StatusCode::NOT_MODIFIED => return Ok(Tried::Same),
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Tried::Missing),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Ok(Tried::Refused(format!(
                    "the server refuses it ({status}): credentials come from .netrc or, for s3://, from \
                     AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                )));
            }
            // The part is of something else.
            StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT => {
                fs::remove_file(&place.part)
                    .with_context(|| format!("{}", place.part.display()))?;
                let why = anyhow!("the server does not know the part that was fetched");
                return Ok(Tried::Failed(why));
            }
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                let why = anyhow!("the server says {status}");
                return Ok(Tried::Failed(why));
            }
            status => bail!("the server says {status}"),
        };
        self.receive(address, place, start, &headers, response.body_mut())
    }

    /// Writes what comes behind the bytes that are there.
    fn receive(
        &self,
        address: &Address,
        place: &Place,
        start: u64,
        headers: &HeaderMap,
        body: &mut Body,
    ) -> Result<Tried> {
        let version = version(headers);
        let length = number(headers, "content-length").map(|length| start + length);
        // A part may be less than all of the rest.
        let length = total(headers).or(length);
        let context = || format!("{}", place.part.display());
        let mut part = open(place, start).with_context(context)?;
        Place::note(&place.part, &version)?;
        self.progress
            .start(address.name(), length.unwrap_or(start), start);
        let (mut reader, mut buffer, mut bytes) = (body.as_reader(), vec![0; PIECE], 0);
        let ended = loop {
            match reader.read(&mut buffer) {
                Ok(0) => break Ok(()),
                Ok(read) => {
                    part.write_all(&buffer[..read]).with_context(context)?;
                    bytes += read as u64;
                    self.progress.advance(read as u64, "");
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.progress.finish();
        part.flush().with_context(context)?;
        let whole = length.is_none_or(|length| start + bytes == length);
        match ended {
            Ok(()) if whole => {
                place.complete(&version)?;
                return Ok(Tried::Whole);
            }
            // Without a version nobody can say whether the rest belongs to it, and without ranges there
            // is no rest.
            _ if version.condition().is_none() || !has_ranges(headers, start) => {
                fs::remove_file(&place.part).with_context(context)?;
            }
            _ => {}
        }
        let why = match ended {
            Ok(()) => anyhow!("the connection ended too early"),
            Err(error) => anyhow!("{}", without_address(&error)),
        };
        Ok(Tried::Failed(why))
    }
}

fn agent(body: Duration) -> Agent {
    Agent::config_builder()
        .timeout_connect(Some(ANSWER))
        .timeout_recv_response(Some(ANSWER))
        .timeout_recv_body(Some(body))
        .http_status_as_error(false)
        .max_redirects(8)
        .user_agent(concat!("epitrack/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// How much of the file is there, and of which version, if more of it can be asked for.
fn begun(place: &Place) -> Option<(u64, Version)> {
    let length = fs::metadata(&place.part).ok()?.len();
    let version = Place::version(&place.part)?;
    (length > 0 && version.condition().is_some()).then_some((length, version))
}

fn open(place: &Place, start: u64) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let mut part = options
        .write(true)
        .create(true)
        .truncate(false)
        .open(&place.part)?;
    part.set_len(start)?;
    part.seek(io::SeekFrom::End(0))?;
    Ok(part)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name)?.parse().ok()
}

fn version(headers: &HeaderMap) -> Version {
    let owned = |name| text(headers, name).map(str::to_string);
    Version {
        tag: owned("etag"),
        modified: owned("last-modified"),
    }
}

/// Whether a part is the one behind so many bytes.
fn begins_at(headers: &HeaderMap, start: u64) -> bool {
    let range = text(headers, "content-range").and_then(|range| range.strip_prefix("bytes "));
    let first = range.and_then(|range| range.split('-').next()?.parse().ok());
    first == Some(start)
}

/// How long the file is of which a part is sent.
fn total(headers: &HeaderMap) -> Option<u64> {
    let range = text(headers, "content-range")?;
    range.rsplit('/').next()?.parse().ok()
}

/// Whether the server sends parts: it says so, or has just done it.
fn has_ranges(headers: &HeaderMap, start: u64) -> bool {
    start > 0 || text(headers, "accept-ranges") == Some("bytes")
}

/// What went wrong, without the address, which may be signed.
fn without_address(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let words = text.split_whitespace();
    let secret = |word: &&str| !word.contains("://");
    words.filter(secret).collect::<Vec<_>>().join(" ")
}
