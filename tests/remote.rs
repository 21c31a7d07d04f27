//! Inputs at an address: the same bytes as from a disk, whatever the server does on the way.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::support::{Workplace, arg, epitrack, files};

/// The bytes after which a bad connection breaks.
const BREAK: usize = 100_000;

/// A server of a folder's files. The first part of a path says how it behaves.
struct Server {
    address: String,
    /// Path, range and what must not match, of every request.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(dir: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (dir, log) = (dir.to_path_buf(), asked.clone());
        thread::spawn(move || {
            let counts = Arc::new(Mutex::new(HashMap::new()));
            for stream in listener.incoming() {
                let (dir, log, counts) = (dir.clone(), log.clone(), counts.clone());
                thread::spawn(move || answer(stream.unwrap(), &dir, &log, &counts));
            }
        });
        Self { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn answer(
    mut stream: TcpStream,
    dir: &Path,
    log: &Mutex<Vec<String>>,
    counts: &Mutex<HashMap<String, usize>>,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let target = first.split(' ').nth(1).unwrap().to_string();
    let headers: HashMap<String, String> = lines
        .map_while(|line| line.ok().filter(|line| !line.is_empty()))
        .filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_lowercase(), value.to_string()))
        })
        .collect();
    let header = |name: &str| headers.get(name).map_or("", String::as_str);
    let path = target.split('?').next().unwrap().to_string();
    let (how, name) = path[1..].split_once('/').unwrap();
    let (range, tag) = (header("range"), header("if-none-match"));
    log.lock().unwrap().push(format!("{target} {range} {tag}"));
    let count = {
        let mut counts = counts.lock().unwrap();
        let count = counts.entry(path.clone()).or_insert(0);
        *count += 1;
        *count
    };
    let mut say = |head: &str, body: &[u8]| {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(&[head.as_bytes(), body].concat());
    };
    let file = dir.join(name);
    match how {
        "busy" if count < 3 => return say("503 Busy", b""),
        "moved" => return say(&format!("302 Found\r\nLocation: /plain/{name}"), b""),
        "private" if header("authorization") != "Basic bWU6c2VjcmV0" => {
            return say("401 Unauthorized", b"");
        }
        "bucket" if !target.contains("X-Amz-Signature=") => return say("403 Forbidden", b""),
        // As a bucket that does not tell what it holds.
        "bucket" if !file.is_file() => return say("403 Forbidden", b""),
        _ if !file.is_file() => return say("404 Not Found", b""),
        _ => {}
    }
    let whole = std::fs::read(&file).unwrap();
    let own_tag = format!(
        "\"{}-{}\"",
        whole.len(),
        whole.iter().map(|&b| u64::from(b)).sum::<u64>()
    );
    if tag == own_tag {
        return say("304 Not Modified", b"");
    }
    let mut start = 0;
    if let Some(from) = range.strip_prefix("bytes=").filter(|_| how != "noranges") {
        let same = header("if-range").is_empty() || header("if-range") == own_tag;
        start = if same {
            from.trim_end_matches('-').parse().unwrap()
        } else {
            0
        };
    }
    // Some send less than all of the rest.
    let end = match how {
        "short" if start > 0 => whole.len().min(start + BREAK),
        _ => whole.len(),
    };
    let body = &whole[start..end];
    let ranges = if how == "noranges" {
        ""
    } else {
        "Accept-Ranges: bytes\r\n"
    };
    let status = match start {
        0 => "200 OK".to_string(),
        start => format!(
            "206 Partial Content\r\nContent-Range: bytes {start}-{}/{}",
            end - 1,
            whole.len()
        ),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nETag: {own_tag}\r\n{ranges}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let sent = match how {
        "drop" => body.len().min(BREAK),
        "short" if count == 1 => BREAK,
        "noranges" if count == 1 => body.len() / 2,
        "slow" if count == 1 => body.len() / 2,
        _ => body.len(),
    };
    let _ = stream.write_all(&body[..sent]);
    if how == "slow" && count == 1 {
        thread::sleep(Duration::from_secs(4));
    }
}

/// The program with a cache of its own and no credentials but those that are given.
fn program(place: &Workplace, arguments: &[&str]) -> Command {
    let mut command = epitrack();
    command.args(arguments);
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ENDPOINT_URL",
        "AWS_SESSION_TOKEN",
    ] {
        command.env_remove(name);
    }
    command.env("EPITRACK_CACHE", place.path("cache"));
    command.env("NETRC", place.path("netrc"));
    command.env("EPITRACK_TIMEOUT", "1");
    command
}

fn ends_well(mut command: Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
}

fn fails(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn scan<'a>(motifs: &'a str, reference: &'a str, out: &'a str) -> [&'a str; 8] {
    [
        "motifs",
        "scan",
        "--motifs",
        motifs,
        "--reference",
        reference,
        "--out",
        out,
    ]
}

#[test]
fn what_is_fetched_is_what_is_there_whatever_the_server_does() {
    let place = Workplace::new();
    let server = Server::new(&place.path("sim"));
    let wanted = place.path("wanted.bed");
    let (motifs, genome) = (place.path("sim/motifs.jaspar"), place.path("sim/genome.fa"));
    ends_well(program(
        &place,
        &scan(arg(&motifs), arg(&genome), arg(&wanted)),
    ));
    let wanted = std::fs::read(&wanted).unwrap();
    assert!(std::fs::metadata(&genome).unwrap().len() > 10 * BREAK as u64);
    for how in [
        "plain", "drop", "short", "noranges", "slow", "busy", "moved",
    ] {
        let out = place.path(&format!("{how}.bed"));
        let url = server.url(&format!("{how}/genome.fa"));
        ends_well(program(&place, &scan(arg(&motifs), &url, arg(&out))));
        assert!(std::fs::read(&out).unwrap() == wanted, "{how}");
        let asked = server.asked();
        let parts = asked
            .iter()
            .filter(|of| of.contains("genome.fa bytes="))
            .count();
        match how {
            "drop" | "short" => assert!(parts >= 10, "{asked:?}"),
            "slow" => assert!(parts >= 1, "{asked:?}"),
            "noranges" | "plain" => assert_eq!(parts, 0, "{asked:?}"),
            _ => {}
        }
    }
    // What is known is only asked for.
    let url = server.url("plain/genome.fa");
    let out = place.path("again.bed");
    ends_well(program(&place, &scan(arg(&motifs), &url, arg(&out))));
    let asked = server.asked();
    assert!(asked[0].contains("/plain/genome.fa  \""), "{asked:?}");
    // And fetched again when it has changed.
    let mut changed = std::fs::read(&genome).unwrap();
    changed.extend(b">more\nACGTACGTACGTCCACTAGGGGGCGCTATGTACGTACGT\n");
    std::fs::write(&genome, &changed).unwrap();
    let index = place.path("sim/genome.fa.fai");
    let _ = std::fs::remove_file(&index);
    ends_well(program(&place, &scan(arg(&motifs), &url, arg(&out))));
    let sites = String::from_utf8(std::fs::read(&out).unwrap()).unwrap();
    assert!(sites.lines().any(|line| line.starts_with("more\t")));
}

#[test]
fn indexes_come_along_and_secrets_stay_out_of_everything() {
    let place = Workplace::new();
    let server = Server::new(&place.path("sim"));
    let call = |bam: &str, out: &Path, netrc: bool| {
        let (regions, out) = (server.url("plain/peaks.bed"), arg(out).to_string());
        let arguments = [
            "footprints",
            "call",
            "--bam",
            bam,
            "--regions",
            &regions,
            "--out",
            &out,
        ];
        let mut command = program(&place, &arguments);
        if !netrc {
            command.env_remove("NETRC");
            command.env("HOME", place.path("nobody"));
        }
        command
    };
    let host = server.address.split(':').next().unwrap();
    std::fs::write(
        place.path("netrc"),
        format!("machine {host} login me password secret\n"),
    )
    .unwrap();
    let wanted = place.path("wanted");
    ends_well(call(arg(&place.path("sim/dnase.bam")), &wanted, false));
    let private = server.url("private/dnase.bam");
    let said = fails(call(&private, &place.path("none"), false));
    assert!(said.contains("401") && said.contains(".netrc"), "{said}");
    std::fs::create_dir(place.path("out")).unwrap();
    ends_well(call(&private, &place.path("out/private"), true));
    let with_user = private.replace("http://", "http://me:secret@");
    ends_well(call(&with_user, &place.path("out/user"), false));
    // An object of a bucket, with keys from the environment.
    let mut object = call("s3://bucket/dnase.bam", &place.path("out/object"), false);
    object.env("AWS_ENDPOINT_URL", server.url("").trim_end_matches('/'));
    object
        .env("AWS_ACCESS_KEY_ID", "secretkey")
        .env("AWS_SECRET_ACCESS_KEY", "secret");
    ends_well(object);
    let bytes = |name: &str, ending: &str| {
        let path = PathBuf::from(format!("{}.{ending}", place.path(name).display()));
        std::fs::read(path).unwrap()
    };
    for name in ["out/private", "out/user", "out/object"] {
        for ending in ["bw", "bed"] {
            assert!(
                bytes(name, ending) == bytes("wanted", ending),
                "{name}.{ending}"
            );
        }
    }
    for folder in ["out", "cache"] {
        for (name, bytes) in files(&place.path(folder)) {
            let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|part| part == secret);
            assert!(
                !name.contains("secret") && !holds(b"secret") && !holds(b"bWU6"),
                "{name}"
            );
        }
    }
}

#[test]
fn what_cannot_be_fetched_is_said() {
    let place = Workplace::new();
    let server = Server::new(&place.path("sim"));
    let motifs = place.path("sim/motifs.jaspar");
    let out = place.path("x.bed");
    let missing = server.url("plain/nothing.fa");
    let said = fails(program(&place, &scan(arg(&motifs), &missing, arg(&out))));
    assert!(said.contains("nothing.fa is not there"), "{said}");
    let genome = server.url("plain/genome.fa");
    let to = server.url("plain/x.bed");
    let said = fails(program(&place, &scan(arg(&motifs), &genome, &to)));
    assert!(said.contains("no place to write to"), "{said}");
    // A command that makes no sense asks for nothing.
    server.asked();
    let output = program(&place, &["tracks", &genome, "--nonsense"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(server.asked().is_empty());
    // Nobody there: what was fetched before is taken, and that is said.
    ends_well(program(&place, &scan(arg(&motifs), &genome, arg(&out))));
    let known = std::fs::read(&out).unwrap();
    let text = std::fs::read_to_string(place.path("small.toml")).unwrap();
    assert!(!text.is_empty());
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let gone = format!("http://{nobody}/genome.fa");
    let said = fails(program(&place, &scan(arg(&motifs), &gone, arg(&out))));
    assert!(said.contains("fetching http://127.0.0.1"), "{said}");
    assert!(std::fs::read(&out).unwrap() == known);
}

#[test]
fn what_is_said_of_a_track_is_not_asked_of_the_server() {
    let place = Workplace::new();
    let server = Server::new(&place.path("sim"));
    let url = server.url("plain/peaks.bed");
    let track = format!("A={url},color=#8800aa,label=peaks");
    let (nowhere, out) = (place.path("nowhere"), place.path("x.svg"));
    let [add, bigwig] = ["--add", "--bigwig"].map(|option| format!("{option}={track}"));
    let tracks: [&[&str]; 5] = [
        &["--add", track.as_str()],
        &["--bigwig", track.as_str()],
        &["--bigwig", "B=b.bw", track.as_str()],
        &[add.as_str()],
        &[bigwig.as_str()],
    ];
    for told in tracks {
        let plot = ["plot", "pair", arg(&nowhere), "--out", arg(&out)];
        let said = fails(program(&place, &[&plot[..], told].concat()));
        assert!(said.contains("holds no tracks"), "{told:?}: {said}");
        let asked = server.asked();
        assert!(!asked.is_empty(), "{told:?}");
        let is_file = |asked: &String| asked.starts_with("/plain/peaks.bed ");
        assert!(asked.iter().all(is_file), "{told:?}: {asked:?}");
    }
}

#[test]
fn a_file_of_cell_lines_may_name_addresses() {
    let place = Workplace::new();
    let server = Server::new(&place.path("sim"));
    let plan = format!(
        "out = \"results\"\nreference = \"{}\"\ndevice = \"cpu\"\n{}\n[[cell]]\nname = \"A\"\npairs = \"{}\"\n\
         [hub]\ngenome = \"simulated\"\nsequence = \"sim/genome.fa\"\n",
        server.url("plain/genome.fa"),
        super::support::SMALL,
        server.url("drop/pairs.csv"),
    );
    std::fs::write(place.path("epitrack.toml"), plan).unwrap();
    ends_well(program(&place, &["run", arg(&place.path("epitrack.toml"))]));
    assert!(place.path("results/A/view.html").exists());
    let predictions = place.text("results/A/tracks/predictions.tsv");
    assert_eq!(predictions.lines().count(), 151);
}
