use proptest::prelude::*;

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::*;
use crate::error::Result;

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
    let _claim = begin(&dir).unwrap();
    let machine = Some(machine.to_string());
    let mut body = Body::new(&dir).unwrap();
    body.write(|out| out.write_all(b"1234")).unwrap();
    complete(&dir, shard(of), machine, (work, 3), Some(body)).unwrap();
    dir
}

#[test]
fn a_shard_is_written_as_its_number_of_how_many() {
    assert_eq!(shard("2/8").to_string(), "2/8");
    assert_eq!(serde_json::to_string(&shard("2/8")).unwrap(), "\"2/8\"");
    assert!(serde_json::from_str::<Shard>("\"0/8\"").is_err());
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
        for shard in Shard::all(count) {
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
            let owners = Shard::all(count).filter(|shard| shard.begins(at, total as u64));
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
    assert_eq!(shards.work, sum());

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
    let _claim = begin(&killed).unwrap();
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
    let _claim = begin(&dirs[0]).unwrap();
    assert!(command(&dirs[0]).is_err());
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
    std::fs::write(dirs[1].join("shard.bin"), "1235").unwrap();
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
    assert!(Shards::<Sum>::open(&dirs, true).is_ok());
}
