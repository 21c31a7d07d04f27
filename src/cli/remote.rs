//! Inputs that are no files: those at an address, `https://`, `http://` or `s3://`, and those that come
//! through a pipe. Both are kept in a cache folder, from which they are read like any other file.

mod address;
mod cache;
mod credentials;
mod fetch;
mod pipe;

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use epitrack::browser::added::file_and_options;
use epitrack::progress::Progress;

use address::Address;
use cache::Cache;
use fetch::{Fetched, Fetcher};

/// Options that say where to write.
const OUTPUTS: [&str; 3] = ["--out", "--hub", "--shard-out"];
/// Options whose addresses are told, and nothing is fetched from there.
const TOLD: [&str; 1] = ["--base-url"];
/// The options whose files may have options of their own behind them.
const ADDED: [&str; 2] = ["--add", "--bigwig"];

/// What files have beside them that readers need, by the end of their names: what is added to the whole
/// name, or put in place of that end.
const COMPANIONS: [(&str, &[&str], &[&str]); 7] = [
    (".bam", &[".bai", ".csi"], &[".bai"]),
    (".fa", &[".fai"], &[]),
    (".fasta", &[".fai"], &[]),
    (".fna", &[".fai"], &[]),
    (".fa.gz", &[".fai", ".gzi"], &[]),
    (".fasta.gz", &[".fai", ".gzi"], &[]),
    (".fna.gz", &[".fai", ".gzi"], &[]),
];

/// The arguments with files in place of the addresses and pipes among them; none where there are none.
/// What is not in the cache, or has changed since, is fetched.
pub fn fetched(arguments: &[OsString], progress: &dyn Progress) -> Result<Option<Vec<OsString>>> {
    let mut any = false;
    let mut found = Vec::with_capacity(arguments.len());
    for (place, argument) in arguments.iter().enumerate() {
        let given = argument.to_str().and_then(split);
        let Some((before, given)) = given.filter(|_| place > 0) else {
            found.push(argument.clone());
            continue;
        };
        let option = before.split('=').next().unwrap_or_default();
        let previous = place
            .checked_sub(1)
            .and_then(|place| arguments[place].to_str());
        let is_one_of = |options: &[&str]| {
            options.contains(&option) || previous.is_some_and(|of| options.contains(&of))
        };
        if is_one_of(&TOLD) {
            found.push(argument.clone());
            continue;
        }
        let is_output = is_one_of(&OUTPUTS);
        let (given, behind) = given.without_options(is_added(option, &arguments[..place]));
        let file = match given {
            Elsewhere::Address(address) if is_output => {
                bail!("{address} is no place to write to: outputs are written to a disk")
            }
            Elsewhere::Pipe(_) if is_output => {
                found.push(argument.clone());
                continue;
            }
            Elsewhere::Address(address) => file(address, progress)?,
            Elsewhere::Pipe(path) => pipe::kept(path, &Cache::new()?.pipes())?,
        };
        let mut local = OsString::from(before);
        local.push(file);
        local.push(behind);
        found.push(local);
        any = true;
    }
    Ok(any.then_some(found))
}

/// A path, or the file of the cache that an address in its place stands for.
pub fn file(path: &str, progress: &dyn Progress) -> Result<PathBuf> {
    let Some(address) = Address::new(path) else {
        return Ok(path.into());
    };
    let address = address?;
    let (cache, fetcher) = (Cache::new()?, Fetcher::new(progress));
    let context = || format!("fetching {address}");
    let found = fetcher.fetch(&address, &cache, true);
    let (path, is_new) = match found.with_context(context)? {
        Fetched::New(path) => (path, true),
        Fetched::Known(path) => (path, false),
        Fetched::None => bail!("{address} is not there"),
        Fetched::Refused(why) => bail!("{address}: {why}"),
    };
    for companion in companions(&address) {
        // Whoever needs it says so where it is missing. An index of before is none of a new file.
        let context = || format!("fetching {companion}");
        fetcher
            .fetch(&companion, &cache, !is_new)
            .with_context(context)?;
    }
    Ok(path)
}

/// An input that is no file.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Elsewhere<'a> {
    Address(&'a str),
    Pipe(&'a str),
}

impl<'a> Elsewhere<'a> {
    /// An address without what is said of its file behind it, and that; as a whole where nothing can be.
    fn without_options(self, may_have_some: bool) -> (Self, &'a str) {
        match self {
            Self::Address(whole) if may_have_some => {
                let (address, _) = file_and_options(whole);
                (Self::Address(address), &whole[address.len()..])
            }
            other => (other, ""),
        }
    }
}

/// Whether an argument says a track of the user's own: behind its option in the same word, or, as one of
/// several, behind it in further ones.
fn is_added(option: &str, before: &[OsString]) -> bool {
    let words = before.iter().rev().filter_map(|word| word.to_str());
    // A lone hyphen is a pipe.
    let last = words
        .filter(|word| word.len() > 1)
        .find(|word| word.starts_with('-'));
    ADDED.contains(&option) || last.is_some_and(|last| ADDED.contains(&last))
}

/// What stands before an address or a pipe in an argument, and that: the name of a cell line or a track, an
/// option, or both.
fn split(argument: &str) -> Option<(&str, Elsewhere<'_>)> {
    let of = |start: usize| {
        let (before, rest) = argument.split_at(start);
        let is_pipe = rest == "-" || pipe::is_one(rest);
        match Address::is_one(rest) {
            true => Some((before, Elsewhere::Address(rest))),
            false => is_pipe.then_some((before, Elsewhere::Pipe(rest))),
        }
    };
    let behind = |start: usize| Some(start + argument[start..].find('=')? + 1);
    let is_option = argument.starts_with("--");
    let of_option = || of(behind(behind(0).filter(|_| is_option)?)?);
    of(0).or_else(|| of(behind(0)?)).or_else(of_option)
}

fn companions(address: &Address) -> Vec<Address> {
    let known = COMPANIONS.iter().find(|(end, ..)| address.ends_with(end));
    let Some((end, added, instead)) = known else {
        return Vec::new();
    };
    let added = added.iter().map(|ending| address.with_end("", ending));
    let instead = instead.iter().map(|ending| address.with_end(end, ending));
    added.chain(instead).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stand_alone_or_behind_a_name() {
        for (argument, before, address) in [
            ("https://a.org/x", "", "https://a.org/x"),
            ("K562=s3://b/x=1", "K562=", "s3://b/x=1"),
            ("--bam=http://a/x", "--bam=", "http://a/x"),
            ("--add=A=http://a/x=1", "--add=A=", "http://a/x=1"),
        ] {
            assert_eq!(split(argument), Some((before, Elsewhere::Address(address))));
        }
        assert_eq!(split("--loops=-"), Some(("--loops=", Elsewhere::Pipe("-"))));
        for none in [
            "x.fa",
            "--",
            "/dev/null",
            "https:/a",
            "ftp://a/x",
            "see https://a.org",
            "a=b=https://c/d",
            "--add=a=b=https://c/d",
        ] {
            assert_eq!(split(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_said_of_a_track_is_no_part_of_its_address() {
        let whole = Elsewhere::Address("https://a.org/x.bw?y=1,2,color=#8800aa,range=0:5");
        let (address, behind) = whole.without_options(true);
        assert_eq!(address, Elsewhere::Address("https://a.org/x.bw?y=1,2"));
        assert_eq!(behind, ",color=#8800aa,range=0:5");
        assert_eq!(whole.without_options(false), (whole, ""));
        let is_of_track = |option: &str, before: &[&str]| {
            let before: Vec<OsString> = before.iter().map(OsString::from).collect();
            is_added(option, &before)
        };
        let of_track: [&[&str]; 3] = [&["--add"], &["--bigwig", "A=a.bw"], &["--bigwig", "-"]];
        for before in of_track {
            assert!(is_of_track("A", before), "{before:?}");
        }
        assert!(is_of_track("--add", &[]) && is_of_track("--bigwig", &["--genes"]));
        assert!(!is_of_track("A", &["--add", "A=a.bw", "--bam"]) && !is_of_track("A", &[]));
    }

    #[test]
    fn an_address_that_is_told_is_not_fetched() {
        struct Silent;
        impl Progress for Silent {
            fn start(&self, _name: &str, _total: u64, _done: u64) {}
            fn advance(&self, _steps: u64, _note: &str) {}
            fn finish(&self) {}
        }
        for arguments in [
            &["epitrack", "hub", "--base-url", "https://nowhere.invalid/x"][..],
            &["epitrack", "hub", "--base-url=https://nowhere.invalid/x"][..],
        ] {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            assert!(fetched(&arguments, &Silent).unwrap().is_none());
        }
    }

    #[test]
    fn indexes_come_along() {
        let of = |text: &str| -> Vec<String> {
            let address = Address::new(text).unwrap().unwrap();
            companions(&address)
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        let bam = [
            "https://a.org/d/x.bam.bai",
            "https://a.org/d/x.bam.csi",
            "https://a.org/d/x.bai",
        ];
        assert_eq!(of("https://a.org/d/x.bam"), bam);
        assert_eq!(
            of("s3://b/hg19.fa.gz"),
            ["s3://b/hg19.fa.gz.fai", "s3://b/hg19.fa.gz.gzi"]
        );
        assert!(of("https://a.org/x.bw").is_empty());
    }
}
