//! Work that is divided among machines, and the parts put together.
//!
//! A shard is a folder with `shard.json`, which is written last. What a command's shards hold beside it
//! is that command's own: mostly one file of numbers, the body.

mod number;
mod record;
mod shards;
#[cfg(test)]
mod tests;

pub use number::Shard;
pub use record::{Body, Divided, ShardRecord, begin, command, complete};
pub use shards::{Shards, unchanged};
