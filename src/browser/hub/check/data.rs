//! The data of tracks: whether they are there and are what the tracks say.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::entry::opened;
use super::findings::Findings;
use super::search;
use super::settings::{TYPES, is_among};
use super::stated_type;
use super::suggestion::suggestion;
use super::tree::TrackTree;
use crate::browser::hub::agreement::Agreement;
use crate::browser::hub::genome::{ChromLengths, chrom_lengths};
use crate::browser::hub::stanza::{Place, Stanza};
use crate::formats::BbiFile;

/// What a genome's stanza says that matters to its tracks.
#[derive(Debug, Default)]
pub struct GenomeSetting {
    /// Its name.
    pub name: String,
    /// Its chromosomes, if the hub brings them along.
    pub chroms: Option<ChromLengths>,
    /// The groups of tracks, if the hub has a list of them.
    pub groups: Option<BTreeSet<String>>,
}

/// Checks the data of all tracks, and that their chromosomes are of one assembly.
pub fn check(tree: &TrackTree, genome: &GenomeSetting, found: &mut Findings) {
    let mut agreement = Agreement::new(&genome.name, genome.chroms.as_ref());
    for track in tree.with_data() {
        if let Some((path, file, place)) = check_track(tree, track, found) {
            let chroms = chrom_lengths(file.chroms());
            if let Err(disagreement) = agreement.add(&path, &chroms) {
                found.error(place, disagreement);
            }
            for problem in agreement.problems(&chroms) {
                found.error(place, problem);
            }
        }
    }
}

/// Checks a track's type and file. Gives a bigWig or bigBed, its path and where that is stated.
fn check_track<'a>(
    tree: &'a TrackTree,
    track: usize,
    found: &mut Findings,
) -> Option<(PathBuf, BbiFile, &'a Place)> {
    let stanza = tree.stanza(track);
    let Some(stated) = tree.inherited(track, "type") else {
        stanza.require(&["type"], found);
        return None;
    };
    let place = stanza.place_of("type");
    let mut words = stated.split_whitespace();
    let kind = words.next().unwrap_or_default();
    if !is_among(TYPES, kind) {
        let suggestion = suggestion(kind, TYPES.split_whitespace());
        let message = format!("'{kind}' is an unsupported type{suggestion}");
        found.error(place, message);
        return None;
    }
    let source = match kind {
        "mathWig" => "mathDataUrl",
        _ => "bigDataUrl",
    };
    stanza.require(&[source], found);
    let (path, data) = stanza.file_of("bigDataUrl", found)?;
    check_index(stanza, kind, &path, data, found);
    if !kind.starts_with("big") {
        return None;
    }
    let mut file = opened(&path, BbiFile::open_whole, data, found)?;
    search::check(stanza, &path, &mut file, found);
    let numbers: Vec<&str> = words.collect();
    stated_type::check(kind, &numbers, &path, &file.content, place, found);
    Some((path, file, data))
}

/// Files that are found through an index in a file of its own.
fn check_index(stanza: &Stanza, kind: &str, path: &Path, place: &Place, found: &mut Findings) {
    let ending = match kind {
        "bam" => "bai",
        "cram" => "crai",
        "vcfTabix" | "vcfPhasedTrio" | "longTabix" => "tbi",
        _ => return,
    };
    if stanza.get("bigDataIndex").is_some() {
        stanza.file_of("bigDataIndex", found);
        return;
    }
    let mut index = path.as_os_str().to_os_string();
    index.push(format!(".{ending}"));
    if !found.dir().join(&index).is_file() {
        let index = Path::new(&index).display();
        let message = format!("{index}: no such file: the data have no index");
        found.error(place, message);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::broken::{after, data, lines, only, says, tracks};
    use crate::browser::hub::testing::{self, Data};

    #[test]
    fn data_are_whole() {
        let cut = data(|out| {
            let path = out.join("test/K562/pairs.bb");
            let bytes = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            // Inside the index, of which the header says where it is.
            let index = u64::from_le_bytes(bytes[24..32].try_into().unwrap()) as usize;
            fs::write(&path, &bytes[..index + 60]).unwrap();
        });
        says(&cut, &["error", "pairs.bb", "broken"]);
    }

    #[test]
    fn chromosomes_are_those_of_the_genome() {
        let swap = |chroms: &'static [(&'static str, u32)], value| {
            move |out: &Path| {
                let path = out.join("test/added/DNase.bw");
                fs::remove_file(&path).unwrap();
                testing::bigwig_of(&path, chroms, &[value, ("chr1", 30, 40, 4.0)][..1]);
            }
        };
        says(
            &data(swap(&[("chr1", 5000)], ("chr1", 0, 10, 1.0))),
            &["error", "chr1 has 10000 bases", "5000", "DNase.bw"],
        );
        says(
            &after(false, "genomes.txt", "genome test", "genome hg38"),
            &["error", "chr1 has 10000 bases", "248956422 in hg38"],
        );

        let files = Data::new();
        let (_dir, out) = files.written(false, true);
        testing::two_bit(
            &out.join("planted/planted.2bit"),
            &[("chr2", 10_000), ("chr1", 999_999)],
        );
        says(
            &lines(&out),
            &["error", "chr1 has 10000 bases", "999999 in"],
        );
        let (_dir, out) = files.written(false, true);
        fs::remove_file(out.join("planted/planted.2bit")).unwrap();
        testing::two_bit(&out.join("planted/planted.2bit"), &[("chr2", 10_000)]);
        says(&lines(&out), &["error", "chr1 is not in"]);
    }

    #[test]
    fn data_that_need_an_index_have_it() {
        let bam = "type bam\nbigDataUrl K562";
        only(
            &tracks("type bigInteract\nbigDataUrl K562", bam),
            &["error", "K562/pairs.bb.bai", "no index"],
        );
        let elsewhere = "bigDataIndex K562/top_regions.bb\ntype bam\nbigDataUrl K562";
        let found = tracks("type bigInteract\nbigDataUrl K562", elsewhere);
        assert_eq!(found, Vec::<String>::new());
        only(
            &tracks("type bigInteract\nbigDataUrl", "type mathWig\nbigDataUrl"),
            &["error", "no 'mathDataUrl'"],
        );
    }
}
