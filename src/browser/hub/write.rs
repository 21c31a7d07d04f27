//! Hub directories, written.
//!
//! ```text
//! hub.txt                       the hub; last of all files, so that no hub is half there
//! genomes.txt                   its genome
//! files.txt                     what belongs to the hub and may be replaced
//! hg19/trackDb.txt              its tracks
//! hg19/attention.html …         their descriptions
//! hg19/GM12878/pairs.bb …       their data
//! ```
//!
//! In one file, `hub.txt` holds what would be in `genomes.txt` and `trackDb.txt`.

use std::path::{Path, PathBuf};

use super::contents::{Contents, HUB_FILE};
use super::inventory::Inventory;
use super::name::{LONG_LABEL, is_email, label};
use super::owned::Owned;
use super::{Genome, Hub};
use crate::error::{Error, Result};
use crate::output::{self, Claim, FolderKind};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubSummary {
    /// The file that a browser is pointed to.
    pub hub: PathBuf,
    /// Tracks with data.
    pub tracks: usize,
    /// Files with data that take no room of their own: hard links.
    pub linked: usize,
    /// Files with data that had to be copied.
    pub copied: usize,
    /// Files of an earlier hub in the same directory that are gone.
    pub removed: usize,
    /// The address that opens the hub in UCSC's browser, where it is known where the hub will lie.
    pub ucsc: Option<String>,
}

/// Writes a hub into a directory, which is made.
///
/// A hub that is already there is replaced file by file; files that are not its own are left
/// alone. The same hub gives the same bytes.
///
/// # Errors
///
/// No cell line, names or labels that a browser would not take, data that are missing, unfit or of
/// different assemblies, a file in the way that is no hub's, a directory that cannot be written to.
pub fn write(hub: &Hub, out: &Path) -> Result<HubSummary> {
    check_words(hub)?;
    let inventory = Inventory::new(hub)?;
    let contents = Contents::new(hub, &inventory);

    let _claim = Claim::folder(out, FolderKind::Hub)?;
    let owned = Owned::claim(out, contents.paths())?;
    let hub_file = out.join(HUB_FILE);
    output::remove_if_there(&hub_file)?;
    let mut linked = 0;
    for (source, target) in &contents.data {
        linked += usize::from(output::place(source, &in_its_folder(out, target)?)?);
    }
    for (target, text) in &contents.texts {
        output::write(in_its_folder(out, target)?, text)?;
    }
    let removed = owned.release()?;
    output::write(&hub_file, &contents.hub)?;
    Ok(HubSummary {
        hub: hub_file,
        tracks: inventory.files().count(),
        linked,
        copied: contents.data.len() - linked,
        removed,
        ucsc: hub.base_url.as_ref().and_then(|base| {
            let address = base.join(HUB_FILE)?;
            Some(hub.genome.ucsc_address(&address))
        }),
    })
}

/// Refuses what would be a hub that no browser takes.
fn check_words(hub: &Hub) -> Result<()> {
    let refuse = |message: String| Err(Error::Configuration(message));
    if hub.cells.is_empty() {
        return refuse("a hub needs the tracks of at least one cell line".to_string());
    }
    let mut words = vec![
        ("name", &hub.name),
        ("short label", &hub.short_label),
        ("long label", &hub.long_label),
    ];
    if let Genome::Assembly(assembly) = &hub.genome {
        words.push(("name for its organism", &assembly.organism));
        words.push(("description of its assembly", &assembly.description));
    }
    for (what, text) in words {
        if label(text, LONG_LABEL).is_empty() {
            return refuse(format!("a hub needs a {what}"));
        }
    }
    if !is_email(&hub.email) {
        return refuse(format!("{:?} is not an e-mail address", hub.email));
    }
    hub.genome.check_name()
}

/// A path of the hub's as a path of the system, whose folder is made.
fn in_its_folder(out: &Path, target: &str) -> Result<PathBuf> {
    let path = out.join(target);
    if let Some(folder) = path.parent() {
        output::create_dir(folder)?;
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::browser::hub::{Assembly, check, testing};

    /// All files under a directory with their bytes, sorted.
    fn bytes(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![dir.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    files.push((path.strip_prefix(dir).unwrap().to_path_buf(), bytes));
                }
            }
        }
        files.sort();
        files
    }

    fn refused(hub: &Hub) -> String {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let error = write(hub, &out).unwrap_err().to_string();
        assert!(!out.join(HUB_FILE).exists());
        error
    }

    #[test]
    fn the_same_hub_gives_the_same_bytes() {
        let data = testing::Data::new();
        for one_file in [false, true] {
            let hub = Hub {
                one_file,
                ..data.hub(&["K562", "HeLa-S3"])
            };
            let [first, second] = [(); 2].map(|()| tempfile::tempdir().unwrap());
            let summary = write(&hub, first.path()).unwrap();
            assert_eq!((summary.tracks, summary.linked), (12, 12));
            write(&hub, second.path()).unwrap();
            write(&hub, second.path()).unwrap();
            assert_eq!(bytes(first.path()), bytes(second.path()));
            assert_eq!(bytes(first.path()).len(), if one_file { 18 } else { 20 });
        }
    }

    #[test]
    fn an_earlier_hub_goes_and_what_is_not_its_own_stays() {
        let data = testing::Data::new();
        let dir = tempfile::tempdir().unwrap();
        write(&data.hub(&["K562", "NHEK"]), dir.path()).unwrap();
        let mine = dir.path().join("test/NHEK/notes.txt");
        fs::write(&mine, "mine").unwrap();
        let hub = Hub {
            one_file: true,
            added: Vec::new(),
            ..data.hub(&["K562"])
        };
        let summary = write(&hub, dir.path()).unwrap();
        // Five files of a cell line, two added, their page, genomes.txt and trackDb.txt.
        assert_eq!(summary.removed, 10);
        assert!(mine.exists());
        assert!(!dir.path().join("test/NHEK/pairs.bb").exists());
        assert!(!dir.path().join("test/added").exists());
        assert!(!dir.path().join("genomes.txt").exists());
        // Another genome, and none of the folders of the old one but that with the user's file.
        let hub = Hub {
            genome: Genome::Known("other".to_string()),
            ..hub
        };
        write(&hub, dir.path()).unwrap();
        let left = bytes(&dir.path().join("test"));
        assert_eq!(left, [(PathBuf::from("NHEK/notes.txt"), b"mine".to_vec())]);
        assert!(!dir.path().join("test/K562").exists());
    }

    #[test]
    fn a_hub_made_of_its_own_files_is_whole() {
        let data = testing::Data::new();
        let dir = tempfile::tempdir().unwrap();
        write(&data.hub(&["K562"]), dir.path()).unwrap();
        let mut hub = data.hub(&["K562"]);
        hub.cells[0].dir = dir.path().join("test/K562");
        let before = bytes(dir.path());
        write(&hub, dir.path()).unwrap();
        assert_eq!(bytes(dir.path()), before);
        // Under another name the old place is gone, but not before the new one is there.
        hub.cells[0].name = "other".to_string();
        write(&hub, dir.path()).unwrap();
        assert!(dir.path().join("test/other/pairs.bb").exists());
        assert!(!dir.path().join("test/K562").exists());
    }

    #[test]
    fn hostile_names_are_only_text() {
        let data = testing::Data::new();
        let hub = data.hub(&[
            "../../x\n\ntrack y",
            "<script>alert(1)</script>",
            "細胞{cells}\\",
            "a=b c",
        ]);
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        write(&hub, &out).unwrap();
        let entries: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(entries.len(), 1);
        let text: String = bytes(&out)
            .into_iter()
            .filter(|(path, _)| path.extension().is_some_and(|e| e == "txt" || e == "html"))
            .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
            .collect();
        assert!(!text.contains("<script"));
        assert!(!text.lines().any(|line| line.trim() == "track y"));
        assert!(text.contains("&#32048;&#32990;{cells}"));
        let findings = check(&out).unwrap();
        assert_eq!(findings, []);
    }

    #[test]
    fn what_no_browser_takes_is_refused() {
        let data = testing::Data::new();
        let good = data.hub(&["K562"]);
        let with = |change: fn(&mut Hub)| {
            let mut hub = good.clone();
            change(&mut hub);
            refused(&hub)
        };
        assert!(with(|hub| hub.cells.clear()).contains("at least one"));
        assert!(with(|hub| hub.email = "me".to_string()).contains("e-mail"));
        assert!(with(|hub| hub.short_label = " \n".to_string()).contains("short label"));
        assert!(with(|hub| hub.cells[0].name = "<>".to_string()).contains("no name"));
        assert!(
            with(|hub| hub.cells.push(hub.cells[0].clone()))
                .contains("two of the cell lines are called \"K562\"")
        );
        assert!(with(|hub| hub.added.push(hub.added[0].clone())).contains("two of the tracks"));
        assert!(
            with(|hub| hub.genome = Genome::Known("../x".to_string())).contains("genome's name")
        );
        assert!(
            with(|hub| hub.added[0].path = PathBuf::from("/nowhere.bw")).contains("/nowhere.bw")
        );
    }

    #[test]
    fn data_of_the_wrong_kind_are_refused() {
        let data = testing::Data::new();
        let hub = data.hub(&["K562"]);
        let dir = &hub.cells[0].dir;
        let swap = |one: &str, other: &str| {
            let kept = fs::read(dir.join(one)).unwrap();
            fs::copy(dir.join(other), dir.join(one)).unwrap();
            let error = refused(&hub);
            fs::write(dir.join(one), kept).unwrap();
            error
        };
        assert!(swap("enhancer_attention.bw", "pairs.bb").contains("not a bigWig"));
        assert!(swap("top_regions.bb", "promoter_attention.bw").contains("bigBed with colours"));
        assert!(swap("merged_regions.bb", "promoter_attention.bw").contains("bigBed with colours"));
        assert!(swap("pairs.bb", "top_regions.bb").contains("interactions"));
        fs::remove_file(dir.join("merged_regions.bb")).unwrap();
        let error = refused(&hub);
        assert!(error.contains("write the tracks anew"), "{error}");
    }

    #[test]
    fn files_of_two_assemblies_are_refused_by_name() {
        let data = testing::Data::new();
        let mut hub = data.hub(&["K562"]);
        let other = data.dir.path().join("other.bw");
        testing::bigwig_of(&other, &[("chr1", 5000)], &[("chr1", 0, 10, 1.0)]);
        hub.added[0].path = other;
        let error = refused(&hub);
        assert!(
            error.contains("chr1 has") && error.contains("other.bw") && error.contains("K562"),
            "{error}"
        );

        let hub = Hub {
            genome: Genome::Known("hg19".to_string()),
            ..data.hub(&["K562"])
        };
        assert!(refused(&hub).contains("249250621 in hg19"));
    }

    #[test]
    fn an_assembly_comes_with_its_sequence() {
        let data = testing::Data::new();
        let mut hub = data.assembly_hub();
        for one_file in [false, true] {
            hub.one_file = one_file;
            let dir = tempfile::tempdir().unwrap();
            write(&hub, dir.path()).unwrap();
            assert!(dir.path().join("planted/planted.2bit").exists());
            assert_eq!(check(dir.path()).unwrap(), []);
        }
        let nameless = |change: fn(&mut Assembly)| {
            let mut hub = data.assembly_hub();
            if let Genome::Assembly(assembly) = &mut hub.genome {
                change(assembly);
            }
            refused(&hub)
        };
        assert!(nameless(|assembly| assembly.organism.clear()).contains("organism"));
        assert!(nameless(|assembly| assembly.description.clear()).contains("description"));
        let mut refused_at = |position: &str| {
            if let Genome::Assembly(assembly) = &mut hub.genome {
                assembly.default_position = position.to_string();
            }
            refused(&hub)
        };
        assert!(refused_at("chr1:1-999999999").contains("chr1:1-999999999"));
        testing::two_bit(&data.dir.path().join("planted.2bit"), &[("chr9", 10)]);
        assert!(refused_at("chr9:1-5").contains("chr1 is not in planted"));
    }

    #[test]
    fn the_settings_of_a_hub_are_these() {
        let data = testing::Data::new();
        let dir = tempfile::tempdir().unwrap();
        write(&data.hub(&["GM12878", "K562"]), dir.path()).unwrap();
        let files = ["hub.txt", "genomes.txt", "test/trackDb.txt"];
        let texts = files.map(|file| fs::read_to_string(dir.path().join(file)).unwrap());
        let wanted = include_str!("../../../tests/fixtures/hub.txt");
        assert_eq!(texts.join("\n"), wanted);
    }

    #[test]
    fn six_cell_lines_look_right() {
        let data = testing::Data::new();
        let cells = ["GM12878", "HeLa-S3", "HUVEC", "IMR90", "K562", "NHEK"];
        let dir = tempfile::tempdir().unwrap();
        write(&data.hub(&cells), dir.path()).unwrap();
        let text = fs::read_to_string(dir.path().join("test/trackDb.txt")).unwrap();
        for line in [
            "subGroup2 cell Cell_line c001_GM12878=GM12878 c002_HeLa_S3=HeLa-S3 c003_HUVEC=HUVEC \
             c004_IMR90=IMR90 c005_K562=K562 c006_NHEK=NHEK",
            "shortLabel GM12878 regions",
            "shortLabel GM12878 merged",
            "subGroups view=signal cell=c006_NHEK element=promoter",
            // The mean of the test's values is 2.5, the largest 4.
            "viewLimits 0:4",
            "type bigBed 9 +",
            "bigDataUrl HeLa_S3/promoter_attention.bw",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        let page = fs::read_to_string(dir.path().join("test/attention.html")).unwrap();
        for part in [
            "HeLa-S3",
            "the largest value of the pairs",
            "10.1101/219667",
            "<td>abc123</td>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert_eq!(check(dir.path()).unwrap(), []);
    }
}
