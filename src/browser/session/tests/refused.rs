//! Names that try to be more than names, and what is refused.

use super::*;

#[test]
fn hostile_names_stay_names() {
    let name = "<b>\"'&]]>\u{0}\n\\\u{2028}é</Session>";
    let path = "a&\"<'#?%é\".bw";
    let tracks = [
        SessionTrack {
            name,
            path,
            ..TRACKS[0]
        },
        SessionTrack { name, ..TRACKS[2] },
    ];
    let genome = SessionGenome::Own {
        name,
        sequence: Sequence {
            path,
            format: SequenceFormat::TwoBit,
        },
    };
    let locus = Locus {
        chrom: "\"/><x",
        ..LOCUS
    };
    let session = Session::new(genome, locus, &tracks).unwrap();

    let xml = session.igv_desktop();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("locus"), Some("\"/><x:40001-100000"));
    assert_eq!(root.attribute("genome"), Some(path));
    let named = |tag| -> Vec<roxmltree::Node> {
        let nodes = document.descendants();
        nodes.filter(|node| node.has_tag_name(tag)).collect()
    };
    assert_eq!(named("Resource").len(), 2);
    for track in [named("Resource")[0], named("Track")[0]] {
        // XML cannot hold the null character.
        assert_eq!(
            track.attribute("name"),
            Some(name.replace('\0', "\u{fffd}").as_str())
        );
    }
    assert_eq!(named("Resource")[0].attribute("path"), Some(path));
    assert_eq!(named("Track")[0].attribute("id"), Some(path));

    let address = "a%26%22%3C%27%23%3F%25%C3%A9%22.bw";
    let json = value(&session.igv_js());
    let untagged = name.replace('<', "‹").replace('>', "›");
    assert_eq!(json["tracks"][0]["name"], untagged);
    assert_eq!(json["reference"]["name"], untagged);
    assert_eq!(json["tracks"][0]["url"], address);
    assert_eq!(json["reference"]["twoBitURL"], address);
    let json = value(&session.jbrowse());
    assert_eq!(json["tracks"][0]["name"], name);
    assert_eq!(
        json["tracks"][0]["adapter"]["bigWigLocation"]["uri"],
        address
    );
    assert_eq!(json["tracks"][0]["assemblyNames"][0], name);
    assert_eq!(json["assemblies"][0]["name"], name);
}

#[test]
fn what_no_browser_could_read_is_refused() {
    let fine = TRACKS[0];
    let signal = |min, max| SessionTrack {
        kind: Kind::Signal { min, max },
        ..fine
    };
    let mut bad: Vec<SessionTrack> = vec![
        signal(1.0, 1.0),
        signal(2.0, 1.0),
        signal(0.0, f32::NAN),
        signal(f32::NEG_INFINITY, 1.0),
        SessionTrack {
            kind: Kind::Arcs { bedpe: "/a.bedpe" },
            ..fine
        },
    ];
    for path in [
        "",
        "/a.bw",
        "https://x/a.bw",
        "data:,x",
        "C:\\a.bw",
        "a\\b.bw",
        "a\nb.bw",
    ] {
        bad.push(SessionTrack { path, ..fine });
    }
    for rgb in [
        "", "red", "1,2", "1,2,3,4", "1,2,256", "1,2,+3", "1, 2,3", "1,,3", "1,2,3\"",
    ] {
        bad.push(SessionTrack { rgb, ..fine });
    }
    for track in bad {
        let tracks = [track];
        let refused = Session::new(OWN, LOCUS, &tracks);
        assert!(matches!(refused, Err(Error::Configuration(_))), "{track:?}");
    }
    for id in ["", "hg 19", "../hg19", "hg19\""] {
        assert!(
            Session::new(SessionGenome::Known(id), LOCUS, &[]).is_err(),
            "{id}"
        );
    }
    let empty = Locus {
        end: LOCUS.start,
        ..LOCUS
    };
    assert!(Session::new(OWN, empty, &[]).is_err());
    let nowhere = Locus { chrom: "", ..LOCUS };
    assert!(Session::new(OWN, nowhere, &[]).is_err());
    let absolute = SessionGenome::Own {
        name: "g",
        sequence: Sequence {
            path: "/g.fa",
            format: SequenceFormat::Fasta,
        },
    };
    assert!(Session::new(absolute, LOCUS, &[]).is_err());
}
