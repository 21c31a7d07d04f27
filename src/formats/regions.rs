//! The top regions as BED, and what lies in them as a table.

use std::fmt;
use std::sync::Arc;

use super::bigbed::Schema;
use super::prediction::{Prediction, with_context};
use crate::element::Element;
use crate::element::colours::Rgb;
use crate::genome::{Chroms, Region};

/// The schema of the file.
pub const SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/topRegions.as"),
    standard_fields: 9,
    indexed: None,
};

/// The same of a run that has a context, with a field of what that alone says.
pub const CONTEXT_SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/topRegionsContext.as"),
    ..SCHEMA
};

/// Factors that a region's name tells, and the most characters of each.
const NAMED: usize = 3;
const NAME: usize = 40;

/// The first line of the table of motif sites, one for each region and site. Sites are 0-based and
/// half-open; the offset counts from the region's first base.
pub const SITES_HEADER: &str = "chrom\tregion_start\tregion_end\telement\trank\tpair\t\
     probability\tlabel\tfactor\tmatrix\tstrand\tsite_start\tsite_end\toffset\tp_value\t\
     footprint\toccupied\tgene\tpart";

/// The first line of the same table of a run that has a context, or none.
pub fn sites_header(context: bool) -> String {
    with_context(SITES_HEADER, context)
}

/// A motif site inside a region.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionSite {
    /// The transcription factor, several joined by `::`.
    pub factor: Arc<str>,
    /// The matrix's accession.
    pub matrix: Arc<str>,
    /// Whether the matrix matches the forward strand.
    pub forward: bool,
    /// From the region's first base to the site's.
    pub offset: u32,
    /// Bases.
    pub length: u32,
    /// The probability of a site at least as good at a place of the background.
    pub p_value: f32,
}

/// What footprints say of a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Occupied {
    /// The best score, −log10 p; 0 where there is none.
    pub score: f32,
    /// Bases that footprints occupy.
    pub bases: u32,
}

/// What lies in a region, as far as was asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Annotation {
    /// The motif sites inside, from left to right.
    pub sites: Option<Vec<RegionSite>>,
    /// The footprints over it.
    pub occupied: Option<Occupied>,
}

/// A top region of a pair's element.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionRecord {
    /// Where.
    pub region: Region,
    /// Whose.
    pub element: Element,
    /// From 1.
    pub rank: u8,
    /// Marginal attention of the bin × number of bins: what the track shows for this pair alone; of regions
    /// by contribution the sum over their bases, by activity what is predicted of the bin.
    pub value: f32,
    /// The pair, and what is predicted about it.
    pub prediction: Prediction,
    /// What lies in it.
    pub annotation: Annotation,
}

impl RegionRecord {
    /// A line of `top_regions.bed`: BED9 and the further fields of [`SCHEMA`]. The score, or what stands for
    /// it, depends on the other regions of the file.
    pub fn bed(&self, score: impl fmt::Display, chroms: &Chroms) -> impl fmt::Display {
        let Region { start, end, .. } = self.region;
        let element = self.element.name();
        let rgb = Rgb::of(self.element);
        format!(
            "{}\t{element}_{rank}{}\t{score}\t.\t{start}\t{end}\t{rgb}\t{element}\t{rank}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}{}",
            self.region.bed(chroms),
            self.annotation.in_name(),
            self.value,
            self.prediction.pair.id(chroms),
            self.prediction.probability,
            self.prediction.pair.label_text(),
            self.annotation.motifs(),
            self.annotation.footprint(),
            self.prediction.pair.gene_text(),
            self.prediction.part_text(),
            self.prediction.context_column(),
            rank = self.rank,
        )
    }

    /// The lines of the table of motif sites, without the last line's end; none without sites.
    pub fn sites(&self, chroms: &Chroms) -> Vec<String> {
        let region = self.region;
        let line = |site: &RegionSite| {
            let start = region.start + site.offset;
            format!(
                "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{start}\t{}\t{}\t{:.2e}\t{}\t{}\t{}{}",
                region.bed(chroms),
                self.element.name(),
                self.rank,
                self.prediction.pair.id(chroms),
                self.prediction.probability,
                self.prediction.pair.label_text(),
                field(&site.factor),
                field(&site.matrix),
                site.strand(),
                start + site.length,
                site.offset,
                site.p_value,
                self.annotation.footprint(),
                self.prediction.pair.gene_text(),
                self.prediction.part_text(),
                self.prediction.context_column(),
            )
        };
        let sites = self.annotation.sites.iter().flatten();
        sites.map(line).collect()
    }
}

impl RegionSite {
    fn strand(&self) -> char {
        if self.forward { '+' } else { '-' }
    }
}

impl Annotation {
    /// The factors whose motifs lie in the region, each once, that of the best site first.
    pub fn factors(&self) -> Vec<&str> {
        let mut sites: Vec<&RegionSite> = self.sites.iter().flatten().collect();
        sites.sort_by(|a, b| {
            let names = a.factor.cmp(&b.factor);
            a.p_value.total_cmp(&b.p_value).then(names)
        });
        let mut factors: Vec<&str> = Vec::new();
        for site in sites {
            if !factors.contains(&&*site.factor) {
                factors.push(&site.factor);
            }
        }
        factors
    }

    /// The first of the factors as a name ends with them, which is what every browser writes beside a
    /// region: `:CTCF,SP1,ZNF143,+2`; nothing without factors.
    fn in_name(&self) -> String {
        let factors = self.factors();
        if factors.is_empty() {
            return String::new();
        }
        let first = factors.iter().take(NAMED);
        let mut names: Vec<String> = first
            .map(|factor| field(factor).chars().take(NAME).collect())
            .collect();
        let more = factors.len().saturating_sub(NAMED);
        if more > 0 {
            names.push(format!("+{more}"));
        }
        format!(":{}", names.join(","))
    }

    /// The sites in one field.
    fn motifs(&self) -> String {
        let site = |site: &RegionSite| {
            format!(
                "{}|{}|{}|{}|{:.2e}",
                field(&site.factor),
                field(&site.matrix),
                site.strand(),
                site.offset,
                site.p_value
            )
        };
        match &self.sites {
            None => ".".to_string(),
            Some(sites) if sites.is_empty() => "none".to_string(),
            Some(sites) => sites.iter().map(site).collect::<Vec<_>>().join(","),
        }
    }

    /// The best score and the occupied bases, in two fields.
    fn footprint(&self) -> String {
        match self.occupied {
            None => ".\t.".to_string(),
            Some(Occupied { score, bases }) => format!("{score}\t{bases}"),
        }
    }
}

/// A name as part of a field: without what separates fields, sites and their parts.
pub(super) fn field(name: &str) -> String {
    let separates = |c: char| c.is_whitespace() || c.is_control() || "|,".contains(c);
    name.replace(separates, "_")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::element::Sides;
    use crate::genome::{ChromId, rewritten_bed};
    use crate::pairs::Pair;

    fn record(annotation: Annotation) -> RegionRecord {
        let region = |start, end| Region {
            chrom: ChromId(0),
            start,
            end,
        };
        RegionRecord {
            region: region(100, 145),
            element: Element::Enhancer,
            rank: 1,
            value: 25.0,
            prediction: Prediction {
                pair: Pair {
                    elements: Sides::new(region(50, 400), region(900, 990)),
                    label: Some(true),
                    line: 2,
                    gene: None,
                },
                probability: 0.5,
                logit: 0.0,
                part: None,
                context: None,
            },
            annotation,
        }
    }

    fn bed(annotation: Annotation) -> String {
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        record(annotation).bed(500, &chroms).to_string()
    }

    #[test]
    fn what_was_not_asked_is_not_what_was_not_found() {
        let none = Annotation {
            sites: Some(Vec::new()),
            occupied: Some(Occupied {
                score: 0.0,
                bases: 0,
            }),
        };
        assert!(bed(Annotation::default()).ends_with("\t1\t.\t.\t.\t.\t."));
        assert!(bed(none).ends_with("\t1\tnone\t0\t0\t.\t."));
    }

    #[test]
    fn a_name_tells_the_factors_of_the_best_sites() {
        let site = |factor: &str, p_value| RegionSite {
            factor: factor.into(),
            matrix: "M".into(),
            forward: true,
            offset: 0,
            length: 10,
            p_value,
        };
        let name = |sites: Vec<RegionSite>| {
            let line = bed(Annotation {
                sites: Some(sites),
                occupied: None,
            });
            line.split('\t').nth(3).unwrap().to_string()
        };
        assert_eq!(name(Vec::new()), "enhancer_1");
        let two = vec![site("SP1", 1e-4), site("MAX::MYC", 1e-6), site("SP1", 1e-7)];
        assert_eq!(name(two), "enhancer_1:SP1,MAX::MYC");
        let many = ["E", "D", "C", "B b", "A"].map(|factor| site(factor, 1e-5));
        assert_eq!(name(many.to_vec()), "enhancer_1:A,B_b,C,+2");
        assert_eq!(name(vec![site(&"x".repeat(99), 0.1)]).len(), 11 + 40);
    }

    proptest! {
        #[test]
        fn lines_are_those_of_noodles(
            chrom in "[A-Za-z0-9_]{1,20}",
            (factor, matrix) in ("[ -~]{1,20}", "[ -~]{1,20}"),
            (rank, value, score) in (0u16..=1000, -9f32..200.0, 0f32..400.0),
            (forward, p_value) in (any::<bool>(), 1e-12f32..1.0),
        ) {
            let site = RegionSite {
                factor: factor.into(),
                matrix: matrix.into(),
                forward,
                offset: 7,
                length: 10,
                p_value,
            };
            let annotation = Annotation {
                sites: Some(vec![site]),
                occupied: Some(Occupied { score, bases: 9 }),
            };
            let record = RegionRecord { value, ..record(annotation) };
            let chroms = Chroms::new([(chrom, 1000)]).unwrap();
            let line = format!("{}\n", record.bed(rank, &chroms));
            prop_assert_eq!(rewritten_bed(&line).unwrap(), line);
        }
    }

    #[test]
    fn no_name_ends_a_field() {
        let site = RegionSite {
            factor: "A,B|C\tD".into(),
            matrix: "M 1".into(),
            forward: false,
            offset: 7,
            length: 10,
            p_value: 3.14e-6,
        };
        let annotation = Annotation {
            sites: Some(vec![site.clone(), site]),
            occupied: None,
        };
        let line = bed(annotation.clone());
        let fields: Vec<&str> = line.split('\t').collect();
        let declared = SCHEMA.auto_sql.lines().filter(|line| line.contains(';'));
        assert_eq!(fields.len(), declared.count());
        assert_eq!(
            fields[15],
            "A_B_C_D|M_1|-|7|3.14e-6,A_B_C_D|M_1|-|7|3.14e-6"
        );
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let lines = record(annotation).sites(&chroms);
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[0].split('\t').count(),
            SITES_HEADER.split('\t').count()
        );
        assert!(lines[0].contains("\tA_B_C_D\tM_1\t-\t107\t117\t7\t3.14e-6\t.\t."));
    }
}
