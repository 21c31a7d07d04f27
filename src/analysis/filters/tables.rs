//! What was found as tables, files of matrices, and a figure.

use std::fmt::{Display, LowerExp};
use std::path::Path;

use super::compared::{FOUND, Nearest};
use super::found::{Found, Motifs};
use super::sites::FEWEST;
use crate::error::Result;
use crate::figures::{Figure, Logo, MOST_LOGOS, logos};
use crate::genome::Strand;
use crate::motifs::{Background, Matrix, to_jaspar, to_meme};
use crate::output;

/// The names of all files but the figure's; none is written where it would have nothing to say.
pub const FILES: [&str; 7] = [
    "filters.tsv",
    "filters.meme",
    "filters.jaspar",
    "seqlets.tsv",
    "seqlets.meme",
    "seqlets.jaspar",
    "known.tsv",
];

/// The figure's name.
pub const FIGURE: &str = "filters";

const FILTERS: &str = "filter\tstatus\tlargest\tsites\tinformation\tconsensus\tmatrix\tname\toffset\toverlap\t\
    strand\tp\tq\tchange\tchange_positive\tchange_negative";
const SEQLETS: &str = "cluster\tseqlets\tenhancer\tpromoter\tcontribution\tinformation\tconsensus\t\
    matrix\tname\toffset\toverlap\tstrand\tp\tq";
const KNOWN: &str = "matrix\tname\tfilter\tfilter_p\tfilter_q\tcluster\tcluster_p\tcluster_q";

/// Writes everything but the summary.
pub fn write(found: &Found, title: &str, dir: &Path) -> Result<()> {
    output::write_table(dir.join("filters.tsv"), FILTERS, filters(found))?;
    matrices(&found.filters, &dir.join("filters"))?;
    if !found.clusters.is_empty() {
        output::write_table(dir.join("seqlets.tsv"), SEQLETS, clusters(found))?;
        matrices(&found.seqlets, &dir.join("seqlets"))?;
    }
    if !found.known.is_empty() {
        output::write_table(dir.join("known.tsv"), KNOWN, known(found))?;
    }
    if let Some(figure) = figure(found, title)? {
        figure.write_all(dir, FIGURE)?;
    }
    Ok(())
}

fn matrices(motifs: &Motifs, path: &Path) -> Result<()> {
    if motifs.matrices.is_empty() {
        return Ok(());
    }
    output::write(path.with_extension("meme"), to_meme(&motifs.matrices))?;
    output::write(path.with_extension("jaspar"), to_jaspar(&motifs.matrices))
}

fn filters(found: &Found) -> impl Iterator<Item = Vec<String>> {
    found.sites.iter().enumerate().map(move |(filter, sites)| {
        let status = match (found.filters.places[filter], sites.largest > 0.0) {
            (Some(_), _) => "matrix",
            (None, true) => "few",
            (None, false) => "dead",
        };
        let silenced = found.silenced[filter];
        let mut row = vec![
            format!("filter_{filter}"),
            status.to_string(),
            sites.largest.to_string(),
            sites.count().to_string(),
        ];
        row.extend(told_of(&found.filters, filter, &found.known));
        row.extend([
            fixed(silenced.map(|of| of.change)),
            fixed(silenced.and_then(|of| of.positive)),
            fixed(silenced.and_then(|of| of.negative)),
        ]);
        row
    })
}

fn clusters(found: &Found) -> impl Iterator<Item = Vec<String>> {
    found
        .clusters
        .iter()
        .enumerate()
        .map(move |(place, cluster)| {
            let [enhancer, promoter] = cluster.elements;
            let mut row = vec![
                format!("seqlets_{}", place + 1),
                (enhancer + promoter).to_string(),
                enhancer.to_string(),
                promoter.to_string(),
                fixed(Some(cluster.contribution)),
            ];
            row.extend(told_of(&found.seqlets, place, &found.known));
            row
        })
}

/// Information, consensus and the nearest known matrix of the one that something may have: nine fields.
fn told_of(motifs: &Motifs, place: usize, known: &[Matrix]) -> [String; 9] {
    let place = motifs.places[place];
    let matrix = place.map(|place| &motifs.matrices[place]);
    let nearest = place.and_then(|place| motifs.compared.nearest[place]);
    let other = nearest.map(|nearest| &known[nearest.place]);
    let likeness = nearest.map(|nearest| nearest.likeness);
    let strand = likeness.map(|of| match of.strand {
        Strand::Forward => "+",
        Strand::Reverse => "-",
    });
    [
        fixed(matrix.map(Found::information)),
        told(matrix.map(Matrix::consensus)),
        told(other.map(|other| &other.id)),
        told(other.map(|other| &other.name)),
        told(likeness.map(|of| of.offset)),
        told(likeness.map(|of| of.overlap)),
        told(strand),
        small(likeness.map(|of| of.p)),
        small(nearest.map(|nearest| nearest.q)),
    ]
}

fn known(found: &Found) -> impl Iterator<Item = Vec<String>> {
    let best = |motifs: &Motifs, nearest: Option<Nearest>| {
        let id = nearest.map(|nearest| motifs.matrices[nearest.place].id.clone());
        let p = nearest.map(|nearest| nearest.likeness.p);
        [told(id), small(p), small(nearest.map(|nearest| nearest.q))]
    };
    found.known.iter().enumerate().map(move |(place, matrix)| {
        let names = [&matrix.id, &matrix.name].map(Clone::clone);
        let filter = best(&found.filters, found.filters.compared.found[place]);
        let cluster = best(&found.seqlets, found.seqlets.compared.found[place]);
        let fields = names.into_iter().chain(filter).chain(cluster);
        fields.collect::<Vec<String>>()
    })
}

/// The logos of the filters without which answers change most; none where no filter has a matrix.
fn figure(found: &Found, title: &str) -> Result<Option<Figure>> {
    let mut shown = found.by_importance();
    shown.truncate(MOST_LOGOS);
    let about = |filter: usize| -> Option<(String, String, Vec<[f64; 4]>)> {
        let place = found.filters.places[filter]?;
        let matrix = &found.filters.matrices[place];
        let nearest = found.filters.compared.nearest[place];
        let nearest = nearest.filter(|nearest| nearest.q < FOUND);
        let like = nearest.map_or(String::new(), |of| {
            format!(": {}, q {:.1e}", found.known[of.place].name, of.q)
        });
        let change = found.silenced[filter].map_or(String::new(), |of| {
            format!(", without it logits change by {:.3}", of.change)
        });
        let sites = found.sites[filter].count();
        let columns = matrix.probabilities(&Background::uniform());
        let remark = format!("{sites} sites{change}");
        Some((format!("{}{like}", matrix.id), remark, columns))
    };
    let about: Vec<_> = shown.into_iter().filter_map(about).collect();
    if about.is_empty() {
        return Ok(None);
    }
    let shown = about.iter().map(|(name, remark, columns)| Logo {
        name,
        remark,
        columns,
    });
    let shown: Vec<Logo> = shown.collect();
    let remark = format!(
        "the {} of {} filters without which answers change most; of {FEWEST} sites or more; bits",
        shown.len(),
        found.sites.len()
    );
    logos(title, &remark, &shown).map(Some)
}

/// A field; empty where there is nothing.
fn told(value: Option<impl Display>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// A number of ordinary size.
fn fixed(value: Option<f64>) -> String {
    told(value.map(|value| format!("{value:.4}")))
}

/// A number that may be very small.
fn small(value: Option<impl LowerExp>) -> String {
    told(value.map(|value| format!("{value:.3e}")))
}
