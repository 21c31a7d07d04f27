//! Clients that are slow, many, rude or gone, and servers that come and go.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::super::{Patience, Server};
use super::{Answer, Running};
use crate::error::Error;

/// Clients at a time, more than any browser's.
const MANY: usize = 200;

#[test]
fn other_methods_are_refused_and_their_bodies_not_taken_for_requests() {
    let server = Running::new();
    let inner = "GET /hub.txt HTTP/1.1\r\n\r\n";
    for method in ["POST", "PUT", "DELETE", "get"] {
        let text = server.exchange(format!(
            "{method} /hub.txt HTTP/1.1\r\nContent-Length: {}\r\n\r\n{inner}",
            inner.len()
        ));
        let answer = Answer::new(&text);
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
        assert_eq!(answer.body, "405 Method Not Allowed\n");
    }
}

#[test]
fn a_connection_carries_requests_until_it_is_told_to_close() {
    let server = Running::new();
    let text = server.exchange(
        "GET /hub.txt HTTP/1.1\r\n\r\nHEAD /tracks/a.bw HTTP/1.1\r\n\r\n\
         GET /tracks/a.bw HTTP/1.1\r\nRange: bytes=3-4\r\nConnection: close\r\n\r\n",
    );
    let statuses: Vec<&str> = text.matches("HTTP/1.1 20").collect();
    assert_eq!(statuses.len(), 3);
    assert!(text.contains("\r\n\r\nhub x\nHTTP/1.1 200"));
    assert!(text.ends_with("\r\n\r\n34"));
    // HTTP/1.1 goes on unless it says so.
    assert_eq!(text.matches("connection: close").count(), 1);

    let old = server.exchange("GET /hub.txt HTTP/1.0\r\n\r\n");
    assert!(old.ends_with("hub x\n"));
}

#[test]
fn a_connection_ends_when_it_must() {
    let server = Running::new();
    for head in [
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: foo, Close\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
        let begun = Instant::now();
        let text = server.exchange(head);
        assert!(begun.elapsed() < Patience::default().head / 2, "{head}");
        assert_eq!(text.matches("HTTP/1.").count(), 1, "{head}");
    }
    let text = server.exchange(
        "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(text.matches("HTTP/1.1 200").count(), 2);
}

#[test]
fn who_only_stops_sending_still_gets_an_answer() {
    let server = Running::new();
    let mut stream = server.connect();
    stream.write_all(b"GET /hub.txt HTTP/1.1\r\n\r\n").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(Answer::new(&text).body, "hub x\n");
}

#[test]
fn what_is_no_request_is_told_so() {
    let server = Running::new();
    for (bytes, status) in [
        ("nonsense\r\n\r\n".to_string(), 400),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n".into(), 400),
        // The beginning of TLS.
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}".into(), 400),
        (
            format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(20 << 10)),
            431,
        ),
        (
            format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(65)),
            431,
        ),
    ] {
        assert_eq!(Answer::new(&server.exchange(&bytes)).status, status);
    }
}

#[test]
fn silent_and_slow_clients_keep_nobody_waiting() {
    let short = Duration::from_millis(1000);
    let server = Running::with(Patience {
        head: 2 * short,
        ..Patience::default()
    });
    let silent: Vec<TcpStream> = (0..MANY).map(|_| server.connect()).collect();
    let mut slow = server.connect();
    slow.write_all(b"GET /hub").unwrap();
    let begun = Instant::now();
    assert_eq!(server.get("/hub.txt").status, 200);
    assert!(begun.elapsed() < short, "{:?}", begun.elapsed());

    // They are sent away in the end, the one that had begun with a reason.
    let mut text = String::new();
    slow.read_to_string(&mut text).unwrap();
    assert_eq!(Answer::new(&text).status, 408);
    for mut stream in silent {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    }
}

#[test]
fn a_client_that_sends_a_byte_at_a_time_has_no_longer_than_others() {
    let server = Running::with(Patience {
        head: Duration::from_millis(400),
        ..Patience::default()
    });
    let mut stream = server.connect();
    let begun = Instant::now();
    let endless = "GET / HTTP/1.1\r\n"
        .bytes()
        .chain("a: b\r\n".bytes().cycle());
    for byte in endless {
        thread::sleep(Duration::from_millis(20));
        // Fails once the server has closed.
        if stream.write_all(&[byte]).is_err() || begun.elapsed() > Duration::from_secs(5) {
            break;
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(4));
}

#[test]
fn a_client_that_does_not_read_is_left() {
    let server = Running::with(Patience {
        write: Duration::from_millis(200),
        ..Patience::default()
    });
    let size = 64 << 20;
    let file = fs::File::create(server.dir.path().join("hub/large.bw")).unwrap();
    file.set_len(size).unwrap();
    let mut stream = server.connect();
    stream.write_all(b"GET /large.bw HTTP/1.1\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(2000));
    let mut got = Vec::new();
    // What had been sent, and then the end or a reset: less than the file either way.
    let _ = stream.read_to_end(&mut got);
    assert!((got.len() as u64) < size);
    assert_eq!(server.get("/hub.txt").status, 200);
}

#[test]
fn clients_that_do_not_read_keep_nobody_waiting() {
    let server = Running::new();
    let file = fs::File::create(server.dir.path().join("hub/large.bw")).unwrap();
    file.set_len(64 << 20).unwrap();
    let slow: Vec<TcpStream> = (0..MANY).map(|_| server.connect()).collect();
    for mut stream in &slow {
        stream.write_all(b"GET /large.bw HTTP/1.1\r\n\r\n").unwrap();
    }
    let begun = Instant::now();
    assert_eq!(server.get("/hub.txt").status, 200);
    assert!(
        begun.elapsed() < Patience::default().head,
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_file_that_becomes_shorter_ends_its_connection() {
    let server = Running::new();
    let size = 64 << 20;
    let file = fs::File::create(server.dir.path().join("hub/large.bw")).unwrap();
    file.set_len(size).unwrap();
    let mut stream = server.connect();
    stream.write_all(b"GET /large.bw HTTP/1.1\r\n\r\n").unwrap();
    stream.read_exact(&mut [0; 100]).unwrap();
    file.set_len(1).unwrap();
    let mut got = Vec::new();
    let _ = stream.read_to_end(&mut got);
    assert!((got.len() as u64) < size);
    assert_eq!(server.get("/hub.txt").status, 200);
}

#[test]
fn a_client_that_goes_away_is_no_error() {
    let server = Running::new();
    let file = fs::File::create(server.dir.path().join("hub/large.bw")).unwrap();
    file.set_len(64 << 20).unwrap();
    for _ in 0..MANY {
        let mut stream = server.connect();
        stream.write_all(b"GET /large.bw HTTP/1.1\r\n\r\n").unwrap();
        stream.read_exact(&mut [0; 100]).unwrap();
    }
    assert_eq!(server.get("/hub.txt").status, 200);
}

#[test]
fn many_clients_are_served_at_once() {
    let server = Running::new();
    let text: String = (0..200_000).map(|number| format!("{number}\n")).collect();
    server.write("numbers.txt", &text);
    thread::scope(|scope| {
        for number in 0..MANY {
            let (server, text) = (&server, &text);
            scope.spawn(move || {
                let (start, end) = (number * 997, number * 997 + 100_000);
                let answer = server.ask(
                    "GET /numbers.txt",
                    &format!("Range: bytes={start}-{}\r\n", end - 1),
                );
                assert_eq!(answer.status, 206);
                assert!(answer.body == text[start..end]);
            });
        }
    });
}

#[test]
fn a_taken_address_is_named() {
    let server = Running::new();
    let error = Server::bind(server.dir.path(), server.address).unwrap_err();
    assert!(matches!(error, Error::Listen { address, .. } if address == server.address));
    assert!(error.to_string().contains(&server.address.to_string()));
}

#[test]
fn only_a_folder_can_be_served() {
    let server = Running::new();
    let free = "127.0.0.1:0".parse().unwrap();
    let file = server.dir.path().join("secret.txt");
    assert!(matches!(
        Server::bind(&file, free),
        Err(Error::Format { .. })
    ));
    let missing = server.dir.path().join("missing");
    assert!(matches!(
        Server::bind(&missing, free),
        Err(Error::Io { .. })
    ));
}

#[test]
fn a_stopped_server_does_not_wait_for_the_silent_and_the_slow() {
    let server = Running::with(Patience {
        stop: Duration::from_millis(500),
        ..Patience::default()
    });
    let file = fs::File::create(server.dir.path().join("hub/large.bw")).unwrap();
    file.set_len(64 << 20).unwrap();
    let mut idle = server.connect();
    idle.write_all(b"GET /hub.txt HTTP/1.1\r\n\r\n").unwrap();
    idle.read_exact(&mut [0; 100]).unwrap();
    let mut slow = server.connect();
    slow.write_all(b"GET /large.bw HTTP/1.1\r\n\r\n").unwrap();
    slow.read_exact(&mut [0; 100]).unwrap();
    let begun = Instant::now();
    drop(server);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_stopped_server_frees_its_address() {
    let server = Running::new();
    let (address, dir) = (server.address, server.dir.path().to_path_buf());
    assert_eq!(server.get("/hub.txt").status, 200);
    assert!(Server::bind(&dir, address).is_err());
    // Only the thread's end, not the folder's.
    let mut server = server;
    server.stop.stop();
    let ended = server.thread.take().unwrap().join().unwrap();
    assert!(ended.is_ok());
    assert!(Server::bind(&dir, address).is_ok());
    server.thread = Some(thread::spawn(|| Ok(())));
}
