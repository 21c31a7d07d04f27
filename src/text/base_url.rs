//! Where a folder lies on the web.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use super::escape;

/// The address of a folder, `http://` or `https://`, from which those of its files follow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BaseUrl {
    /// Scheme and host.
    site: String,
    /// The folders, one in the other, as an address writes them.
    folders: Vec<String>,
}

impl BaseUrl {
    /// The address of a file, by its path from the folder with `/` between its parts, in which `..` is
    /// the folder above; none for a path that leaves the site.
    pub fn join(&self, path: &str) -> Option<String> {
        let mut parts = self.folders.clone();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(escape::path(part)),
            }
        }
        Some(format!("{}/{}", self.site, parts.join("/")))
    }
}

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, rest) = ["https://", "http://"]
            .into_iter()
            .find_map(|scheme| Some((scheme, text.strip_prefix(scheme)?)))
            .ok_or("has to be the address of a folder, such as https://lab.example.org/hub/")?;
        let (host, folders) = rest.split_once('/').unwrap_or((rest, ""));
        let odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\^`{|}".contains(c);
        if host.is_empty() || rest.contains(odd) {
            return Err("is no address".to_string());
        }
        if host.contains('@') {
            return Err("holds a name or a password, which everybody would read".to_string());
        }
        if rest.contains(['?', '#']) {
            return Err("is not the address of a folder: it has ? or #".to_string());
        }
        let folders = folders.split('/').filter(|part| !part.is_empty());
        Ok(Self {
            site: format!("{scheme}{host}"),
            folders: folders.map(str::to_string).collect(),
        })
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// With a `/` at its end.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.site)?;
        self.folders
            .iter()
            .try_for_each(|part| write!(f, "{part}/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_in_the_folder_above_it_and_never_elsewhere() {
        for text in [
            "https://lab.org/~me/a%20b/hub",
            "https://lab.org/~me/a%20b//hub/",
        ] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!(base.to_string(), "https://lab.org/~me/a%20b/hub/");
            for (path, wanted) in [
                ("hub.txt", "https://lab.org/~me/a%20b/hub/hub.txt"),
                ("./a b/c#.bw", "https://lab.org/~me/a%20b/hub/a%20b/c%23.bw"),
                ("../../g.fa", "https://lab.org/~me/g.fa"),
            ] {
                assert_eq!(base.join(path).as_deref(), Some(wanted));
            }
            assert_eq!(base.join("../../../../g.fa"), None);
        }
        let site: BaseUrl = "http://127.0.0.1:8080".parse().unwrap();
        assert_eq!(site.join("a").unwrap(), "http://127.0.0.1:8080/a");
    }

    #[test]
    fn what_is_no_folders_address_is_refused() {
        for text in [
            "",
            "lab.org/hub",
            "ftp://lab.org/hub",
            "https://",
            "https:///hub",
            "https://me:secret@lab.org/hub",
            "https://lab.org/hub?x=1",
            "https://lab.org/hub#x",
            "https://lab.org/a b",
            "https://lab.org/\"",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }
}
