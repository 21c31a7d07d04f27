//! Genes below a window, in as few rows as hold them with their names: a line from end to end that points
//! along the strand, exons as boxes, higher where they code.

use std::ops::Range;

use super::packing::Rows;
use crate::figures::chart::axis::Scale;
use crate::figures::drawing::colour::{Colour, GREY, WHITE};
use crate::figures::drawing::font;
use crate::figures::drawing::page::SMALL;
use crate::figures::drawing::{Drawing, Paint, Rect, Stroke, Text};
use crate::figures::track::Gene;
use crate::genome::Strand;

/// From one row to the next: the name, and below it the gene.
const ROW: f64 = 13.0;
/// From the top of a row to the baseline of the name, and to the middle of the gene.
const BASELINE: f64 = 4.6;
const MIDDLE: f64 = 9.0;
/// Half the height of what codes, and of the rest of the exons.
const CODING: f64 = 2.2;
const UNTRANSLATED: f64 = 1.2;
/// The narrowest gene, and the narrowest exon.
const NARROWEST: f64 = 1.0;
const NARROWEST_EXON: f64 = 0.5;
/// Between two genes or their names.
const GAP: f64 = 3.0;
/// From one arrow head to the next, and a head's length and half its height.
const ARROWS: f64 = 9.0;
const HEAD: (f64, f64) = (1.3, 1.5);
/// A figure has no more rows: then names go, and it says how many genes it leaves out.
const ROWS: usize = 5;

/// Genes that have found their rows.
pub struct PackedGenes {
    placed: Vec<(usize, Placed)>,
    rows: Rows,
    left: f64,
}

/// A gene on the page.
struct Placed {
    ends: (f64, f64),
    parts: Vec<Part>,
    strand: Option<Strand>,
    name: String,
    /// Where the name begins.
    at: f64,
}

/// A box of an exon.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    ends: (f64, f64),
    half: f64,
}

impl PackedGenes {
    /// Packs the genes of a window between two ends of the page: the first one has the choice.
    pub fn new(genes: &[Gene], window: &Range<u32>, page: (f64, f64)) -> Self {
        let mut packed = Self {
            placed: Vec::new(),
            rows: Rows::new(ROWS, GAP),
            left: page.0,
        };
        for gene in genes {
            let named = Placed::new(gene, window, page);
            let placed = packed
                .rows
                .place(named, Placed::extent, |of| of.name.clear());
            packed.placed.extend(placed);
        }
        packed
    }

    /// The height that [`PackedGenes::draw`] needs.
    pub fn height(&self) -> f64 {
        self.rows.height(ROW)
    }

    /// Draws the genes below `top`.
    pub fn draw(&self, drawing: &mut Drawing, colour: Colour, top: f64) {
        let top_of = |row: usize| top + row as f64 * ROW;
        for (row, placed) in &self.placed {
            let top = top_of(*row);
            placed.draw(drawing, colour, top + MIDDLE);
            let at = (placed.at, top + BASELINE);
            drawing.text(Text::new(&placed.name, SMALL, at));
        }
        if let Some(words) = self.rows.remark() {
            let at = (self.left, top_of(self.rows.count()) + BASELINE);
            drawing.text(Text::new(&words, SMALL, at).colour(GREY));
        }
    }
}

impl Placed {
    fn new(gene: &Gene, window: &Range<u32>, page: (f64, f64)) -> Self {
        let scale = Scale::bases(window, page);
        let ends = |bases: &Range<u32>, narrowest: f64| {
            let [from, to] = [bases.start, bases.end]
                .map(|end| scale.at(end.clamp(window.start, window.end).into()));
            let to = to.max(from + narrowest).min(page.1);
            (from.min(to - narrowest).max(page.0), to)
        };
        let inside = |bases: &Range<u32>| {
            let part = bases.start.max(window.start)..bases.end.min(window.end);
            (!part.is_empty()).then_some(part)
        };
        let part = |bases: Range<u32>, half: f64| Part {
            ends: ends(&bases, NARROWEST_EXON),
            half,
        };
        let mut parts = Vec::new();
        for exon in gene.exons.iter().filter_map(inside) {
            parts.push(part(exon.clone(), UNTRANSLATED));
            let coding = gene.coding.clone().unwrap_or_default();
            let coding = coding.start.max(exon.start)..coding.end.min(exon.end);
            if !coding.is_empty() {
                parts.push(part(coding, CODING));
            }
        }
        let ends = ends(&gene.feature.bases, NARROWEST);
        let name = font::shortened(&gene.feature.name, SMALL, page.1 - page.0);
        let last = page.1 - font::width(&name, SMALL);
        Self {
            ends,
            parts,
            strand: gene.feature.strand,
            at: ends.0.min(last).max(page.0),
            name,
        }
    }

    /// From where to where the gene and its name reach.
    fn extent(&self) -> (f64, f64) {
        let (from, to) = self.ends;
        match font::width(&self.name, SMALL) {
            0.0 => (from, to),
            wide => (from.min(self.at), to.max(self.at + wide)),
        }
    }

    fn draw(&self, drawing: &mut Drawing, colour: Colour, middle: f64) {
        let (from, to) = self.ends;
        drawing.line([(from, middle), (to, middle)], Stroke::new(colour, 0.6));
        for Part { ends, half } in &self.parts {
            let place = Rect::between((ends.0, middle - half), (ends.1, middle + half));
            drawing.rect(place, Paint::Fill(colour));
        }
        let Some(strand) = self.strand else { return };
        let back = match strand {
            Strand::Forward => -HEAD.0,
            Strand::Reverse => HEAD.0,
        };
        for tip in self.arrows() {
            // On a box it has to be seen, too.
            let on_box = |part: &Part| part.ends.0 <= tip && tip <= part.ends.1;
            let colour = match self.parts.iter().any(on_box) {
                true => WHITE,
                false => colour,
            };
            let above = (tip + back, middle - HEAD.1);
            let below = (tip + back, middle + HEAD.1);
            drawing.line([above, (tip, middle), below], Stroke::new(colour, 0.6));
        }
    }

    /// Where the tips of the arrow heads are: as many as have room, evenly.
    fn arrows(&self) -> impl Iterator<Item = f64> {
        let (from, to) = self.ends;
        let count = ((to - from) / ARROWS).floor();
        let apart = (to - from) / (count + 1.0);
        (1..=count as usize).map(move |number| from + number as f64 * apart)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figures::drawing::Step;
    use crate::figures::drawing::canvas::Shape;
    use crate::figures::pair::tests::gene;

    const PAGE: (f64, f64) = (100.0, 190.0);
    const INK: Colour = Colour::new(1, 2, 3);

    fn corners(shape: &Shape) -> Vec<(f64, f64)> {
        let Shape::Path(steps, _) = shape else {
            return Vec::new();
        };
        let corner = |step: &Step| match step {
            Step::Move(to) | Step::Line(to) => Some(*to),
            Step::Curve(..) | Step::Close => None,
        };
        steps.iter().filter_map(corner).collect()
    }

    #[test]
    fn exons_lie_in_their_places_and_what_codes_is_higher() {
        // A base is a point wide.
        let of = gene("MYC", 4990..5200, Strand::Reverse);
        let of = Gene {
            exons: vec![4990..5010, 5040..5060],
            coding: Some(5050..5100),
            ..of
        };
        let packed = PackedGenes::new(std::slice::from_ref(&of), &(5000..5090), PAGE);
        assert_eq!((packed.height(), packed.placed[0].1.ends), (ROW, PAGE));
        let part = |from: f64, to: f64, half: f64| Part {
            ends: (from, to),
            half,
        };
        let wanted = [
            part(100.0, 110.0, UNTRANSLATED),
            part(140.0, 160.0, UNTRANSLATED),
            part(150.0, 160.0, CODING),
        ];
        assert_eq!(packed.placed[0].1.parts, wanted);
        // A gene that fills its window has its name all the same.
        assert_eq!(packed.placed[0].1.name, "MYC");
    }

    #[test]
    fn arrows_point_along_the_strand() {
        for strand in [Strand::Forward, Strand::Reverse] {
            let of = gene("A", 5010..5080, strand);
            let mut drawing = Drawing::new(200.0);
            let packed = PackedGenes::new(&[of], &(5000..5090), PAGE);
            packed.draw(&mut drawing, INK, 0.0);
            let paths = drawing.shapes().iter().map(corners);
            let heads: Vec<_> = paths.filter(|path| path.len() == 3).collect();
            assert_eq!(heads.len(), 7);
            let forward = heads.iter().all(|head| head[0].0 < head[1].0);
            let reverse = heads.iter().all(|head| head[0].0 > head[1].0);
            let is_forward = strand == Strand::Forward;
            assert_eq!((forward, reverse), (is_forward, !is_forward));
        }
    }

    proptest! {
        #[test]
        fn genes_and_names_never_touch_or_leave_the_panel(
            all in prop::collection::vec((4900u32..5099, 2u32..300, ".{0,30}"), 0..40)
        ) {
            let genes: Vec<Gene> = all
                .iter()
                .map(|(start, length, name)| {
                    gene(name, *start..(start + length).max(5001), Strand::Forward)
                })
                .collect();
            let packed = PackedGenes::new(&genes, &(5000..5100), PAGE);
            prop_assert_eq!(packed.placed.len() + packed.rows.left_out(), genes.len());
            for (number, (row, a)) in packed.placed.iter().enumerate() {
                let (from, to) = a.extent();
                prop_assert!(PAGE.0 <= from + 1e-9 && to <= PAGE.1 + 1e-9);
                prop_assert!(*row < ROWS);
                for (other_row, b) in &packed.placed[..number] {
                    let other = b.extent();
                    prop_assert!(row != other_row || to < other.0 || other.1 < from);
                }
            }
        }
    }
}
