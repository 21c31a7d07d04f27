//! What files of a folder of tracks tell of its top regions, read back.

use std::collections::BTreeMap;
use std::path::Path;

use super::regions::{Annotation, Occupied, RegionSite, SITES_HEADER};
use crate::element::Element;
use crate::error::{Error, Result, RowProblem};
use crate::genome::{Chroms, Region, read_bed_rows};
use crate::text::Lines;

/// The columns of `top_regions.bed` with the best footprint's score and the occupied bases, from 0.
const FOOTPRINT: usize = 16;
const OCCUPIED: usize = 17;
/// A table of sites has as many columns; those of earlier versions lack the gene and the part at its end,
/// which nothing here asks for, as those of a run with a context have one more.
const COLUMNS: [usize; 3] = [17, 19, 20];

/// The columns of `merged_regions.bed` with the element and the number of pairs, from 0.
const ELEMENT: usize = 9;
const PAIRS: usize = 10;

/// A merged region: where it lies, and of how many pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergedPlace {
    /// Where.
    pub region: Region,
    /// Whose.
    pub element: Element,
    /// Pairs that have a top region in it.
    pub pairs: u32,
}

/// What lies in the regions that `keep` takes.
pub type Annotated = BTreeMap<Region, Annotation>;

/// Reads the table of sites in top regions, which has a row for each pair that a region is of.
///
/// # Errors
///
/// A file that cannot be read, rows that are not of such a table.
pub fn read_sites(
    path: &Path,
    chroms: &Chroms,
    keep: impl Fn(&Region) -> bool,
    into: &mut Annotated,
) -> Result<()> {
    let (rows, bad) = Lines::open(path)?.rows(|_, line| {
        (!is_header(line)).then(|| {
            let site = site(line, chroms);
            site.ok_or_else(|| RowProblem::Unreadable("not a line of epitrack's".to_string()))
        })
    })?;
    Error::bad_rows([(path, bad)])?;
    for (region, site) in rows.into_iter().filter(|(region, _)| keep(region)) {
        let sites = &mut into.entry(region).or_default().sites;
        let sites = sites.get_or_insert_default();
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    Ok(())
}

fn is_header(line: &str) -> bool {
    let mut both = line.split('\t').zip(SITES_HEADER.split('\t'));
    both.all(|(own, name)| own == name) && COLUMNS.contains(&line.split('\t').count())
}

fn site(line: &str, chroms: &Chroms) -> Option<(Region, RegionSite)> {
    let fields: Vec<&str> = line.split('\t').collect();
    if !COLUMNS.contains(&fields.len()) {
        return None;
    }
    let number = |at: usize| fields[at].parse::<u32>().ok();
    let (chrom, _) = chroms.find(fields[0])?;
    let region = Region::new(chrom, number(1)?, number(2)?)?;
    let site = RegionSite {
        factor: fields[8].into(),
        matrix: fields[9].into(),
        forward: fields[10] == "+",
        offset: number(13)?,
        length: number(12)?.checked_sub(number(11)?)?,
        p_value: fields[14].parse().ok()?,
    };
    Some((region, site))
}

/// Reads the footprints that `top_regions.bed` tells.
///
/// # Errors
///
/// A file that cannot be read, rows that are not of such a file.
pub fn read_footprints(
    path: &Path,
    chroms: &Chroms,
    keep: impl Fn(&Region) -> bool,
    into: &mut Annotated,
) -> Result<()> {
    let header = |_: &str| {};
    read_bed_rows(path, chroms, header, |region, row| {
        let score = row.field(FOOTPRINT, "footprint")?;
        let bases = row.field(OCCUPIED, "occupied")?;
        if score != "." && keep(&region) {
            let unreadable = || RowProblem::Unreadable("not a line of epitrack's".to_string());
            let score = score.parse().map_err(|_| unreadable())?;
            let bases = bases.parse().map_err(|_| unreadable())?;
            into.entry(region).or_default().occupied = Some(Occupied { score, bases });
        }
        Ok(())
    })
    .map(drop)
}

/// Reads the regions of `top_regions.bed` that `keep` takes, each once, from left to right.
///
/// # Errors
///
/// A file that cannot be read, rows that are none of BED.
pub fn read_top_regions(
    path: &Path,
    chroms: &Chroms,
    keep: impl Fn(&Region) -> bool,
) -> Result<Vec<Region>> {
    let kept = read_bed_rows(
        path,
        chroms,
        |_| {},
        |region, _| Ok(keep(&region).then_some(region)),
    );
    let mut regions: Vec<Region> = kept?.into_iter().flatten().collect();
    regions.sort_unstable();
    regions.dedup();
    Ok(regions)
}

/// Reads the regions of `merged_regions.bed` that `keep` takes.
///
/// # Errors
///
/// A file that cannot be read, rows that are not of such a file.
pub fn read_merged(
    path: &Path,
    chroms: &Chroms,
    keep: impl Fn(&Region) -> bool,
) -> Result<Vec<MergedPlace>> {
    let header = |_: &str| {};
    let kept = read_bed_rows(path, chroms, header, |region, row| {
        let unreadable = || RowProblem::Unreadable("not a line of epitrack's".to_string());
        let name = row.field(ELEMENT, "element")?;
        let element = Element::BOTH.into_iter().find(|of| of.name() == name);
        let pairs = row.field(PAIRS, "pairs")?.parse();
        let found = MergedPlace {
            region,
            element: element.ok_or_else(unreadable)?,
            pairs: pairs.map_err(|_| unreadable())?,
        };
        Ok(keep(&region).then_some(found))
    });
    Ok(kept?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Sides;
    use crate::formats::{MergedRegion, Prediction, RegionRecord};
    use crate::genome::ChromId;
    use crate::pairs::Pair;

    fn region(start: u32) -> Region {
        let chrom = ChromId(0);
        let end = start + 45;
        Region { chrom, start, end }
    }

    #[test]
    fn merged_regions_are_read_as_they_are_written() {
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let merged = |start: u32, element: Element, pairs: u32| MergedRegion {
            region: region(start),
            element,
            pairs,
            value: 2.5,
            best: Prediction {
                pair: Pair {
                    elements: Sides::new(region(500), region(100)),
                    label: None,
                    line: 1,
                    gene: None,
                },
                probability: 0.5,
                logit: 0.0,
                part: None,
                context: None,
            },
            factors: None,
        };
        let all = [
            merged(100, Element::Enhancer, 12),
            merged(200, Element::Promoter, 1),
            merged(300, Element::Promoter, 2),
        ];
        let line = |of: &MergedRegion| format!("{}\n", of.bed(500, &chroms));
        let text: String = all.iter().map(line).collect();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("merged_regions.bed");
        std::fs::write(&path, &text).unwrap();
        let keep = |of: &Region| of.start < 300;
        let found = read_merged(&path, &chroms, keep).unwrap();
        let wanted = all[..2].iter().map(|of| MergedPlace {
            region: of.region,
            element: of.element,
            pairs: of.pairs,
        });
        assert_eq!(found, wanted.collect::<Vec<_>>());
        // The same rows twice are regions once.
        std::fs::write(&path, text.repeat(2)).unwrap();
        let found = read_top_regions(&path, &chroms, keep).unwrap();
        assert_eq!(found, [region(100), region(200)]);
        std::fs::write(&path, text.replace("\tpromoter\t", "\tother\t")).unwrap();
        assert!(read_merged(&path, &chroms, keep).is_err());
    }

    #[test]
    fn what_is_written_is_read() {
        let site = |factor: &str, offset| RegionSite {
            factor: factor.into(),
            matrix: "MA1".into(),
            forward: offset == 3,
            offset,
            length: 10,
            p_value: 1e-5,
        };
        let annotations = [
            Annotation {
                sites: Some(vec![site("CTCF", 3), site("MAX::MYC", 20)]),
                occupied: Some(Occupied {
                    score: 12.5,
                    bases: 9,
                }),
            },
            Annotation {
                sites: Some(Vec::new()),
                occupied: Some(Occupied {
                    score: 0.0,
                    bases: 0,
                }),
            },
            Annotation {
                sites: Some(vec![site("SP1", 1)]),
                occupied: None,
            },
        ];
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let (mut bed, mut sites) = (String::new(), format!("{SITES_HEADER}\n"));
        // Of two pairs, and the second region is not asked for.
        for _ in 0..2 {
            for (annotation, start) in annotations.iter().zip([100, 200, 300]) {
                let record = RegionRecord {
                    region: region(start),
                    element: Element::Promoter,
                    rank: 1,
                    value: 3.0,
                    prediction: Prediction {
                        pair: Pair {
                            elements: Sides::new(region(500), region(100)),
                            label: None,
                            line: 1,
                            gene: None,
                        },
                        probability: 0.5,
                        logit: 0.0,
                        part: None,
                        context: None,
                    },
                    annotation: annotation.clone(),
                };
                bed += &format!("{}\n", record.bed(500, &chroms));
                for line in record.sites(&chroms) {
                    sites += &format!("{line}\n");
                }
            }
        }
        let dir = tempfile::tempdir().unwrap();
        let [of_sites, of_bed] = ["sites.tsv", "top.bed"].map(|name| dir.path().join(name));
        std::fs::write(&of_sites, &sites).unwrap();
        std::fs::write(&of_bed, bed).unwrap();
        let keep = |of: &Region| of.start != 300;
        let mut found = Annotated::new();
        read_sites(&of_sites, &chroms, keep, &mut found).unwrap();
        assert_eq!(found.len(), 1);
        read_footprints(&of_bed, &chroms, keep, &mut found).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[&region(100)], annotations[0]);
        assert_eq!(found[&region(200)].occupied, annotations[1].occupied);
        let earlier = sites.lines().map(|line| {
            let fields: Vec<&str> = line.split('\t').take(COLUMNS[0]).collect();
            fields.join("\t") + "\n"
        });
        std::fs::write(&of_sites, earlier.collect::<String>()).unwrap();
        let mut of_earlier = Annotated::new();
        read_sites(&of_sites, &chroms, keep, &mut of_earlier).unwrap();
        assert_eq!(of_earlier[&region(100)].sites, annotations[0].sites);
        std::fs::write(&of_sites, sites + "chr1\t1\n").unwrap();
        assert!(read_sites(&of_sites, &chroms, keep, &mut found).is_err());
    }
}
