//! What an address leads to, and what none does.

use std::fs;

use super::{Answer, Running};

#[test]
fn nothing_outside_the_folder_can_be_read() {
    let server = Running::new();
    let absolute = server.dir.path().join("secret.txt");
    let absolute = absolute.to_str().unwrap();
    let mut targets: Vec<String> = [
        "/../secret.txt",
        "/tracks/../../secret.txt",
        "/tracks/../hub.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2e%2fsecret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/hub.txt%00.html",
        "/%c0%ae%c0%ae/secret.txt",
        "/./hub.txt",
        "/C:/Windows/win.ini",
        "//etc/passwd",
        "http://localhost/../secret.txt",
        "file:///etc/passwd",
    ]
    .map(str::to_string)
    .to_vec();
    targets.extend([
        absolute.to_string(),
        format!("/{absolute}"),
        absolute.replace('/', "%2f"),
    ]);
    for target in targets {
        let answer = server.get(&target);
        // Some are no addresses at all.
        assert!(matches!(answer.status, 400 | 404), "{target}");
        assert!(!answer.body.contains("secret"), "{target}");
    }
    // The same folder does hand out what is in it.
    assert_eq!(server.get("//tracks///a.bw").body, "0123456789");
    for target in [
        "/hub.txt?c/d",
        "/hub.txt#b",
        "http://localhost/hub.txt",
        "http://localhost:1/hub.txt?a",
    ] {
        assert_eq!(server.get(target).body, "hub x\n", "{target}");
    }
    for target in ["*", "hub.txt"] {
        assert!(matches!(server.get(target).status, 400 | 404), "{target}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_folder_alone() {
    use std::os::unix::fs::symlink;

    let server = Running::new();
    let hub = server.dir.path().join("hub");
    symlink("tracks/a.bw", hub.join("inside.bw")).unwrap();
    symlink("../secret.txt", hub.join("outside.txt")).unwrap();
    symlink("..", hub.join("up")).unwrap();
    symlink("loop", hub.join("loop")).unwrap();
    server.write(".a.bw.partial", "partial");
    symlink(".a.bw.partial", hub.join("unhidden.bw")).unwrap();
    fs::create_dir(hub.join("page")).unwrap();
    symlink("../../secret.txt", hub.join("page/index.html")).unwrap();

    assert_eq!(server.get("/inside.bw").body, "0123456789");
    for target in [
        "/outside.txt",
        "/up/secret.txt",
        "/up/",
        "/up",
        "/loop",
        "/unhidden.bw",
    ] {
        assert_eq!(server.get(target).status, 404, "{target}");
    }
    let listing = server.get("/").body;
    assert!(listing.contains("inside.bw"));
    for name in ["outside.txt", "up", "loop", "unhidden.bw", "partial"] {
        assert!(!listing.contains(name), "{name}");
    }
    assert!(!server.get("/page/").body.contains("secret"));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_on() {
    let server = Running::new();
    let pipe = server.dir.path().join("hub/pipe");
    let made = std::process::Command::new("mkfifo")
        .arg(pipe)
        .status()
        .unwrap();
    assert!(made.success());
    assert_eq!(server.get("/pipe").status, 404);
    assert!(!server.get("/").body.contains("pipe"));
}

#[test]
fn hidden_files_are_not_there() {
    let server = Running::new();
    server.write(".a.bw.partial", "partial");
    fs::create_dir(server.dir.path().join("hub/.git")).unwrap();
    server.write(".git/config", "partial");
    for target in [
        "/.a.bw.partial",
        "/%2ea.bw.partial",
        "/.git/config",
        "/.git/",
    ] {
        assert_eq!(server.get(target).status, 404, "{target}");
    }
}

#[test]
fn a_folder_shows_its_index_or_else_a_list() {
    let server = Running::new();
    server.write("<b>&\"é #%?.txt", "strange");
    let answer = server.get("/");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(
        answer.body,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>/</title>\n<h1>/</h1>\n<ul>\n\
         <li><a href=\"./%3Cb%3E%26%22%C3%A9%20%23%25%3F.txt\">&lt;b&gt;&amp;&quot;é #%?.txt</a> 7 bytes</li>\n\
         <li><a href=\"./hub.txt\">hub.txt</a> 6 bytes</li>\n\
         <li><a href=\"./tracks/\">tracks/</a></li>\n</ul>\n</html>\n"
    );
    assert_eq!(
        server.get("/%3Cb%3E%26%22%C3%A9%20%23%25%3F.txt").body,
        "strange"
    );
    assert!(server.get("/tracks/").body.contains("<a href=\"../\">"));

    server.write("index.html", "<p>index");
    assert_eq!(server.get("/").body, "<p>index");
    assert_eq!(server.get("http://localhost").body, "<p>index");
}

#[test]
fn a_folder_without_its_last_slash_is_redirected_on_this_server() {
    let server = Running::new();
    fs::create_dir(server.dir.path().join("hub/evil.com")).unwrap();
    fs::create_dir(server.dir.path().join("hub/a b")).unwrap();
    for (target, location) in [
        ("/tracks", "/tracks/"),
        ("//evil.com", "/evil.com/"),
        ("/a%20b", "/a%20b/"),
    ] {
        let answer = server.get(target);
        assert_eq!(
            (answer.status, answer.header("location")),
            (308, Some(location))
        );
    }
    assert_eq!(server.get("/hub.txt/").status, 404);
}

#[test]
fn a_page_whose_name_was_made_to_lead_here_is_refused() {
    let server = Running::new();
    let port = server.address.port();
    for host in [
        "evil.org",
        &format!("evil.org:{port}"),
        "127.0.0.1.evil.org",
        "",
        "10.0.0.1",
    ] {
        let text = server.exchange(format!(
            "GET /hub.txt HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        ));
        assert!(
            Answer::new(&text).status >= 400 && !text.contains("hub x"),
            "{host}: {text}"
        );
    }
    for host in [
        &format!("localhost:{port}"),
        "LOCALHOST",
        "127.0.0.1",
        "[::1]:80",
    ] {
        let text = server.exchange(format!(
            "GET /hub.txt HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        ));
        assert_eq!(Answer::new(&text).status, 200, "{host}");
    }
    let other =
        "GET http://evil.org/hub.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(Answer::new(&server.exchange(other)).status, 421);
}

/// A name that changes between a file and a link out of the folder is never followed outside.
#[cfg(unix)]
#[test]
fn a_file_that_is_swapped_for_a_link_is_not_followed() {
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};

    let server = Running::new();
    let hub = server.dir.path().join("hub");
    let (name, file, link) = (hub.join("swap.txt"), hub.join(".file"), hub.join(".link"));
    let done = AtomicBool::new(false);
    fs::write(&name, "inside").unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                symlink(server.dir.path().join("secret.txt"), &link).unwrap();
                fs::rename(&link, &name).unwrap();
                fs::write(&file, "inside").unwrap();
                fs::rename(&file, &name).unwrap();
            }
        });
        for _ in 0..3000 {
            let answer = server.get("/swap.txt");
            assert!(!answer.body.contains("secret"), "{}", answer.body);
        }
        done.store(true, Ordering::Relaxed);
    });
}
