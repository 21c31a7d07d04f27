//! Names and passwords: of the environment and of `.netrc`. They are sent, and written nowhere.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rusty_s3::Credentials;

/// What the environment says about S3, as in AWS's own tools.
pub struct S3 {
    /// Where it is, if not at Amazon.
    pub endpoint: Option<String>,
    /// Where in the world.
    pub region: String,
    /// Whose it is; none for what anybody may read.
    pub keys: Option<Credentials>,
}

/// Reads the environment.
pub fn s3() -> S3 {
    let of = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| env::var(name).ok());
        values.find(|value| !value.is_empty())
    };
    let key = of(&["AWS_ACCESS_KEY_ID"]).zip(of(&["AWS_SECRET_ACCESS_KEY"]));
    let keys = key.map(|(key, secret)| match of(&["AWS_SESSION_TOKEN"]) {
        Some(token) => Credentials::new_with_token(key, secret, token),
        None => Credentials::new(key, secret),
    });
    let region = of(&["AWS_REGION", "AWS_DEFAULT_REGION"]);
    S3 {
        endpoint: of(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]),
        region: region.unwrap_or_else(|| "us-east-1".to_string()),
        keys,
    }
}

/// The value of `Authorization` for `name:password` (RFC 7617).
pub fn basic(user: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(user))
}

/// `name:password` that `.netrc` (or the file that NETRC names) has for a host.
pub fn of_host(host: &str) -> Result<Option<String>> {
    let home = || env::home_dir().map(|home| home.join(".netrc"));
    let Some(path) = env::var_os("NETRC").map(PathBuf::from).or_else(home) else {
        return Ok(None);
    };
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path);
    let text = text.with_context(|| format!("reading {}", path.display()))?;
    Ok(find(&text, host))
}

/// The entry of a host, or the default one.
fn find(netrc: &str, host: &str) -> Option<String> {
    let lines = netrc
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let mut words = lines.flat_map(str::split_whitespace);
    let (mut ours, mut login, mut password) = (false, None, None);
    while let Some(word) = words.next() {
        match word {
            "machine" | "default" if ours && login.is_some() => break,
            "machine" => ours = words.next() == Some(host),
            "default" => ours = true,
            "login" => login = words.next().filter(|_| ours).or(login),
            "password" => password = words.next().filter(|_| ours).or(password),
            _ => {}
        }
    }
    login.map(|login| format!("{login}:{}", password.unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn netrc_is_read_as_curl_does() {
        let text = "# mine\nmachine a.org login me password x\nmachine b.org\n  login you\n  password y z\n\
                    default login anyone password none";
        assert_eq!(find(text, "a.org").unwrap(), "me:x");
        assert_eq!(find(text, "b.org").unwrap(), "you:y");
        assert_eq!(find(text, "c.org").unwrap(), "anyone:none");
        assert_eq!(find("machine a.org login me", "b.org"), None);
        assert_eq!(
            basic("Aladdin:open sesame"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }
}
