//! Pairs as arcs: UCSC's interact format and WashU's longrange.

use std::fmt;

use super::bigbed::Schema;
use super::prediction::Prediction;
use crate::element::colours::Rgb;
use crate::element::{Element, Sides};
use crate::genome::{Chroms, Region};
use crate::pairs::{Gene, Pair};

/// The schema of the bigBed, <https://genome.ucsc.edu/goldenPath/help/interact.html> and three fields
/// more. Browsers know it by the table's name, and find arcs by theirs.
pub const SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/interact.as"),
    standard_fields: 5,
    indexed: Some(3),
};

/// The same of a run that has a context, with a field of what that alone says.
pub const CONTEXT_SCHEMA: Schema = Schema {
    auto_sql: include_str!("../../tracks/interactContext.as"),
    ..SCHEMA
};

/// An arc. A pair between two chromosomes has one on each, as the format asks for.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// The pair.
    pub prediction: Prediction,
    /// What the arc spans, or the end of it that lies on this chromosome.
    pub span: Region,
}

impl Link {
    /// The arcs of a pair.
    pub fn of(prediction: Prediction) -> impl Iterator<Item = Self> {
        let link = move |span| Self { prediction, span };
        spans(prediction.pair.elements).map(link)
    }

    /// A line of the bigInteract: the text format's, the pair's name, its gene and the part of the data
    /// that it belonged to; of a run with a context what that alone says.
    pub fn big_interact(&self, chroms: &Chroms, threshold: f64) -> impl fmt::Display {
        let pair = self.prediction.pair;
        format!(
            "{}\t{}\t{}\t{}{}",
            self.interact(chroms, threshold),
            pair.id(chroms),
            pair.gene_text(),
            self.prediction.part_text(),
            self.prediction.context_column(),
        )
    }

    /// A line of UCSC's text format, which has no room for more fields: from the enhancer, the source, to
    /// the promoter, the target. The arc is named after the gene, and after the pair where nobody names
    /// one.
    pub fn interact(&self, chroms: &Chroms, threshold: f64) -> impl fmt::Display {
        let prediction = &self.prediction;
        let score = (prediction.score(), prediction.probability);
        line(
            &prediction.pair,
            self.span,
            score,
            prediction.colour(threshold),
            chroms,
        )
    }
}

/// The places of a pair's arcs: what one spans, or each of its ends, if these lie on two chromosomes.
pub fn spans(elements: Sides<Region>) -> impl Iterator<Item = Region> {
    let Sides { enhancer, promoter } = elements;
    let spans = if enhancer.chrom == promoter.chrom {
        let span = Region {
            chrom: enhancer.chrom,
            start: enhancer.start.min(promoter.start),
            end: enhancer.end.max(promoter.end),
        };
        [Some(span), None]
    } else {
        [Some(enhancer), Some(promoter)]
    };
    spans.into_iter().flatten()
}

/// A line of UCSC's text format, whatever predicts the pair; what stands for its value, 0 to 1000, comes before
/// that.
pub fn line(
    pair: &Pair,
    span: Region,
    (score, value): (u16, impl fmt::Display),
    colour: Rgb,
    chroms: &Chroms,
) -> String {
    let class = match pair.label {
        Some(true) => "positive",
        Some(false) => "negative",
        None => "unlabelled",
    };
    // UCSC reads `r,g,b` as well, igv.js does not.
    let colour = colour.hex();
    let Sides {
        enhancer: source,
        promoter: target,
    } = pair.elements.map(|region| region.bed(chroms));
    let [enhancer, promoter] = [Element::Enhancer, Element::Promoter].map(Element::name);
    let gene = pair.gene.map(Gene::name);
    format!(
        "{}\t{}\t{score}\t{value}\t{class}\t{colour}\t{source}\t{enhancer}\t.\t{target}\t{}\t.",
        span.bed(chroms),
        gene.map_or_else(|| pair.id(chroms).to_string(), str::to_string),
        gene.unwrap_or(promoter),
    )
}

/// One side of a pair with the other in its name, WashU's longrange
/// (<https://epigenomegateway.readthedocs.io/en/latest/tracks.html>), in which each pair has two
/// lines.
pub fn longrange(prediction: &Prediction, element: Element, chroms: &Chroms) -> impl fmt::Display {
    let Sides { enhancer, promoter } = prediction.pair.elements;
    let (own, other) = match element {
        Element::Enhancer => (enhancer, promoter),
        Element::Promoter => (promoter, enhancer),
    };
    format!(
        "{}\t{},{}",
        own.bed(chroms),
        other.named(chroms),
        prediction.probability
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use crate::pairs::Part;

    fn prediction(promoter_chrom: u32, label: Option<bool>) -> (Chroms, Prediction) {
        let names = ["chr1", "chr2"].map(|name| (name.to_string(), 10_000));
        let region = |chrom, start, end| Region {
            chrom: ChromId(chrom),
            start,
            end,
        };
        let pair = Pair {
            elements: Sides::new(region(0, 5000, 5200), region(promoter_chrom, 100, 400)),
            label,
            line: 2,
            gene: None,
        };
        let prediction = Prediction {
            pair,
            probability: 0.75,
            logit: 1.1,
            part: None,
            context: None,
        };
        (Chroms::new(names).unwrap(), prediction)
    }

    #[test]
    fn an_arc_goes_from_the_enhancer_to_the_promoter() {
        let (chroms, prediction) = prediction(0, Some(true));
        let lines: Vec<String> = Link::of(prediction)
            .map(|link| link.interact(&chroms, 0.5).to_string())
            .collect();
        assert_eq!(
            lines,
            [
                "chr1\t100\t5200\tchr1:5000-5200~chr1:100-400\t750\t0.75\tpositive\t#3399dd\t\
                 chr1\t5000\t5200\tenhancer\t.\tchr1\t100\t400\tpromoter\t."
            ]
        );
    }

    #[test]
    fn a_pair_between_chromosomes_has_an_arc_on_each() {
        let (chroms, prediction) = prediction(1, None);
        let starts: Vec<String> = Link::of(prediction)
            .map(|link| link.interact(&chroms, 0.8).to_string())
            .map(|line| line.split('\t').take(3).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(starts, ["chr1 5000 5200", "chr2 100 400"]);
        let link = Link::of(prediction).next().unwrap();
        let line = link.interact(&chroms, 0.8).to_string();
        assert!(line.contains("\tunlabelled\t#c0c0c0\t"), "{line}");
    }

    #[test]
    fn an_arc_is_called_after_its_gene() {
        let (chroms, mut prediction) = prediction(0, Some(false));
        prediction.pair.gene = Gene::new("MYC");
        prediction.part = Some(Part::Test);
        let link = Link::of(prediction).next().unwrap();
        let line = link.big_interact(&chroms, 0.5).to_string();
        let fields: Vec<&str> = line.split('\t').collect();
        let declared = SCHEMA.auto_sql.lines().filter(|line| line.contains(';'));
        assert_eq!(fields.len(), declared.count());
        assert_eq!(
            [fields[3], fields[11], fields[16]],
            ["MYC", "enhancer", "MYC"]
        );
        let id = prediction.pair.id(&chroms).to_string();
        assert_eq!(fields[18..], [id.as_str(), "MYC", "test"]);
        prediction.context = Some(0.5);
        let link = Link::of(prediction).next().unwrap();
        let known = link.big_interact(&chroms, 0.5).to_string();
        assert_eq!(known, format!("{line}\t0.5"));
        let declared = CONTEXT_SCHEMA.auto_sql.lines();
        let declared = declared.filter(|line| line.contains(';'));
        assert_eq!(known.split('\t').count(), declared.count());
        // The text format has 18 fields, whatever is known.
        let text = link.interact(&chroms, 0.5).to_string();
        assert_eq!(text.split('\t').count(), 18);
    }

    #[test]
    fn a_side_names_the_other() {
        let (chroms, prediction) = prediction(1, Some(false));
        let line = |element| longrange(&prediction, element, &chroms).to_string();
        assert_eq!(
            line(Element::Enhancer),
            "chr1\t5000\t5200\tchr2:100-400,0.75"
        );
        assert_eq!(
            line(Element::Promoter),
            "chr2\t100\t400\tchr1:5000-5200,0.75"
        );
    }
}
