//! The stanzas of tracks.

use std::collections::BTreeMap;

use super::containers;
use super::data::{self, GenomeSetting};
use super::findings::Findings;
use super::page;
use super::settings::{self, KnownSetting};
use super::subgroups;
use super::tree::{Role, TrackTree};
use crate::browser::hub::name::{LONG_LABEL, SHORT_LABEL, is_track_name};
use crate::browser::hub::stanza::{Place, Stanza};

/// Checks the tracks of a genome.
pub fn check(stanzas: Vec<Stanza>, genome: &GenomeSetting, found: &mut Findings) {
    let is_track = |stanza: &Stanza| stanza.kind() == "track";
    let (tracks, others): (Vec<_>, Vec<_>) = stanzas.into_iter().partition(is_track);
    for other in others {
        other.begins_with("track", found);
    }
    for stanza in &tracks {
        check_stanza(stanza, genome, found);
    }
    check_names(&tracks, found);
    let tree = TrackTree::new(tracks, found);
    for track in tree.all() {
        containers::check_parent(&tree, track, found);
        containers::check_children(&tree, track, found);
        check_labels(&tree, track, found);
        if tree.role(track) == Role::Composite {
            subgroups::check(&tree, track, found);
        }
    }
    data::check(&tree, genome, found);
    page::check(&tree, found);
}

fn check_stanza(stanza: &Stanza, genome: &GenomeSetting, found: &mut Findings) {
    for setting in stanza.settings() {
        let (place, name) = (&setting.place, &setting.name);
        match settings::track(name) {
            Some(KnownSetting::Of(syntax)) => {
                if let Err(problem) = syntax.check(&setting.value) {
                    found.error(place, format!("{name} {problem}"));
                }
            }
            Some(KnownSetting::Deprecated) => {
                found.warning(place, format!("'{name}' is deprecated"));
            }
            None => setting.unknown(settings::track_names(), found),
        }
    }
    stanza.check_label("shortLabel", SHORT_LABEL, found);
    stanza.check_label("longLabel", LONG_LABEL, found);
    if let (Some(group), Some(groups)) = (stanza.get("group"), &genome.groups)
        && !groups.contains(&group.value)
    {
        let name = &group.value;
        let message = format!("group '{name}' is not in the genome's list of groups");
        found.warning(&group.place, message);
    }
}

/// Names have to be apart even after the browser has made them safe.
fn check_names(tracks: &[Stanza], found: &mut Findings) {
    let mut seen: BTreeMap<String, &Place> = BTreeMap::new();
    for stanza in tracks {
        let (name, place) = (stanza.subject(), stanza.place());
        if name.is_empty() {
            continue;
        }
        if !is_track_name(&name.replace('.', "_")) {
            let message = "a track's name has to begin with a letter and to hold only letters, \
                           digits, '_' and '-'";
            found.error(place, format!("{name:?}: {message}"));
        } else if name.contains('.') {
            let message = "a dot in a track's name is replaced by the browser";
            found.warning(place, format!("{name:?}: {message}"));
        }
        if name.starts_with("hub_") {
            let message = format!("{name}: the browser puts 'hub_' before names itself");
            found.warning(place, message);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let safe = name.replace(|c| !plain(c), "_");
        if let Some(Place { file, line }) = seen.get(&safe) {
            let file = file.display();
            let message = format!("track {safe} is there already, in {file}, line {line}");
            found.error(place, message);
        } else {
            seen.insert(safe, place);
        }
    }
}

/// A label that is missing is taken from above, where it belongs to something else.
fn check_labels(tree: &TrackTree, track: usize, found: &mut Findings) {
    let (stanza, name) = (tree.stanza(track), tree.name(track));
    for label in ["shortLabel", "longLabel"] {
        if stanza.get(label).is_some() {
            continue;
        }
        if tree.inherited(track, label).is_some() {
            let message = format!("track {name} has no '{label}' and takes its parent's");
            found.warning(stanza.place(), message);
        } else {
            stanza.require(&[label], found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::broken::{only, says, tracks};

    #[test]
    fn required_settings_of_a_track() {
        only(
            &tracks("bigDataUrl K562/pairs.bb\n", ""),
            &["test/trackDb.txt:7: error", "no 'bigDataUrl'"],
        );
        only(
            &tracks("type bigInteract\n", ""),
            &["test/trackDb.txt:7: error", "no 'type'"],
        );
        only(
            &tracks("shortLabel K562 arcs\n", ""),
            &["test/trackDb.txt:7: warning", "no 'shortLabel'", "parent's"],
        );
        only(
            &tracks("longLabel Tracks that were added to the hub\n", ""),
            &["error", "track added has no 'longLabel'"],
        );
        says(
            &tracks("track arcs_K562\n", ""),
            &["test/trackDb.txt:7: error", "begins with 'shortLabel'"],
        );
    }

    #[test]
    fn settings_that_are_unknown_or_come_twice() {
        only(
            &tracks("interactUp", "interactUpp"),
            &["warning", "'interactUpp'", "did you mean 'interactUp'?"],
        );
        only(
            &tracks("interactUp true", "qqq true"),
            &["warning", "'qqq'", "unknown"],
        );
        let far = tracks("interactUp true", "qqqqqqqq true");
        assert!(!far[0].contains("did you mean"), "{far:?}");
        only(
            &tracks("priority 1", "priority 1\nuseScore 1"),
            &["warning", "'useScore'", "deprecated"],
        );
        only(
            &tracks("itemRgb on\n", "itemRgb on\nitemRgb on\n"),
            &["error", "'itemRgb'", "twice"],
        );
        says(
            &tracks("\n\ntrack arcs_NHEK", "\ntrack arcs_NHEK"),
            &["error", "'track'", "blank line"],
        );
        let dotted = tracks("itemRgb on\n", "itemRgb on\nfilter.probability 0\n");
        assert_eq!(dotted, Vec::<String>::new());
    }

    #[test]
    fn labels_have_their_lengths() {
        only(
            &tracks("shortLabel K562 arcs", "shortLabel 123456789012345678"),
            &["warning", "18 characters", "17"],
        );
        let long = format!("longLabel {}", "ß".repeat(77));
        only(
            &tracks("longLabel Tracks that were added to the hub", &long),
            &["warning", "77 characters", "76"],
        );
    }

    #[test]
    fn names_of_tracks() {
        says(
            &tracks("track arcs_K562", "track arcs.K562"),
            &["test/trackDb.txt:7: warning", "dot"],
        );
        for name in ["1arcs", ".arcs", "arcs K562", "ärcs"] {
            says(
                &tracks("track arcs_K562", &format!("track {name}")),
                &["test/trackDb.txt:7: error", "letters, digits"],
            );
        }
        says(
            &tracks("track arcs_K562", "track hub_1_arcs"),
            &["warning", "'hub_'"],
        );
        says(
            &tracks("track arcs_K562", "track regions_K562"),
            &["error", "regions_K562", "line 7"],
        );
        says(
            &tracks("track arcs_K562", "track regions.K562"),
            &["error", "regions_K562", "line 7"],
        );
        says(
            &tracks("track arcs_K562", "track"),
            &["test/trackDb.txt:7: error", "no value"],
        );
    }
}
