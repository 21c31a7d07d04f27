//! Description pages.

use super::findings::{Findings, Severity};
use super::tree::TrackTree;

/// Reports pages that are not where a setting says, and tracks without any page: their own or that
/// of a track above.
pub fn check(tree: &TrackTree, found: &mut Findings) {
    let tracks = tree.all();
    let own: Vec<bool> = tracks.map(|track| has_page(tree, track, found)).collect();
    for track in tree.with_data() {
        if !tree.upwards(track).any(|track| own[track]) {
            let message = format!("track {} has no description page", tree.name(track));
            found.warning(tree.stanza(track).place(), message);
        }
    }
}

/// The page is that of the setting `html`, or else the one beside the file with the track's name.
fn has_page(tree: &TrackTree, track: usize, found: &mut Findings) -> bool {
    let stanza = tree.stanza(track);
    let page = |name: &str| match name.strip_suffix(".html") {
        Some(_) => name.to_string(),
        None => format!("{name}.html"),
    };
    match stanza.get("html") {
        Some(html) if html.value.is_empty() => false,
        Some(html) => {
            let there = html.existing(&page(&html.value), Severity::Warning, found);
            there.is_some() || html.value.contains("://")
        }
        None => {
            let beside = found.dir().join(&stanza.place().file);
            beside.with_file_name(page(stanza.subject())).is_file()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::broken::{after, data, found, only, says, tracks};

    #[test]
    fn pages_are_missed() {
        says(
            &data(|out| fs::remove_file(out.join("test/attention.html")).unwrap()),
            &["warning", "attention.html", "no such file"],
        );
        let own = tracks(
            "longLabel Tracks that were added to the hub\nhtml added\n",
            "longLabel Tracks\n",
        );
        assert_eq!(own, Vec::<String>::new());
        says(
            &tracks("html attention\n", "html gone\n"),
            &["warning", "gone.html", "no such file"],
        );
        only(
            &found(false, false, "test/trackDb.txt", |text| {
                text + "track bare\ntype bigBed 9 +\nbigDataUrl K562/top_regions.bb\nshortLabel a\nlongLabel b\n"
            }),
            &["warning", "bare", "no description page"],
        );
        only(
            &after(false, "hub.txt", "email ", "descriptionUrl a.html\nemail "),
            &["hub.txt:5: warning", "a.html"],
        );
    }
}
