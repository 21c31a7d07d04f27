//! A shard as a folder: its record, which is written last, and its body.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::number::Shard;
use crate::error::{Error, IoContext, Result};
use crate::output::provenance::{Input, VERSION};
use crate::output::{Claim, FolderKind, Partial, remove_if_there, write_json};

/// The file that says what a folder is a shard of.
pub const FILE: &str = "shard.json";
/// The body.
pub const BODY: &str = "shard.bin";

/// `shard.json`: what the work is, and what this shard has done of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct ShardRecord<W, D> {
    pub(super) version: String,
    pub(super) command: String,
    pub(super) shard: Shard,
    /// What computed it, where that decides the last digits.
    pub(super) machine: Option<String>,
    pub(super) work: W,
    pub(super) done: D,
    /// The checksum of the body, where there is one.
    pub(super) body: Option<String>,
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
pub fn begin(dir: &Path) -> Result<Claim> {
    let claim = Claim::folder(dir, FolderKind::Shard)?;
    remove_if_there(&dir.join(FILE))?;
    Ok(claim)
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
        write(&mut self.out).at(self.file.target())
    }

    fn finish(mut self, dir: &Path) -> Result<String> {
        self.out.flush().at(self.file.target())?;
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

/// The command whose shard a folder holds.
///
/// # Errors
///
/// A folder without a complete shard.
pub fn command(dir: &Path) -> Result<String> {
    let record: ShardRecord<Value, Value> = read(dir)?;
    Ok(record.command)
}

/// Reads the record of a folder.
///
/// # Errors
///
/// A folder without a complete shard.
pub fn read<W: DeserializeOwned, D: DeserializeOwned>(dir: &Path) -> Result<ShardRecord<W, D>> {
    let path = dir.join(FILE);
    if !path.exists() {
        let problem = "holds no complete shard: give its command again";
        return Err(Error::format(dir, problem));
    }
    let text = std::fs::read_to_string(&path).at(&path)?;
    serde_json::from_str(&text).map_err(|error| Error::format(&path, error))
}
