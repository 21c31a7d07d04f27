//! Work that is divided among machines, and the parts put together.
//!
//! A shard is a folder with `shard.json`, which is written last. What a command's shards hold beside it
//! is that command's own: mostly one file of numbers, the body.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::provenance::{Input, VERSION};
use super::{Partial, remove_if_there, write_json};
use crate::error::{Error, IoContext, Result};

/// The file that says what a folder is a shard of.
const FILE: &str = "shard.json";
/// The most shards, far above any use.
const MOST: usize = 1_000_000;
/// The body.
const BODY: &str = "shard.bin";

/// One of so many parts of some work, counted from 1: `2/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    number: usize,
    count: usize,
}

impl Shard {
    /// The steps of this shard out of `total` in a row. All shards together have each of them once, and
    /// each shard has whole blocks of neighbours, which are computed together; the last block may be
    /// shorter, and where there are fewer blocks than shards, some have none.
    pub fn part(self, total: usize, block: usize) -> Range<usize> {
        let blocks = total.div_ceil(block);
        let before = |shards: usize| (blocks * shards / self.count * block).min(total);
        before(self.number - 1)..before(self.number)
    }

    /// Whether what begins `at` a place on a way of `total` is this shard's: shards have neighbours.
    pub fn begins(self, at: u64, total: u64) -> bool {
        let number = u128::from(at) * self.count as u128 / u128::from(total.max(1));
        number == self.number as u128 - 1
    }

    /// Whether it is the first one.
    pub fn is_first(self) -> bool {
        self.number == 1
    }

    /// Whether a job is this shard's, of jobs that are dealt out one by one.
    pub fn has(self, job: usize) -> bool {
        job % self.count == self.number - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(i, n)| Some((i.parse().ok()?, n.parse::<usize>().ok()?)));
        match numbers {
            Some((number, count)) if count <= MOST && (1..=count).contains(&number) => {
                Ok(Self { number, count })
            }
            _ => Err("a shard is I/N, its number from 1 to N and how many there are: 2/8".into()),
        }
    }
}

/// `shard.json`: what the work is, and what this shard has done of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct ShardRecord<W, D> {
    version: String,
    command: String,
    shard: Shard,
    /// What computed it, where that decides the last digits.
    machine: Option<String>,
    work: W,
    done: D,
    /// The checksum of the body, where there is one.
    body: Option<String>,
}

/// The work of a command that can be divided.
pub trait Divided: Serialize + DeserializeOwned {
    /// The command.
    const COMMAND: &'static str;
    /// What a shard tells of its own part.
    type Done: Serialize + DeserializeOwned;
}

/// Makes a folder into one that is no complete shard, whatever it was.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn begin(dir: &Path) -> Result<()> {
    super::create_dir(dir)?;
    remove_if_there(&dir.join(FILE))
}

/// The body of a shard while it is being written.
pub struct Body {
    file: Partial,
    out: BufWriter<File>,
}

impl Body {
    /// Begins the body of the shard in a folder.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(dir: &Path) -> Result<Self> {
        let file = Partial::new(dir.join(BODY));
        let out = file.create()?;
        Ok(Self { file, out })
    }

    /// Adds to it.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn write(
        &mut self,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<()> {
        write(&mut self.out).at(self.file.path())
    }

    fn finish(mut self, dir: &Path) -> Result<String> {
        self.out.flush().at(self.file.path())?;
        self.file.complete()?;
        Ok(Input::new(&dir.join(BODY))?.sha256)
    }
}

/// Completes a shard, whose files are all there.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn complete<W: Divided>(
    dir: &Path,
    shard: Shard,
    machine: Option<String>,
    (work, done): (W, W::Done),
    body: Option<Body>,
) -> Result<()> {
    let body = body.map(|body| body.finish(dir)).transpose()?;
    let record = ShardRecord {
        version: VERSION.to_string(),
        command: W::COMMAND.to_string(),
        shard,
        machine,
        work,
        done,
        body,
    };
    write_json(dir.join(FILE), &record)
}

/// All shards of some work.
#[derive(Debug)]
pub struct Shards<W: Divided> {
    /// What the work is.
    pub work: W,
    /// Their folders, in the order of their numbers, and what each tells.
    pub parts: Vec<(PathBuf, W::Done)>,
    /// What computed them, each once, in the order of the shards.
    pub machines: Vec<String>,
}

/// Checks that the inputs of some work are what they were.
///
/// # Errors
///
/// What has changed, by name.
pub fn unchanged<W: Divided>(then: &W, now: &W) -> Result<()> {
    let value = |work: &W| {
        serde_json::to_value(work).map_err(|error| Error::Configuration(error.to_string()))
    };
    let differ = differences(&value(then)?, &value(now)?);
    if differ.is_empty() {
        return Ok(());
    }
    let names = differ.join(", ");
    let problem = format!("changed since the shards were written: {names}");
    Err(Error::Configuration(problem))
}

/// The command whose shard a folder holds.
///
/// # Errors
///
/// A folder without a complete shard.
pub fn command(dir: &Path) -> Result<String> {
    let record: ShardRecord<Value, Value> = read(dir)?;
    Ok(record.command)
}

/// Whether a folder holds a complete shard.
pub fn is_complete(dir: &Path) -> bool {
    dir.join(FILE).exists()
}

fn read<W: DeserializeOwned, D: DeserializeOwned>(dir: &Path) -> Result<ShardRecord<W, D>> {
    let path = dir.join(FILE);
    if !path.exists() {
        let problem = "holds no complete shard: give its command again";
        return Err(Error::format(dir, problem));
    }
    let text = std::fs::read_to_string(&path).at(&path)?;
    serde_json::from_str(&text).map_err(|error| Error::format(&path, error))
}

impl<W: Divided> Shards<W> {
    /// The shards in some folders, in any order.
    ///
    /// # Errors
    ///
    /// All together: folders that hold no complete shard, shards of other work or of another version,
    /// one that is there twice or not at all, damaged ones; unless mixing is allowed, shards of several
    /// machines.
    pub fn open(dirs: &[PathBuf], allow_mixed: bool) -> Result<Self> {
        let mut problems = Vec::new();
        let mut records: Vec<(&PathBuf, ShardRecord<Value, Value>)> = Vec::new();
        for dir in dirs {
            match read(dir) {
                Ok(record) => records.push((dir, record)),
                Err(error) => problems.push(error),
            }
        }
        problems.extend(foreign::<W>(&records));
        if problems.is_empty() {
            problems.extend(incomplete(&records));
        }
        if problems.is_empty() {
            problems.extend(damaged(&records)?);
        }
        several(problems)?;
        records.sort_by_key(|(_, record)| record.shard.number);
        let mut machines: Vec<String> = Vec::new();
        for machine in records.iter().filter_map(|(_, of)| of.machine.as_ref()) {
            if !machines.contains(machine) {
                machines.push(machine.clone());
            }
        }
        if machines.len() > 1 && !allow_mixed {
            return Err(Error::MixedMachines { machines });
        }
        let mut parts = Vec::new();
        let mut work = None;
        for (dir, record) in records {
            let refuse = |error| Error::format(dir.join(FILE), error);
            work = Some(serde_json::from_value(record.work).map_err(refuse)?);
            let done = serde_json::from_value(record.done).map_err(refuse)?;
            parts.push((dir.clone(), done));
        }
        let none = || Error::Configuration("no shard to merge".to_string());
        Ok(Self {
            work: work.ok_or_else(none)?,
            parts,
            machines,
        })
    }
}

impl<W: Divided> Shards<W> {
    /// What `read` takes out of the bodies one after the other, until nothing is left of them; ends with
    /// the first error.
    pub fn bodies<T>(
        &self,
        mut read: impl FnMut(&mut BufReader<File>) -> io::Result<T>,
    ) -> impl Iterator<Item = Result<T>> {
        let mut left = self.parts.iter().map(|(dir, _)| dir.join(BODY));
        let mut open: Option<(PathBuf, BufReader<File>)> = None;
        let mut next = move || -> Result<Option<T>> {
            loop {
                if let Some((path, file)) = &mut open
                    && !file.fill_buf().at(&*path)?.is_empty()
                {
                    return read(file).map(Some).at(&*path);
                }
                let Some(path) = left.next() else {
                    return Ok(None);
                };
                let file = File::open(&path).at(&path)?;
                open = Some((path, BufReader::new(file)));
            }
        };
        let mut failed = false;
        std::iter::from_fn(move || {
            let part = if failed { None } else { next().transpose() };
            failed = matches!(part, Some(Err(_)));
            part
        })
    }
}

/// Shards that are not of the work of the first one.
fn foreign<W: Divided>(records: &[(&PathBuf, ShardRecord<Value, Value>)]) -> Vec<Error> {
    let Some((first, wanted)) = records.first() else {
        return Vec::new();
    };
    let problem = |record: &ShardRecord<Value, Value>| {
        if record.version != VERSION {
            let (theirs, ours) = (&record.version, VERSION);
            return Some(format!("is of version {theirs}, and this is {ours}"));
        }
        if record.command != W::COMMAND {
            return Some(format!("is a shard of epitrack {}", record.command));
        }
        if record.shard.count != wanted.shard.count {
            let (theirs, first) = (record.shard, first.display());
            return Some(format!("is {theirs}, and {first} is {}", wanted.shard));
        }
        let differ = differences(&wanted.work, &record.work);
        let names = differ.join(", ");
        (!differ.is_empty()).then(|| format!("is of other work than {}: {names}", first.display()))
    };
    let of = |(dir, record): &(&PathBuf, _)| Some(Error::format(*dir, problem(record)?));
    records.iter().filter_map(of).collect()
}

/// What differs between two pieces of work, by name.
fn differences(one: &Value, other: &Value) -> Vec<String> {
    let (Value::Object(one), Value::Object(other)) = (one, other) else {
        return Vec::new();
    };
    let names = one
        .keys()
        .chain(other.keys().filter(|key| !one.contains_key(*key)));
    let differ = names.filter(|key| one.get(*key) != other.get(*key));
    differ.cloned().collect()
}

/// Shards that are there twice, and those that are missing.
fn incomplete(records: &[(&PathBuf, ShardRecord<Value, Value>)]) -> Vec<Error> {
    let Some((_, first)) = records.first() else {
        return Vec::new();
    };
    let mut there: BTreeMap<usize, &PathBuf> = BTreeMap::new();
    let mut problems = Vec::new();
    for (dir, record) in records {
        if let Some(other) = there.insert(record.shard.number, dir) {
            let again = format!("is shard {}, as {} is", record.shard, other.display());
            problems.push(Error::format(*dir, again));
        }
    }
    let count = first.shard.count;
    let missing = (1..=count).filter(|number| !there.contains_key(number));
    let missing: Vec<String> = missing.map(|number| format!("{number}/{count}")).collect();
    if !missing.is_empty() {
        let problem = format!("missing of the shards: {}", missing.join(", "));
        problems.push(Error::Configuration(problem));
    }
    problems
}

/// Shards whose bodies are not what they were.
fn damaged(records: &[(&PathBuf, ShardRecord<Value, Value>)]) -> Result<Vec<Error>> {
    let mut problems = Vec::new();
    for (dir, record) in records {
        let path = dir.join(BODY);
        if let Some(sum) = &record.body
            && Input::new(&path)?.sha256 != *sum
        {
            let problem = "was damaged: it has another checksum than when it was written";
            problems.push(Error::format(path, problem));
        }
    }
    Ok(problems)
}

fn several(mut problems: Vec<Error>) -> Result<()> {
    match problems.len() {
        0 => Ok(()),
        1 => Err(problems.remove(0)),
        _ => Err(Error::Several(problems)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sum {
        weights: String,
        table: u32,
    }

    impl Divided for Sum {
        const COMMAND: &'static str = "sum";
        type Done = u32;
    }

    fn sum() -> Sum {
        Sum {
            weights: "w".into(),
            table: 7,
        }
    }

    fn shard(text: &str) -> Shard {
        text.parse().unwrap()
    }

    fn written(dir: &Path, name: &str, of: &str, work: Sum, machine: &str) -> PathBuf {
        let dir = dir.join(name);
        begin(&dir).unwrap();
        let machine = Some(machine.to_string());
        let mut body = Body::new(&dir).unwrap();
        body.write(|out| out.write_all(b"1234")).unwrap();
        complete(&dir, shard(of), machine, (work, 3), Some(body)).unwrap();
        dir
    }

    #[test]
    fn a_shard_is_written_as_its_number_of_how_many() {
        assert_eq!(shard("2/8").to_string(), "2/8");
        for text in [
            "0/8",
            "9/8",
            "2",
            "2/",
            "/8",
            "-1/8",
            "2/8/1",
            "1/0",
            "0/0",
            "1/1000001",
        ] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_step_is_in_one_shard(total in 0usize..2000, block in 1usize..600, count in 1usize..40) {
            let (mut end, mut jobs) = (0, vec![0; total]);
            for number in 1..=count {
                let shard = Shard { number, count };
                let part = shard.part(total, block);
                prop_assert_eq!(part.start, end);
                prop_assert!(part.start.is_multiple_of(block) || part.is_empty());
                end = part.end;
                for (job, of) in jobs.iter_mut().enumerate() {
                    *of += usize::from(shard.has(job));
                }
            }
            prop_assert_eq!(end, total);
            for at in 0..total as u64 {
                let owners = (1..=count).filter(|&number| Shard { number, count }.begins(at, total as u64));
                prop_assert_eq!(owners.count(), 1);
            }
            prop_assert!(jobs.into_iter().all(|of| of == 1));
        }
    }

    #[test]
    fn shards_come_in_any_order_and_all_of_them() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name, of| written(dir.path(), name, of, sum(), "cpu (A)");
        let dirs = [write("b", "2/3"), write("c", "3/3"), write("a", "1/3")];
        let shards = Shards::<Sum>::open(&dirs, false).unwrap();
        let order: Vec<_> = shards.parts.iter().map(|(dir, _)| dir.clone()).collect();
        assert_eq!(order, ["a", "b", "c"].map(|name| dir.path().join(name)));
        assert_eq!(
            (shards.work, shards.machines),
            (sum(), vec!["cpu (A)".to_string()])
        );

        let said = Shards::<Sum>::open(&dirs[..2], false).unwrap_err();
        assert_eq!(said.to_string(), "missing of the shards: 1/3");
        let twice = [dirs.as_slice(), &[write("d", "2/3")]].concat();
        let said = Shards::<Sum>::open(&twice, false).unwrap_err().to_string();
        assert!(
            said.contains("d: is shard 2/3, as ") && said.ends_with("b is"),
            "{said}"
        );
        assert!(Shards::<Sum>::open(&[], false).is_err());
    }

    #[test]
    fn foreign_and_broken_shards_are_told_together() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name, of, work| written(dir.path(), name, of, work, "cpu (A)");
        let other = Sum { table: 8, ..sum() };
        let killed = dir.path().join("killed");
        begin(&killed).unwrap();
        let dirs = [
            write("a", "1/3", sum()),
            write("b", "2/3", other),
            killed,
            write("c", "1/4", sum()),
        ];
        let said = Shards::<Sum>::open(&dirs, false).unwrap_err().to_string();
        for part in [
            "b: is of other work than",
            "table",
            "killed: holds no complete shard",
            "c: is 1/4, and",
        ] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("weights"), "{said}");
        // Begun again, a shard is not complete any more.
        begin(&dirs[0]).unwrap();
        assert!(!is_complete(&dirs[0]) && command(&dirs[0]).is_err());
        assert_eq!(command(&dirs[1]).unwrap(), "sum");
    }

    #[test]
    fn a_damaged_body_is_found_before_anything_is_merged() {
        let dir = tempfile::tempdir().unwrap();
        let dirs = ["1/2", "2/2"].map(|of| written(dir.path(), &of[..1], of, sum(), "cpu (A)"));
        let shards = Shards::<Sum>::open(&dirs, false).unwrap();
        let byte = |file: &mut BufReader<File>| {
            let mut byte = [0];
            io::Read::read_exact(file, &mut byte).map(|()| byte[0])
        };
        let bytes: Result<Vec<u8>> = shards.bodies(byte).collect();
        assert_eq!(bytes.unwrap(), b"12341234");
        let three = |file: &mut BufReader<File>| io::Read::read_exact(file, &mut [0; 3]);
        let parts: Vec<bool> = shards.bodies(three).map(|part| part.is_ok()).collect();
        assert_eq!(parts, [true, false]);
        std::fs::write(dirs[1].join(BODY), "1235").unwrap();
        let said = Shards::<Sum>::open(&dirs, false).unwrap_err().to_string();
        assert!(said.contains("shard.bin: was damaged"), "{said}");
    }

    #[test]
    fn shards_of_several_machines_are_only_mixed_when_asked_to() {
        let dir = tempfile::tempdir().unwrap();
        let dirs = [("a", "1/2", "cpu (A)"), ("b", "2/2", "cpu (B)")];
        let dirs = dirs.map(|(name, of, machine)| written(dir.path(), name, of, sum(), machine));
        let said = Shards::<Sum>::open(&dirs, false).unwrap_err().to_string();
        assert!(
            said.contains("cpu (A)") && said.contains("cpu (B)"),
            "{said}"
        );
        let mixed = Shards::<Sum>::open(&dirs, true).unwrap();
        assert_eq!(mixed.machines, ["cpu (A)", "cpu (B)"]);
    }
}
