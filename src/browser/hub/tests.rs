//! What a hub says of tracks that are added to it, and of where it will lie.

use std::fs;

use super::*;
use crate::browser::genes;
use crate::genome::Chroms;

#[test]
fn added_tracks_look_as_they_are_told_to() {
    let data = testing::Data::new();
    let mut hub = data.hub(&["K562"]);
    let of = |added: &AddedTrack, label: &str, range| AddedTrack {
        label: Some(label.to_string()),
        colour: Some([136, 0, 170]),
        range,
        ..added.clone()
    };
    hub.added = vec![
        of(&hub.added[0], "Sites of CTCF", None),
        of(&hub.added[1], "DNase-seq of K562", Some((-1.0, 50.0))),
    ];
    let dir = tempfile::tempdir().unwrap();
    write(&hub, dir.path()).unwrap();
    let text = fs::read_to_string(dir.path().join("test/trackDb.txt")).unwrap();
    let (_, added) = text.split_once("track added_CTCF_sites").unwrap();
    let (sites, signal) = added.split_once("track added_DNase").unwrap();
    assert!(sites.contains("\nlongLabel Sites of CTCF\n"), "{sites}");
    assert!(sites.contains("\ncolor 136,0,170\n"), "{sites}");
    // The items' own colours would hide it.
    assert!(!sites.contains("itemRgb"), "{sites}");
    for line in [
        "shortLabel DNase",
        "longLabel DNase-seq of K562",
        "autoScale off",
        "viewLimits -1:50",
        "color 136,0,170",
    ] {
        assert!(
            signal.lines().any(|found| found == line),
            "{line}\n{signal}"
        );
    }
    assert_eq!(check(dir.path()).unwrap(), []);
    hub.added[0].range = Some((0.0, 1.0));
    let said = write(&hub, dir.path()).unwrap_err().to_string();
    assert!(said.contains("range"), "{said}");
}

#[test]
fn what_was_measured_does_not_stand_in_the_way_of_a_hub() {
    let data = testing::Data::new();
    let mut hub = data.assembly_hub();
    let [longer, more] = ["longer.bw", "more.bw"].map(|name| data.dir.path().join(name));
    let values = [("chr1", 0, 10, 1.0)];
    testing::bigwig_of(&longer, &[("chr1", 20_000)], &values);
    let chroms = [("chr1", testing::CHROM_LENGTH), ("chrUn", 500)];
    testing::bigwig_of(&more, &chroms, &[values[0], ("chrUn", 0, 10, 1.0)]);
    for (path, name) in [(longer, "longer"), (more, "more")] {
        let track = AddedTrack::new(name, path);
        hub.added.push(track.clone());
        // The user's own is refused.
        let dir = tempfile::tempdir().unwrap();
        write(&hub, dir.path()).unwrap_err();
        hub.added.pop();
        let measured = AddedTrack {
            is_measured: true,
            ..track
        };
        hub.added.insert(0, measured);
    }
    let dir = tempfile::tempdir().unwrap();
    write(&hub, dir.path()).unwrap();
    let text = fs::read_to_string(dir.path().join("planted/trackDb.txt")).unwrap();
    assert!(text.contains("track added_CTCF_sites") && text.contains("track added_DNase"));
    let measured = ["track added_longer", "track added_more"];
    assert!(measured.iter().all(|name| !text.contains(name)), "{text}");
}

#[test]
fn the_address_for_ucsc_is_ready() {
    let data = testing::Data::new();
    let base_url: Option<BaseUrl> = Some("https://lab.org/~me/a%20b".parse().unwrap());
    let ucsc = |hub: Hub| {
        let dir = tempfile::tempdir().unwrap();
        write(&hub, dir.path()).unwrap().ucsc
    };
    let hub = Hub {
        base_url: base_url.clone(),
        ..data.hub(&["K562"])
    };
    let at = "hubUrl=https%3A%2F%2Flab.org%2F~me%2Fa%2520b%2Fhub.txt";
    let wanted = format!("https://genome.ucsc.edu/cgi-bin/hgTracks?db=test&{at}");
    assert_eq!(ucsc(hub), Some(wanted));
    let hub = Hub {
        base_url,
        ..data.assembly_hub()
    };
    let wanted = format!("https://genome.ucsc.edu/cgi-bin/hgTracks?genome=planted&{at}");
    assert_eq!(ucsc(hub), Some(wanted));
    assert_eq!(ucsc(data.hub(&["K562"])), None);
}

#[test]
fn genes_of_an_assembly_come_with_it() {
    let data = testing::Data::new();
    let path = data.dir.path().join("made.bb");
    let chroms = Chroms::new([("chr1".to_string(), testing::CHROM_LENGTH)]).unwrap();
    genes::tests::big_bed(&path, &chroms);
    for one_file in [false, true] {
        let hub = Hub {
            genes: Some(HubGenes {
                path: path.clone(),
                source: "<own>.gtf".to_string(),
            }),
            one_file,
            ..data.assembly_hub()
        };
        let dir = tempfile::tempdir().unwrap();
        write(&hub, dir.path()).unwrap();
        assert!(dir.path().join("planted/genes/genes.bb").exists());
        let page = fs::read_to_string(dir.path().join("planted/genes.html")).unwrap();
        assert!(page.contains("from &lt;own&gt;.gtf"), "{page}");
        assert_eq!(check(dir.path()).unwrap(), []);
    }
}

#[test]
fn contributions_to_an_activity_are_a_composite_of_their_own() {
    let data = testing::Data::new();
    let mut hub = data.hub(&["K562", "NHEK"]);
    let whats = ["contribution", "activity_contribution"];
    for (cell, what) in hub.cells.iter_mut().zip(whats) {
        for side in ["enhancer", "promoter"] {
            let from = data.dir.path().join(format!("{side}_attention.bw"));
            fs::copy(from, cell.dir.join(format!("{side}_{what}.bw"))).unwrap();
        }
        cell.contributions = Some(format!("value of {what}"));
    }
    hub.cells[1].contributions_of = Some("dnase".to_string());
    let dir = tempfile::tempdir().unwrap();
    write(&hub, dir.path()).unwrap();
    let text = fs::read_to_string(dir.path().join("test/trackDb.txt")).unwrap();
    let has = |line: &str| text.lines().any(|found| found == line);
    for line in [
        "track contribution",
        "track contribution_enhancer_K562",
        "track activity_contribution",
        "track activity_contribution_promoter_NHEK",
        "bigDataUrl NHEK/enhancer_activity_contribution.bw",
        "longLabel NHEK: contribution of enhancer bases to predicted activity",
    ] {
        assert!(has(line), "{line}\n{text}");
    }
    assert!(!has("track contribution_enhancer_NHEK"), "{text}");
    assert!(!has("track activity_contribution_enhancer_K562"), "{text}");
    let page = fs::read_to_string(dir.path().join("test/activity_contribution.html")).unwrap();
    assert!(page.contains("value of activity_contribution"), "{page}");
    assert!(!page.contains("value of contribution"), "{page}");
    assert_eq!(check(dir.path()).unwrap(), []);
}
