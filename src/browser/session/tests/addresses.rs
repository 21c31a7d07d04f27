//! Sessions that open from anywhere, and tracks of the user's own in them.

use super::*;

fn base() -> BaseUrl {
    "https://lab.org/data/tracks".parse().unwrap()
}

#[test]
fn every_file_has_its_address_in_every_browser() {
    let base = base();
    let session = session(OWN, &TRACKS).at(&base).unwrap();
    let anywhere = "this file opens from anywhere";
    let xml = session.igv_desktop();
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert!(xml.contains(anywhere));
    let root = document.root_element();
    assert_eq!(
        root.attribute("genome"),
        Some("https://lab.org/data/genome.fa")
    );
    let resources = document
        .descendants()
        .filter(|node| node.has_tag_name("Resource"));
    let paths: Vec<&str> = resources
        .map(|node| node.attribute("path").unwrap())
        .collect();
    let wanted = ["a%20b.bw", "regions.bb", "pairs.bedpe"]
        .map(|file| format!("https://lab.org/data/tracks/tracks/{file}"));
    assert_eq!(paths, wanted);
    // A track names its resource.
    for node in document
        .descendants()
        .filter(|node| node.has_tag_name("Track"))
    {
        let id = node.attribute("id").unwrap();
        assert!(id == "Reference sequence" || paths.contains(&id), "{id}");
    }

    let json = value(&session.igv_js());
    assert!(json["note"].as_str().unwrap().contains(anywhere));
    let reference = &json["reference"];
    assert_eq!(reference["fastaURL"], "https://lab.org/data/genome.fa");
    assert_eq!(reference["indexURL"], "https://lab.org/data/genome.fa.fai");
    assert_eq!(json["tracks"][0]["url"], wanted[0]);
    assert_eq!(
        json["tracks"][2]["url"],
        "https://lab.org/data/tracks/tracks/pairs.bb"
    );

    let json = value(&session.jbrowse());
    assert!(json["note"].as_str().unwrap().contains(anywhere));
    let adapter = &json["tracks"][2]["adapter"];
    assert_eq!(adapter["bedpeLocation"]["uri"], wanted[2]);
    let adapter = &json["assemblies"][0]["sequence"]["adapter"];
    assert_eq!(
        adapter["faiLocation"]["uri"],
        "https://lab.org/data/genome.fa.fai"
    );
}

#[test]
fn a_file_outside_of_the_site_has_no_address() {
    let outside = SessionGenome::Own {
        name: "g",
        sequence: Sequence {
            path: "../../../g.2bit",
            format: SequenceFormat::TwoBit,
        },
    };
    let base = base();
    assert!(session(outside, &[]).at(&base).is_err());
    let arcs = [SessionTrack {
        kind: Kind::Arcs {
            bedpe: "../../../../pairs.bedpe",
        },
        ..TRACKS[2]
    }];
    assert!(session(OWN, &arcs).at(&base).is_err());
}

#[test]
fn washu_gets_its_list_of_an_assembly_that_it_has() {
    let base = base();
    assert_eq!(session(OWN, &TRACKS).washu(), None);
    let known = session(SessionGenome::Known("hg38"), &TRACKS);
    assert_eq!(known.washu_address("washu.json"), None);
    let list = value(&known.washu().unwrap());
    let types = ["bigwig", "bigbed", "biginteract"];
    for (at, wanted) in types.into_iter().enumerate() {
        assert_eq!(list[at]["type"], wanted);
        assert_eq!(list[at]["showOnHubLoad"], true);
    }
    assert_eq!(list[0]["url"], "tracks/a%20b.bw");
    assert_eq!(list[0]["options"]["yScale"], "fixed");
    assert_eq!(list[0]["options"]["color"], "rgb(230,97,1)");
    let note = list[0]["details"]["note"].as_str().unwrap();
    assert!(note.contains("relative to this list"), "{note}");
    let known = known.at(&base).unwrap();
    let list = value(&known.washu().unwrap());
    assert_eq!(
        list[2]["url"],
        "https://lab.org/data/tracks/tracks/pairs.bb"
    );
    assert_eq!(
        known.washu_address("washu.json").unwrap(),
        "https://epigenomegateway.wustl.edu/browser/?genome=hg38&position=chr1%3A40001-100000\
         &hub=https%3A%2F%2Flab.org%2Fdata%2Ftracks%2Fwashu.json"
    );
}

#[test]
fn added_tracks_have_their_colours_and_scales() {
    let of = |kind, path| SessionTrack {
        name: "mine",
        path,
        kind,
        rgb: "136,0,170",
    };
    let tracks = [of(Kind::Scaled, "a.bw"), of(Kind::Plain, "a.bb")];
    let session = session(SessionGenome::Known("hg19"), &tracks);
    let json = value(&session.igv_js());
    assert_eq!(json["tracks"][0]["type"], "wig");
    assert_eq!(json["tracks"][0]["autoscale"], true);
    assert!(json["tracks"][0].get("graphType").is_none());
    for track in json["tracks"].as_array().unwrap() {
        assert_eq!(track["color"], "rgb(136,0,170)");
    }
    let xml = session.igv_desktop();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let tracks = document.descendants();
    let tracks = tracks.filter(|node| node.attribute("color") == Some("136,0,170"));
    assert_eq!(tracks.count(), 2);
    let json = value(&session.jbrowse());
    let display = |at: usize| &json["tracks"][at]["displays"][0];
    assert!(display(0).get("maxScore").is_none());
    assert_eq!(display(1)["renderer"]["color1"], "rgb(136,0,170)");
    let list = value(&session.washu().unwrap());
    assert!(list[0]["options"].get("yScale").is_none());
}
