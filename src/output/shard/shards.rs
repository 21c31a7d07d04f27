//! All shards of some work, if they belong together.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use serde_json::Value;

use super::number::Shard;
use super::record::{BODY, Divided, FILE, ShardRecord, read};
use crate::error::{Error, IoContext, Result};
use crate::output::provenance::{Input, VERSION};

/// All shards of some work.
#[derive(Debug)]
pub struct Shards<W: Divided> {
    /// What the work is.
    pub work: W,
    /// Their folders, in the order of their numbers, and what each tells.
    pub parts: Vec<(PathBuf, W::Done)>,
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
        Error::all(problems)?;
        records.sort_by_key(|(_, record)| record.shard);
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
        let work = work.ok_or_else(none)?;
        Ok(Self { work, parts })
    }

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
        if record.shard.count() != wanted.shard.count() {
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
    let mut there: BTreeMap<Shard, &PathBuf> = BTreeMap::new();
    let mut problems = Vec::new();
    for (dir, record) in records {
        if let Some(other) = there.insert(record.shard, dir) {
            let again = format!("is shard {}, as {} is", record.shard, other.display());
            problems.push(Error::format(*dir, again));
        }
    }
    let missing = Shard::all(first.shard.count()).filter(|shard| !there.contains_key(shard));
    let missing: Vec<String> = missing.map(|shard| shard.to_string()).collect();
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
