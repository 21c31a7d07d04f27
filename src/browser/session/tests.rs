//! The text of each session, and what a parser makes of hostile ones.

use super::*;

mod addresses;
mod refused;

const TRACKS: [SessionTrack; 3] = [
    SessionTrack {
        name: "attention",
        path: "tracks/a b.bw",
        kind: Kind::Signal {
            min: 0.0,
            max: 30.15,
        },
        rgb: "230,97,1",
    },
    SessionTrack {
        name: "regions",
        path: "tracks/regions.bb",
        kind: Kind::Regions,
        rgb: "0,0,0",
    },
    SessionTrack {
        name: "pairs",
        path: "tracks/pairs.bb",
        kind: Kind::Arcs {
            bedpe: "tracks/pairs.bedpe",
        },
        rgb: "94,60,153",
    },
];
const LOCUS: Locus = Locus {
    chrom: "chr1",
    start: 40_000,
    end: 100_000,
};
const OWN: SessionGenome = SessionGenome::Own {
    name: "simulated",
    sequence: Sequence {
        path: "../genome.fa",
        format: SequenceFormat::Fasta,
    },
};

fn session<'a>(genome: SessionGenome<'a>, tracks: &'a [SessionTrack<'a>]) -> Session<'a> {
    Session::new(genome, LOCUS, tracks).unwrap()
}

fn value(json: &str) -> serde_json::Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn signed_values_are_letters_where_a_browser_draws_them() {
    let tracks = [SessionTrack {
        name: "contribution",
        path: "a.bw",
        kind: Kind::Letters,
        rgb: "0,0,0",
    }];
    let session = session(OWN, &tracks);
    let igv_js = value(&session.igv_js());
    assert_eq!(igv_js["tracks"][0]["graphType"], "dynseq");
    assert_eq!(igv_js["tracks"][0]["type"], "wig");
    assert_eq!(igv_js["tracks"][0]["autoscale"], true);
    assert!(session.igv_desktop().contains(r#"autoScale="true""#));
    let jbrowse = value(&session.jbrowse());
    let display = &jbrowse["tracks"][0]["displays"][0];
    assert_eq!(display["type"], "LinearWiggleDisplay");
    assert!(display.get("minScore").is_none());
}

#[test]
fn igv_desktop_gets_its_xml() {
    assert_eq!(
        session(OWN, &TRACKS).igv_desktop(),
        r#"<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Paths are relative to this file: it opens where it lies beside the files that it names, on a disk or on the web. -->
<Session genome="../genome.fa" locus="chr1:40001-100000" version="8">
    <Resources>
        <Resource name="attention" path="tracks/a b.bw" type="bigwig"/>
        <Resource name="regions" path="tracks/regions.bb" type="bigbed"/>
        <Resource name="pairs" path="tracks/pairs.bedpe" type="bedpe"/>
    </Resources>
    <Panel name="DataPanel">
        <Track clazz="org.broad.igv.track.DataSourceTrack" id="tracks/a b.bw" name="attention" visible="true" color="230,97,1" autoScale="false" height="60" renderer="BAR_CHART" windowFunction="max">
            <DataRange baseline="0" drawBaseline="true" flipAxis="false" maximum="30.15" minimum="0" type="LINEAR"/>
        </Track>
        <Track clazz="org.broad.igv.bedpe.InteractionTrack" id="tracks/pairs.bedpe" name="pairs" visible="true" color="94,60,153" direction="UP" graphType="NESTED_ARC" height="120" showBlocks="true" thickness="1"/>
    </Panel>
    <Panel name="FeaturePanel">
        <Track clazz="org.broad.igv.track.SequenceTrack" id="Reference sequence" name="Reference sequence" visible="true"/>
        <Track clazz="org.broad.igv.track.FeatureTrack" id="tracks/regions.bb" name="regions" visible="true" displayMode="EXPANDED"/>
    </Panel>
</Session>
"#
    );
}

#[test]
fn igv_js_gets_its_json() {
    assert_eq!(
        session(OWN, &TRACKS).igv_js(),
        r#"{
  "note": "Paths are relative to the page that opens this file: it has to lie in the folder of this file.",
  "reference": {
    "id": "simulated",
    "name": "simulated",
    "fastaURL": "../genome.fa",
    "indexURL": "../genome.fa.fai"
  },
  "locus": "chr1:40001-100000",
  "tracks": [
    {
      "name": "attention",
      "url": "tracks/a%20b.bw",
      "type": "wig",
      "format": "bigwig",
      "color": "rgb(230,97,1)",
      "autoscale": false,
      "min": 0.0,
      "max": 30.15,
      "windowFunction": "max",
      "height": 60
    },
    {
      "name": "regions",
      "url": "tracks/regions.bb",
      "type": "annotation",
      "format": "bigbed",
      "displayMode": "EXPANDED",
      "height": 60
    },
    {
      "name": "pairs",
      "url": "tracks/pairs.bb",
      "type": "interact",
      "format": "biginteract",
      "arcType": "nested",
      "height": 120
    }
  ]
}
"#
    );
}

#[test]
fn jbrowse_gets_its_configuration() {
    assert_eq!(
        session(OWN, &TRACKS).jbrowse(),
        r#"{
  "note": "Paths are relative to this file: it opens where it lies beside the files that it names.",
  "assemblies": [
    {
      "name": "simulated",
      "sequence": {
        "type": "ReferenceSequenceTrack",
        "trackId": "sequence",
        "adapter": {
          "type": "IndexedFastaAdapter",
          "fastaLocation": {
            "uri": "../genome.fa",
            "locationType": "UriLocation"
          },
          "faiLocation": {
            "uri": "../genome.fa.fai",
            "locationType": "UriLocation"
          }
        }
      }
    }
  ],
  "tracks": [
    {
      "type": "QuantitativeTrack",
      "trackId": "track1",
      "name": "attention",
      "assemblyNames": [
        "simulated"
      ],
      "adapter": {
        "type": "BigWigAdapter",
        "bigWigLocation": {
          "uri": "tracks/a%20b.bw",
          "locationType": "UriLocation"
        }
      },
      "displays": [
        {
          "type": "LinearWiggleDisplay",
          "displayId": "display1",
          "minScore": 0.0,
          "maxScore": 30.15,
          "renderers": {
            "XYPlotRenderer": {
              "type": "XYPlotRenderer",
              "color": "rgb(230,97,1)",
              "posColor": "rgb(230,97,1)"
            }
          }
        }
      ]
    },
    {
      "type": "FeatureTrack",
      "trackId": "track2",
      "name": "regions",
      "assemblyNames": [
        "simulated"
      ],
      "adapter": {
        "type": "BigBedAdapter",
        "bigBedLocation": {
          "uri": "tracks/regions.bb",
          "locationType": "UriLocation"
        }
      },
      "displays": [
        {
          "type": "LinearBasicDisplay",
          "displayId": "display2",
          "renderer": {
            "type": "SvgFeatureRenderer",
            "color1": "jexl:'rgb('+(get(feature,'itemRgb')||get(feature,'reserved'))+')'"
          }
        }
      ]
    },
    {
      "type": "VariantTrack",
      "trackId": "track3",
      "name": "pairs",
      "assemblyNames": [
        "simulated"
      ],
      "adapter": {
        "type": "BedpeAdapter",
        "bedpeLocation": {
          "uri": "tracks/pairs.bedpe",
          "locationType": "UriLocation"
        }
      },
      "displays": [
        {
          "type": "LinearPairedArcDisplay",
          "displayId": "display3",
          "color": "jexl:'rgb('+get(feature,'color')+')'"
        }
      ]
    }
  ],
  "defaultSession": {
    "name": "simulated",
    "views": [
      {
        "type": "LinearGenomeView",
        "id": "view",
        "init": {
          "assembly": "simulated",
          "loc": "chr1:40001-100000",
          "tracks": [
            "track1",
            "track2",
            "track3"
          ]
        }
      }
    ]
  }
}
"#
    );
}

#[test]
fn known_genomes_are_named_and_jbrowse_told_where_they_are() {
    for id in ["hg19", "hg38", "mm10"] {
        let session = session(SessionGenome::Known(id), &[]);
        let xml = session.igv_desktop();
        let document = roxmltree::Document::parse(&xml).unwrap();
        assert_eq!(document.root_element().attribute("genome"), Some(id));
        let json = value(&session.igv_js());
        assert_eq!(json["genome"], id);
        assert!(json.get("reference").is_none());
        let assembly = &value(&session.jbrowse())["assemblies"][0];
        assert_eq!(assembly["name"], id);
        let (kind, location, aliases) = match id {
            "mm10" => ("TwoBitAdapter", "twoBitLocation", false),
            _ => ("BgzipFastaAdapter", "fastaLocation", true),
        };
        let adapter = &assembly["sequence"]["adapter"];
        assert_eq!(adapter["type"], kind);
        let uri = adapter[location]["uri"].as_str().unwrap();
        assert!(uri.starts_with("https://") && uri.contains(id), "{uri}");
        assert_eq!(assembly.get("refNameAliases").is_some(), aliases);
    }
}

#[test]
fn every_form_of_sequence_is_named_to_every_browser() {
    for (format, path, keys, adapter, locations) in [
        (
            SequenceFormat::Bgzip,
            "g.fa.gz",
            vec![
                ("fastaURL", "g.fa.gz"),
                ("indexURL", "g.fa.gz.fai"),
                ("compressedIndexURL", "g.fa.gz.gzi"),
            ],
            "BgzipFastaAdapter",
            vec![
                ("fastaLocation", "g.fa.gz"),
                ("faiLocation", "g.fa.gz.fai"),
                ("gziLocation", "g.fa.gz.gzi"),
            ],
        ),
        (
            SequenceFormat::TwoBit,
            "g.2bit",
            vec![("twoBitURL", "g.2bit")],
            "TwoBitAdapter",
            vec![("twoBitLocation", "g.2bit")],
        ),
    ] {
        let session = session(
            SessionGenome::Own {
                name: "g",
                sequence: Sequence { path, format },
            },
            &[],
        );
        assert!(
            session
                .igv_desktop()
                .contains(&format!("genome=\"{path}\""))
        );
        let reference = &value(&session.igv_js())["reference"];
        assert_eq!(reference.as_object().unwrap().len(), 2 + keys.len());
        for (key, path) in keys {
            assert_eq!(reference[key], path);
        }
        let found = &value(&session.jbrowse())["assemblies"][0]["sequence"]["adapter"];
        assert_eq!(found["type"], adapter);
        assert_eq!(found.as_object().unwrap().len(), 1 + locations.len());
        for (key, path) in locations {
            assert_eq!(found[key]["uri"], path);
        }
    }
}

#[test]
fn a_scale_without_zero_has_its_baseline_at_its_end() {
    let tracks = [SessionTrack {
        kind: Kind::Signal { min: 2.0, max: 5.0 },
        ..TRACKS[0]
    }];
    assert!(
        session(OWN, &tracks)
            .igv_desktop()
            .contains("baseline=\"2\"")
    );
}
