//! The stanzas of genomes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::data::GenomeSetting;
use super::entry::opened;
use super::findings::{Findings, Severity};
use super::settings::GENOME;
use super::source;
use super::track;
use crate::browser::hub::genome::{ChromLengths, chrom_lengths, is_genome_name, position_in};
use crate::browser::hub::stanza::{Place, Stanza};
use crate::genome::TwoBit;

/// Checks a file of genomes and the tracks of each.
pub fn check_file(file: &Path, from: &Place, found: &mut Findings) {
    let stanzas = source::read(file, Some(from), found);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for stanza in &stanzas {
        if !stanza.begins_with("genome", found) {
            continue;
        }
        let name = stanza.subject();
        if let Some(first) = seen.insert(name, stanza.place().line) {
            let message = format!("genome {name} is there already, in line {first}");
            found.error(stanza.place(), message);
        }
        stanza.require(&["trackDb"], found);
        let genome = check_stanza(stanza, found);
        if let Some((tracks, place)) = stanza.file_of("trackDb", found) {
            let tracks_of_it = source::read(&tracks, Some(place), found);
            if tracks_of_it.is_empty() {
                found.error(place, format!("{} holds no track", tracks.display()));
            }
            track::check(tracks_of_it, &genome, found);
        }
    }
    if stanzas.is_empty() {
        found.error(from, format!("{} holds no genome", file.display()));
    }
}

/// Checks what follows the hub's own stanza where all is in one file.
pub fn check_one_file(hub: &Stanza, stanzas: Vec<Stanza>, found: &mut Findings) {
    let is_genome = |stanza: &Stanza| stanza.kind() == "genome";
    let (genomes, tracks): (Vec<_>, Vec<_>) = stanzas.into_iter().partition(is_genome);
    let genome = match &genomes[..] {
        [] => {
            found.error(hub.place(), "there is no 'genome' in the file");
            GenomeSetting::default()
        }
        [genome, others @ ..] => {
            for other in others {
                found.error(other.place(), "a hub in one file is for one genome");
            }
            check_stanza(genome, found)
        }
    };
    if tracks.is_empty() {
        found.error(hub.place(), "the file holds no track");
    }
    track::check(tracks, &genome, found);
}

fn check_stanza(stanza: &Stanza, found: &mut Findings) -> GenomeSetting {
    let name = stanza.subject().to_string();
    stanza.check_known(GENOME, found);
    if !is_genome_name(&name) {
        let message =
            format!("{name:?} cannot be a genome's name: letters, digits, '_', '-' and '.'");
        found.error(stanza.place(), message);
    }
    for setting in stanza.settings() {
        let value = setting.value.as_str();
        match setting.name.as_str() {
            "htmlPath" | "chromAlias" | "chromAliasBb" | "chromSizes" => {
                setting.existing(value, Severity::Warning, found);
            }
            "orderKey" if value.parse::<u32>().is_err() => {
                found.error(&setting.place, "orderKey has to be a whole number");
            }
            _ => {}
        }
    }
    GenomeSetting {
        name,
        chroms: assembly(stanza, found),
        groups: groups(stanza, found),
    }
}

/// The chromosomes of an assembly that the hub brings along.
fn assembly(stanza: &Stanza, found: &mut Findings) -> Option<ChromLengths> {
    stanza.get("twoBitPath")?;
    stanza.require(&["organism", "defaultPos"], found);
    let (path, place) = stanza.file_of("twoBitPath", found)?;
    let file = opened(&path, TwoBit::open, place, found)?;
    let chroms = chrom_lengths(file.chroms());
    if let Some(position) = stanza.get("defaultPos")
        && let Err(problem) = position_in(&position.value, &chroms)
    {
        found.error(&position.place, problem);
    }
    Some(chroms)
}

fn groups(stanza: &Stanza, found: &mut Findings) -> Option<BTreeSet<String>> {
    let (file, place) = stanza.file_of("groups", found)?;
    let groups = source::read(&file, Some(place), found);
    for group in &groups {
        group.begins_with("name", found);
        group.require(&["label", "priority", "defaultIsClosed"], found);
    }
    let names = groups.iter().map(|group| group.subject().to_string());
    Some(names.collect())
}

#[cfg(test)]
mod tests {
    use super::super::broken::{after, found, only, says};

    #[test]
    fn required_settings_of_the_genome() {
        only(
            &after(false, "genomes.txt", "trackDb test/trackDb.txt\n", ""),
            &["genomes.txt:1: error", "no 'trackDb'"],
        );
        says(
            &after(false, "genomes.txt", "genome test", "gnome test"),
            &["genomes.txt:1: error", "'gnome'"],
        );
        says(
            &found(false, false, "genomes.txt", |text| text.repeat(2)),
            &["genomes.txt:4: error", "genome test", "line 1"],
        );
        only(
            &after(false, "genomes.txt", "genome test", "genome ../test"),
            &["genomes.txt:1: error", "name"],
        );
        for name in ["organism", "defaultPos"] {
            let line = |text: String| {
                let kept = text.lines().filter(|line| !line.starts_with(name));
                kept.map(|line| format!("{line}\n")).collect()
            };
            only(
                &found(false, true, "genomes.txt", line),
                &["genomes.txt:1: error", &format!("no '{name}'")],
            );
        }
        let assembly = |old: &'static str, new: &'static str| {
            found(false, true, "genomes.txt", |text| {
                assert!(text.contains(old));
                text.replacen(old, new, 1)
            })
        };
        only(
            &assembly("chr1:1-200", "chr1:1-20000"),
            &["genomes.txt:7: error", "not within chr1"],
        );
        only(
            &assembly("chr1:1-200", "chrQ:1-20000"),
            &["genomes.txt:7: error", "no chrQ"],
        );
        only(
            &assembly("planted/planted.2bit", "planted/K562/pairs.bb"),
            &["genomes.txt:3: error", "not a 2bit"],
        );
        only(
            &assembly("planted/planted.2bit", "https://example.org/a.2bit"),
            &["genomes.txt:3: note", "not checked"],
        );
        says(
            &found(false, true, "planted/groups.txt", |text| {
                text.replace("label", "lable")
            }),
            &["planted/groups.txt:1: error", "no 'label'"],
        );
        says(
            &found(false, true, "planted/trackDb.txt", |text| {
                text.replacen("group epitrack", "group other", 1)
            }),
            &["warning", "group 'other'"],
        );
    }

    #[test]
    fn a_hub_in_one_file_has_one_genome() {
        only(
            &after(true, "hub.txt", "genome test\n\n", ""),
            &["hub.txt:1: error", "no 'genome'"],
        );
        says(
            &after(
                true,
                "hub.txt",
                "genome test\n\n",
                "genome test\n\ngenome test2\n\n",
            ),
            &["error", "one genome"],
        );
        says(
            &after(true, "hub.txt", "useOneFile on", "useOneFile off"),
            &["error", "no 'genomesFile'"],
        );
        only(
            &after(
                false,
                "hub.txt",
                "email me@example.org\n",
                "email me@example.org\n\ntrack x\n",
            ),
            &["hub.txt:7: warning", "useOneFile"],
        );
        only(
            &after(true, "hub.txt", "html test/arcs", "html test/nothing"),
            &["hub.txt:", "test/nothing.html"],
        );
    }

    #[test]
    fn a_hub_without_tracks_is_an_error() {
        only(
            &found(false, false, "test/trackDb.txt", |_| {
                "# nothing\n".to_string()
            }),
            &["error", "holds no track"],
        );
        only(
            &found(false, false, "genomes.txt", |_| "# nothing\n".to_string()),
            &["error", "holds no genome"],
        );
    }

    #[test]
    fn further_settings_of_genomes_and_groups() {
        only(
            &found(true, false, "hub.txt", |text| {
                text.split_inclusive("\n\n").take(2).collect()
            }),
            &["error", "the file holds no track"],
        );
        only(
            &after(
                false,
                "genomes.txt",
                "genome test",
                "genome test\norderKey x",
            ),
            &["genomes.txt:2: error", "orderKey"],
        );
        only(
            &after(
                false,
                "genomes.txt",
                "genome test",
                "genome test\ndescription",
            ),
            &["genomes.txt:2: error", "description has no value"],
        );
        says(
            &found(false, true, "planted/groups.txt", |text| {
                text.replace("name ", "nmae ")
            }),
            &["planted/groups.txt:1: error", "'nmae'"],
        );
    }
}
