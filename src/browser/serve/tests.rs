//! Requests as bytes on a socket, and the bytes of their answers.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::{self, JoinHandle};

use super::*;

mod clients;
mod reach;

/// A server on a free port, stopped at the end.
struct Running {
    dir: tempfile::TempDir,
    address: SocketAddr,
    stop: Stop,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Running {
    /// Serves a folder `hub` beside a file `secret.txt`.
    fn new() -> Self {
        Self::with(Patience::default())
    }

    fn with(patience: Patience) -> Self {
        // Its name is not hidden, or nothing beside the served folder would be seen anyway.
        let dir = tempfile::Builder::new().prefix("serve").tempdir().unwrap();
        fs::write(dir.path().join("secret.txt"), "secret").unwrap();
        let hub = dir.path().join("hub");
        fs::create_dir_all(hub.join("tracks")).unwrap();
        fs::write(hub.join("hub.txt"), "hub x\n").unwrap();
        fs::write(hub.join("tracks/a.bw"), "0123456789").unwrap();
        let mut server = Server::bind(&hub, "127.0.0.1:0".parse().unwrap()).unwrap();
        server.patience = patience;
        let (address, stop) = (server.address(), server.stop.clone());
        let thread = Some(thread::spawn(move || server.run_until(future::pending())));
        Self {
            dir,
            address,
            stop,
            thread,
        }
    }

    fn write(&self, name: &str, contents: &str) {
        fs::write(self.dir.path().join("hub").join(name), contents).unwrap();
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
    }

    /// Sends bytes and reads until the server closes.
    fn exchange(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes.as_ref()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// One request, and its answer.
    fn ask(&self, line: &str, headers: &str) -> Answer {
        let text = self.exchange(format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
        ));
        Answer::new(&text)
    }

    fn get(&self, target: &str) -> Answer {
        self.ask(&format!("GET {target}"), "")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.stop();
        if !thread::panicking() {
            let ended = self.thread.take().map(JoinHandle::join);
            assert!(matches!(ended, Some(Ok(Ok(())))));
        }
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn new(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.to_string()))
            .collect();
        Self {
            status,
            headers,
            body: body.to_string(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(other, _)| other == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} twice");
        value
    }
}

#[test]
fn a_file_comes_whole_with_what_browsers_ask_for() {
    let server = Running::new();
    let answer = server.get("/tracks/a.bw?query=1");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, "0123456789");
    for (name, value) in [
        ("content-length", "10"),
        ("content-type", "application/octet-stream"),
        ("accept-ranges", "bytes"),
        ("access-control-allow-origin", "*"),
        ("connection", "close"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.header("content-range"), None);
    let exposed = answer.header("access-control-expose-headers").unwrap();
    let exposed = exposed.to_lowercase();
    for name in ["content-range", "content-length", "accept-ranges"] {
        assert!(exposed.contains(name), "{name}");
    }
    assert!(answer.header("last-modified").unwrap().ends_with(" GMT"));
    assert!(answer.header("date").unwrap().ends_with(" GMT"));
    assert_eq!(
        server.get("/hub.txt").header("content-type"),
        Some("text/plain; charset=utf-8")
    );
}

#[test]
fn a_range_comes_as_a_part() {
    let server = Running::new();
    for (range, part, body) in [
        ("bytes=2-4", "bytes 2-4/10", "234"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-2", "bytes 8-9/10", "89"),
        ("bytes=0-400", "bytes 0-9/10", "0123456789"),
        ("bytes=-30", "bytes 0-9/10", "0123456789"),
        ("Bytes=9-99999999999999999999999", "bytes 9-9/10", "9"),
    ] {
        let answer = server.ask("GET /tracks/a.bw", &format!("Range: {range}\r\n"));
        assert_eq!(answer.status, 206, "{range}");
        assert_eq!(answer.header("content-range"), Some(part));
        assert_eq!(
            answer.header("content-length"),
            Some(body.len().to_string().as_str())
        );
        assert_eq!(answer.body, body);
    }
}

#[test]
fn a_range_beyond_the_end_cannot_be_satisfied() {
    let server = Running::new();
    let answer = server.ask("GET /tracks/a.bw", "Range: bytes=10-\r\n");
    assert_eq!(answer.status, 416);
    assert_eq!(answer.header("content-range"), Some("bytes */10"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));

    server.write("empty.bw", "");
    for range in ["bytes=0-", "bytes=-5"] {
        let answer = server.ask("GET /empty.bw", &format!("Range: {range}\r\n"));
        assert_eq!(answer.status, 416, "{range}");
        assert_eq!(answer.header("content-range"), Some("bytes */0"));
    }
}

#[test]
fn headers_are_found_in_any_case_and_ranges_that_come_twice_are_none() {
    let server = Running::new();
    let answer = server.ask("GET /tracks/a.bw?b", "rAnGe:  bytes=1-2 \r\n");
    assert_eq!((answer.status, answer.body.as_str()), (206, "12"));
    let twice = "Range: bytes=1-2\r\nRange: bytes=3-4\r\n";
    assert_eq!(server.ask("GET /tracks/a.bw", twice).status, 200);
}

#[test]
fn several_ranges_and_none_that_can_be_read_get_the_whole_file() {
    let server = Running::new();
    for range in ["bytes=0-1,4-5", "bytes=4-2", "pages=1-2"] {
        let answer = server.ask("GET /tracks/a.bw", &format!("Range: {range}\r\n"));
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, "0123456789"),
            "{range}"
        );
    }
}

#[test]
fn a_range_of_another_version_gets_the_whole_file() {
    let server = Running::new();
    let whole = server.get("/tracks/a.bw");
    for (version, status) in [
        (whole.header("last-modified").unwrap(), 206),
        (whole.header("etag").unwrap(), 206),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 200),
        ("\"another\"", 200),
    ] {
        let headers = format!("Range: bytes=1-2\r\nIf-Range: {version}\r\n");
        assert_eq!(
            server.ask("GET /tracks/a.bw", &headers).status,
            status,
            "{version}"
        );
    }
}

#[test]
fn head_has_no_body_and_no_range() {
    let server = Running::new();
    let answer = server.ask("HEAD /tracks/a.bw", "Range: bytes=1-2\r\n");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-length"), Some("10"));
    assert_eq!(answer.body, "");
    let missing = server.ask("HEAD /missing", "");
    assert_eq!((missing.status, missing.body.as_str()), (404, ""));
}

#[test]
fn options_permit_ranges_to_other_sites() {
    let server = Running::new();
    for target in ["/tracks/a.bw", "*"] {
        let answer = server.ask(&format!("OPTIONS {target}"), "Origin: https://igv.org\r\n");
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert!(
            answer
                .header("access-control-allow-headers")
                .unwrap()
                .to_lowercase()
                .contains("range")
        );
        assert!(
            answer
                .header("access-control-allow-methods")
                .unwrap()
                .contains("GET")
        );
        assert_eq!(answer.header("content-length"), None);
    }
}

#[test]
fn a_file_older_than_all_dates_is_served() {
    let server = Running::new();
    let file = fs::File::options()
        .write(true)
        .open(server.dir.path().join("hub/hub.txt"))
        .unwrap();
    file.set_modified(std::time::UNIX_EPOCH - Duration::from_secs(1))
        .unwrap();
    let answer = server.get("/hub.txt");
    assert_eq!((answer.status, answer.header("last-modified")), (200, None));
    assert_eq!(answer.header("content-length"), Some("6"));
    assert_eq!(answer.body, "hub x\n");
    let head = server.ask("HEAD /hub.txt", "");
    assert_eq!(
        (head.status, head.header("content-length")),
        (200, Some("6"))
    );
}
