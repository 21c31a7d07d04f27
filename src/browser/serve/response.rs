//! Answers.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::SystemTime;

use super::date;

/// Bytes of a file in memory at a time.
const CHUNK: usize = 64 << 10;

/// What every answer says. The first three let pages of other sites ask for parts of files
/// (<https://fetch.spec.whatwg.org/#http-cors-protocol>); the fourth makes a browser see a track
/// that was made anew.
const ALWAYS: &str = "Access-Control-Allow-Origin: *\r\n\
    Access-Control-Expose-Headers: Accept-Ranges, Content-Encoding, Content-Length, Content-Range\r\n\
    Accept-Ranges: bytes\r\n\
    Cache-Control: no-store\r\n\
    X-Content-Type-Options: nosniff\r\n";

/// A status code and its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u16, &'static str);

impl Status {
    pub const OK: Self = Self(200, "OK");
    pub const NO_CONTENT: Self = Self(204, "No Content");
    pub const PARTIAL: Self = Self(206, "Partial Content");
    pub const MOVED: Self = Self(308, "Permanent Redirect");
    pub const BAD_REQUEST: Self = Self(400, "Bad Request");
    pub const FORBIDDEN: Self = Self(403, "Forbidden");
    pub const NOT_FOUND: Self = Self(404, "Not Found");
    pub const NOT_ALLOWED: Self = Self(405, "Method Not Allowed");
    pub const TIMEOUT: Self = Self(408, "Request Timeout");
    pub const UNSATISFIABLE: Self = Self(416, "Range Not Satisfiable");
    pub const TOO_LARGE: Self = Self(431, "Request Header Fields Too Large");
    pub const ERROR: Self = Self(500, "Internal Server Error");
}

/// What follows the head of an answer.
#[derive(Debug)]
enum Body {
    Text(String),
    /// `length` bytes from `start` on.
    Part {
        file: File,
        start: u64,
        length: u64,
    },
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// Its status.
    pub status: Status,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

impl Response {
    /// An answer that says only its status.
    pub fn plain(status: Status) -> Self {
        let Status(code, words) = status;
        let text = match status {
            Status::NO_CONTENT => String::new(),
            _ => format!("{code} {words}\n"),
        };
        Self {
            status,
            headers: vec![("Content-Type", "text/plain; charset=utf-8".into())],
            body: Body::Text(text),
        }
    }

    /// A page.
    pub fn html(page: String) -> Self {
        Self {
            status: Status::OK,
            headers: vec![("Content-Type", "text/html; charset=utf-8".into())],
            body: Body::Text(page),
        }
    }

    /// A part of a file, from `start` to before `end`, which the caller calls whole or partial.
    pub fn part(status: Status, file: File, start: u64, end: u64) -> Self {
        let length = end.saturating_sub(start);
        Self {
            status,
            headers: Vec::new(),
            body: Body::Part {
                file,
                start,
                length,
            },
        }
    }

    /// With a header, whose value the caller made harmless.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sends it. `body: false` sends the head alone, which states the body's length all the same.
    ///
    /// # Errors
    ///
    /// A client that is gone or does not read; a file that became shorter, after which the
    /// connection is of no more use.
    pub fn send(self, mut stream: &TcpStream, body: bool, keep_alive: bool) -> io::Result<()> {
        let mut start = self.head(keep_alive);
        match self.body {
            Body::Text(text) => {
                if body {
                    start.push_str(&text);
                }
                stream.write_all(start.as_bytes())
            }
            Body::Part {
                file,
                start: first,
                length,
            } => {
                stream.write_all(start.as_bytes())?;
                if body {
                    copy(file, first, length, stream)?;
                }
                Ok(())
            }
        }
    }

    fn head(&self, keep_alive: bool) -> String {
        let Status(code, words) = self.status;
        let date =
            date::http(SystemTime::now()).map_or(String::new(), |date| format!("Date: {date}\r\n"));
        let connection = if keep_alive { "keep-alive" } else { "close" };
        let mut head =
            format!("HTTP/1.1 {code} {words}\r\n{date}Connection: {connection}\r\n{ALWAYS}");
        for (name, value) in &self.headers {
            // Writing to a string does not fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let length = match &self.body {
            Body::Text(text) => text.len() as u64,
            Body::Part { length, .. } => *length,
        };
        // An answer without content states no length (RFC 9110, section 8.6).
        if self.status != Status::NO_CONTENT {
            let _ = write!(head, "Content-Length: {length}\r\n");
        }
        head + "\r\n"
    }
}

/// Sends a part of a file, a chunk at a time.
fn copy(mut file: File, start: u64, mut left: u64, mut stream: &TcpStream) -> io::Result<()> {
    file.seek(SeekFrom::Start(start))?;
    let mut chunk = vec![0; CHUNK];
    while left > 0 {
        let most = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
        match file.read(&mut chunk[..most])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => {
                stream.write_all(&chunk[..length])?;
                left -= length as u64;
            }
        }
    }
    Ok(())
}

/// The type of a file's content, by its name. Text is UTF-8; compressed files stay compressed, as
/// genome browsers expect.
pub fn content_type(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.unwrap_or_default().to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "txt" | "as" | "bed" | "bedpe" | "csv" | "fa" | "fai" | "fasta" | "gtf" | "gff"
        | "gff3" | "md" | "ra" | "sizes" | "toml" | "tsv" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "gz" | "bgz" => "application/gzip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_became_shorter_is_an_error() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"abc").unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        let error = copy(file, 1, 5, &server).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        drop(server);
        let mut got = String::new();
        client.read_to_string(&mut got).unwrap();
        assert_eq!(got, "bc");
    }

    #[test]
    fn types_go_by_the_last_extension_in_any_case() {
        for (name, wanted) in [
            ("hub.txt", "text/plain; charset=utf-8"),
            ("a.b.HTML", "text/html; charset=utf-8"),
            ("genome.fa.gz", "application/gzip"),
            ("a.bw", "application/octet-stream"),
            ("a.bb", "application/octet-stream"),
            ("json", "application/octet-stream"),
        ] {
            assert_eq!(content_type(Path::new(name)), wanted, "{name}");
        }
    }
}
