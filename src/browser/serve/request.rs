//! Requests, as they arrive.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::Instant;

use super::connection::Patience;
use super::response::Status;

/// The longest head of a request, in bytes.
const LONGEST: usize = 16 << 10;
/// The most headers of a request.
const HEADERS: usize = 64;

/// A method that the server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A file, or a part of it.
    Get,
    /// What is known of a file.
    Head,
    /// What may be asked for, which browsers ask before they ask another site for a range.
    Options,
}

impl Method {
    /// As it is written in a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
        }
    }
}

/// What is used of a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, if it is known.
    pub method: Option<Method>,
    /// The address as the client wrote it.
    pub target: String,
    /// The value of `Range`.
    pub range: Option<String>,
    /// The value of `If-Range`: the version of the file that the range is of.
    pub if_range: Option<String>,
    /// Whether another request may follow. Never after one with a body, which is not read.
    pub keep_alive: bool,
}

/// What a client did next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Asked for something.
    Request(Request),
    /// Sent something that is no request, or too slowly.
    Bad(Status),
    /// Went away, or said nothing.
    End,
}

/// Reads one request after another from a connection.
#[derive(Debug)]
pub struct Requests<'a> {
    stream: &'a TcpStream,
    patience: Patience,
    /// What was received and not yet used.
    received: Vec<u8>,
}

impl<'a> Requests<'a> {
    /// Nothing read yet.
    pub fn new(stream: &'a TcpStream, patience: Patience) -> Self {
        Self {
            stream,
            patience,
            received: Vec::new(),
        }
    }

    /// Waits for the next request, within the time limits.
    ///
    /// # Errors
    ///
    /// A connection that breaks.
    pub fn next(&mut self) -> io::Result<Next> {
        let begun = Instant::now();
        let mut stream = self.stream;
        let mut chunk = [0; 4096];
        loop {
            match parse(&self.received) {
                Ok(Some((request, length))) => {
                    self.received.drain(..length);
                    return Ok(Next::Request(request));
                }
                Ok(None) if self.received.len() < LONGEST => {}
                Ok(None) => return Ok(Next::Bad(Status::TOO_LARGE)),
                Err(status) => return Ok(Next::Bad(status)),
            }
            let (limit, in_time_out) = if self.received.is_empty() {
                (self.patience.idle, Next::End)
            } else {
                (self.patience.head, Next::Bad(Status::TIMEOUT))
            };
            let left = limit.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Ok(in_time_out);
            }
            stream.set_read_timeout(Some(left))?;
            match stream.read(&mut chunk) {
                Ok(0) => return Ok(Next::End),
                Ok(length) => self.received.extend_from_slice(&chunk[..length]),
                Err(error) if is_timeout(&error) => return Ok(in_time_out),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether the operating system gave up waiting; Unix and Windows name it differently.
pub fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

/// The first request of the bytes and its length, or `None` if it has not all arrived.
fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, Status> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Status::TOO_LARGE),
        Err(_) => return Err(Status::BAD_REQUEST),
    };
    // Of a header that comes twice there is no telling which one is meant.
    let header = |name: &str| {
        let mut values = head
            .headers
            .iter()
            .filter(|header| header.name.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (Some(header), None) => std::str::from_utf8(header.value).ok().map(str::trim),
            _ => None,
        }
    };
    let has = |name: &str| {
        let mut names = head.headers.iter().map(|header| header.name);
        names.any(|other| other.eq_ignore_ascii_case(name))
    };
    let body = has("transfer-encoding")
        || (has("content-length") && header("content-length") != Some("0"));
    let asks_to_close = header("connection").is_some_and(|value| {
        value
            .split(',')
            .any(|token| token.trim().eq_ignore_ascii_case("close"))
    });
    let request = Request {
        method: [Method::Get, Method::Head, Method::Options]
            .into_iter()
            .find(|method| head.method == Some(method.name())),
        target: head.path.unwrap_or_default().to_string(),
        range: header("range").map(str::to_string),
        if_range: header("if-range").map(str::to_string),
        keep_alive: head.version == Some(1) && !asks_to_close && !body,
    };
    Ok(Some((request, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Request {
        let (request, length) = parse(text.as_bytes()).unwrap().unwrap();
        assert_eq!(length, text.len());
        request
    }

    #[test]
    fn headers_are_found_in_any_case() {
        let request = parsed("GET /a?b HTTP/1.1\r\nHost: x\r\nrAnGe:  bytes=1-2 \r\n\r\n");
        assert_eq!(
            request,
            Request {
                method: Some(Method::Get),
                target: "/a?b".into(),
                range: Some("bytes=1-2".into()),
                if_range: None,
                keep_alive: true,
            }
        );
    }

    #[test]
    fn a_connection_ends_when_it_must() {
        for head in [
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: foo, Close\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\n",
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        ] {
            assert!(!parsed(head).keep_alive, "{head}");
        }
        assert!(parsed("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").keep_alive);
    }

    #[test]
    fn two_ranges_headers_are_none() {
        let request = parsed("GET / HTTP/1.1\r\nRange: bytes=1-2\r\nRange: bytes=3-4\r\n\r\n");
        assert_eq!(request.range, None);
    }

    #[test]
    fn what_is_no_request_is_refused() {
        assert_eq!(parse(b"\x16\x03\x01\x02\x00\x01"), Err(Status::BAD_REQUEST));
        assert_eq!(
            parse(b"GET / HTTP/1.1\r\nno colon\r\n\r\n"),
            Err(Status::BAD_REQUEST)
        );
        assert_eq!(parse(b"GET / HTTP/1.1\r\nHost"), Ok(None));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(HEADERS + 1));
        assert_eq!(parse(many.as_bytes()), Err(Status::TOO_LARGE));
    }
}
