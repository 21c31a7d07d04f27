//! Where a file lies.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rusty_s3::{Bucket, S3Action, UrlStyle};
use sha2::{Digest, Sha256};

use super::credentials;

const SCHEMES: [&str; 3] = ["https://", "http://", "s3://"];
/// What stands for itself in a file's name.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
/// For how long a signed request is good.
const SIGNED: Duration = Duration::from_secs(3600);

/// `https://`, `http://` or `s3://`, without what it may hold of names and passwords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    scheme: &'static str,
    /// `name:password`, which is never shown.
    user: Option<String>,
    /// The host, or the bucket.
    host: String,
    path: String,
    /// Which may hold a signature, and is never shown either.
    query: Option<String>,
}

impl Address {
    /// Whether a text is an address.
    pub fn is_one(text: &str) -> bool {
        SCHEMES.iter().any(|scheme| text.starts_with(scheme))
    }

    /// The address that a text is, if it is one.
    pub fn new(text: &str) -> Option<Result<Self>> {
        let scheme = SCHEMES
            .into_iter()
            .find(|scheme| text.starts_with(scheme))?;
        let rest = &text[scheme.len()..];
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) if scheme != "s3://" => (rest, Some(query.to_string())),
            _ => (rest, None),
        };
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = match host.rsplit_once('@') {
            Some((user, host)) => (Some(percent_decode_str(user)), host),
            None => (None, host),
        };
        let user = user.map(|user| user.decode_utf8_lossy().into_owned());
        // A password with a sign of the address in it: nothing of it may be shown.
        let port = host.split_once(':').map(|(_, port)| port);
        if port.is_some_and(|port| !port.chars().all(|c| c.is_ascii_digit())) {
            return Some(Err(anyhow!(
                "an address whose host and port cannot be told: signs in passwords are written as %2F"
            )));
        }
        let address = Self {
            scheme,
            user,
            host: host.to_string(),
            path: path.to_string(),
            query,
        };
        let whole = !address.host.is_empty() && !address.name().is_empty();
        let complete = whole.then(|| address.clone());
        Some(complete.with_context(|| format!("{address} names no file")))
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("")
    }

    /// Whether the path ends so.
    pub fn ends_with(&self, end: &str) -> bool {
        self.path.ends_with(end)
    }

    /// The same with another end of the path.
    pub fn with_end(&self, old: &str, new: &str) -> Self {
        let path = self.path.strip_suffix(old).unwrap_or(&self.path);
        Self {
            path: format!("{path}{new}"),
            ..self.clone()
        }
    }

    /// Names of folders, one in the other, that tell this address from others, without anything that is
    /// secret; the file's own name comes last. What lies side by side there does so here.
    pub fn folders(&self) -> Vec<String> {
        let safe = |text: &str| {
            let text = utf8_percent_encode(text, NAME).to_string();
            // No step up, and nothing hidden.
            match text.strip_prefix('.') {
                Some(rest) => format!("%2E{rest}"),
                None => text,
            }
        };
        let scheme = self.scheme.trim_end_matches("://");
        let mut folders = vec![scheme.to_string(), safe(&self.host)];
        folders.extend(self.path.split('/').map(safe));
        if let Some(query) = &self.query {
            let digest = Sha256::digest(query);
            let digest = digest[..6].iter().map(|byte| format!("{byte:02x}"));
            folders.insert(folders.len() - 1, digest.collect());
        }
        folders
    }

    /// What is asked for: an address of the web, and the value of `Authorization`.
    ///
    /// An S3 object is asked for with a signature where the environment has credentials, and like any
    /// other file where it has none.
    pub fn request(&self) -> Result<(String, Option<String>)> {
        if self.scheme == "s3://" {
            return Ok((self.s3()?, None));
        }
        let query = self.query.as_ref().map(|query| format!("?{query}"));
        let query = query.unwrap_or_default();
        let url = format!("{}{}/{}{query}", self.scheme, self.host, self.path);
        let host = self.host.split(':').next().unwrap_or("");
        let user = match &self.user {
            Some(user) => Some(user.clone()),
            None => credentials::of_host(host)?,
        };
        Ok((url, user.map(|user| credentials::basic(&user))))
    }

    fn s3(&self) -> Result<String> {
        let credentials::S3 {
            endpoint,
            region,
            keys,
        } = credentials::s3();
        let (endpoint, style) = match endpoint {
            Some(endpoint) => (endpoint, UrlStyle::Path),
            None => (
                format!("https://s3.{region}.amazonaws.com"),
                UrlStyle::VirtualHost,
            ),
        };
        let parsed = endpoint.parse();
        let parsed = parsed.with_context(|| format!("the endpoint {endpoint}"))?;
        let bucket = Bucket::new(parsed, style, self.host.clone(), region)
            .with_context(|| format!("the bucket {}", self.host))?;
        let url = match &keys {
            Some(keys) => bucket.get_object(Some(keys), &self.path).sign(SIGNED),
            None => bucket.object_url(&self.path),
        };
        Ok(url.to_string())
    }
}

/// Without anything that is secret.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}/{}", self.scheme, self.host, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::new(text).unwrap().unwrap()
    }

    #[test]
    fn secrets_are_never_shown_nor_in_a_folders_name() {
        let with = address("https://me:secret@a.org:8443/d/x.fa?signature=hidden");
        assert_eq!(with.to_string(), "https://a.org:8443/d/x.fa");
        let (url, authorization) = with.request().unwrap();
        assert_eq!(url, "https://a.org:8443/d/x.fa?signature=hidden");
        assert_eq!(authorization.unwrap(), "Basic bWU6c2VjcmV0");
        let folders = with.folders().join("/");
        assert!(
            !folders.contains("secret") && !folders.contains("hidden"),
            "{folders}"
        );
        assert!(folders.starts_with("https/a.org%3A8443/d/") && folders.ends_with("/x.fa"));
        assert_ne!(
            with.folders(),
            address("https://a.org:8443/d/x.fa").folders()
        );
    }

    #[test]
    fn no_address_leaves_the_cache() {
        for text in [
            "https://a/../../x",
            "https://../x",
            "http://a/.ssh/x",
            "s3://b/a b/../x",
        ] {
            for folder in address(text).folders() {
                assert!(
                    !folder.starts_with('.') && !folder.contains('/'),
                    "{folder}"
                );
            }
        }
        assert_ne!(
            address("https://a/b_c").folders(),
            address("https://a/b c").folders()
        );
        for none in ["https://", "https://a", "https://a/", "s3://b/d/"] {
            assert!(Address::new(none).unwrap().is_err(), "{none}");
        }
        assert!(Address::new("a.fa").is_none());
        for secret in ["https://me:pa/ss@host/x", "https://me:p?w@host/x"] {
            let said = Address::new(secret).unwrap().unwrap_err().to_string();
            assert!(!said.contains("me") || !said.contains("pa/"), "{said}");
        }
        let (_, authorization) = address("https://me:p%40s@a.org/x").request().unwrap();
        assert_eq!(authorization.unwrap(), credentials::basic("me:p@s"));
    }
}
