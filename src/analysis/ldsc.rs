//! What tracks say at variants, for stratified LD score regression (Finucane et al. 2015,
//! doi:10.1038/ng.3404): `.annot.gz` as `ldsc.py --l2 --annot` reads it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tracing::{info, warn};

use crate::browser::tracks::Folder;
use crate::element::{Element, Sides};
use crate::error::{Error, IoContext, Result, RowProblem};
use crate::formats::BigWig;
use crate::genome::{Chroms, Overlaps, Region, Segment, read_bed_rows};
use crate::output::{self, Claim, FolderKind, Partial};
use crate::text::Lines;

/// Bases of a track that are in memory at once.
const TILE: u32 = 1 << 20;

/// A variant of a `.bim` file: its fields, and its base where the tracks have its chromosome.
struct Variant {
    chrom: String,
    name: String,
    centimorgans: String,
    position: String,
    base: Option<Region>,
}

/// A track of values of bases.
struct Track {
    name: String,
    file: BigWig,
    chroms: Chroms,
    /// Where the values in memory lie, and they.
    tile: Option<(Region, Vec<Segment>)>,
    /// Whether values have a sign, of which only the size is written.
    is_signed: bool,
}

impl Track {
    fn new(name: String, path: &Path, chroms: &Chroms, is_signed: bool) -> Result<Self> {
        Ok(Self {
            name,
            file: BigWig::open(path)?,
            chroms: chroms.clone(),
            tile: None,
            is_signed,
        })
    }

    /// The value of a base; 0 where there is none.
    fn value(&mut self, base: Region) -> Result<f32> {
        let held = |(tile, _): &(Region, Vec<Segment>)| tile.overlap(&base) > 0;
        if !self.tile.as_ref().is_some_and(held) {
            let start = base.start / TILE * TILE;
            let end = self
                .chroms
                .length(base.chrom)
                .min(start.saturating_add(TILE));
            let tile = Region { start, end, ..base };
            let name = self.chroms.name(base.chrom);
            let segments = match self.file.has(name) {
                true => self.file.segments(name, tile)?,
                false => Vec::new(),
            };
            self.tile = Some((tile, segments));
        }
        let segments = self.tile.as_ref().map_or(&[][..], |(_, segments)| segments);
        let before = segments.partition_point(|segment| segment.region.end <= base.start);
        let over = segments.get(before);
        let value = over.filter(|segment| segment.region.start <= base.start);
        let value = value.map_or(0.0, |segment| segment.value);
        Ok(if self.is_signed { value.abs() } else { value })
    }
}

/// What a folder of tracks says at a base.
struct Annotations {
    chroms: Chroms,
    /// The top regions of either side.
    top: Sides<Overlaps<()>>,
    tracks: Vec<Track>,
}

impl Annotations {
    fn open(folder: &Folder) -> Result<Self> {
        let summary = &folder.summary;
        let path = |file: &str| folder.dir.join(file);
        let chroms = BigWig::open(&path(&summary.tracks.enhancer.file))?.reference_chroms()?;
        let other = BigWig::open(&path(&summary.tracks.promoter.file))?.reference_chroms()?;
        // Either may lack chromosomes of the other.
        let new = other.iter().filter(|(name, _)| chroms.find(name).is_none());
        let both = chroms.iter().chain(new);
        let both = both.map(|(name, length)| (name.to_string(), length));
        let twice = |name| Error::format(&folder.dir, format!("has {name} twice"));
        let chroms = Chroms::new(both).map_err(twice)?;
        let mut tracks = Vec::new();
        let contributed = summary.contribution.iter();
        let contributed = contributed.map(|of| (of.measure(), &of.tracks, true));
        let attention = ("attention", &summary.tracks, false);
        for (kind, sides, is_signed) in [attention].into_iter().chain(contributed) {
            for (element, track) in sides.iter() {
                let name = format!("{}_{kind}", element.name());
                tracks.push(Track::new(name, &path(&track.file), &chroms, is_signed)?);
            }
        }
        Ok(Self {
            top: top_regions(&path("top_regions.bed"), &chroms)?,
            tracks,
            chroms,
        })
    }

    fn header(&self) -> String {
        let top = Element::BOTH.map(|element| format!("{}_top", element.name()));
        let tracks = self.tracks.iter().map(|track| track.name.clone());
        let columns: Vec<String> = top.into_iter().chain(tracks).collect();
        format!("CHR\tBP\tSNP\tCM\t{}", columns.join("\t"))
    }

    fn line(&mut self, variant: &Variant) -> Result<String> {
        let Variant {
            chrom,
            position,
            name,
            centimorgans,
            base,
        } = variant;
        let mut line = format!("{chrom}\t{position}\t{name}\t{centimorgans}");
        for (_, regions) in self.top.iter() {
            let inside = base.is_some_and(|base| regions.overlapping(base).next().is_some());
            line += &format!("\t{}", u8::from(inside));
        }
        for track in &mut self.tracks {
            let value = base.map_or(Ok(0.0), |base| track.value(base))?;
            line += &format!("\t{value}");
        }
        Ok(line)
    }
}

/// The top regions of either side.
fn top_regions(path: &Path, chroms: &Chroms) -> Result<Sides<Overlaps<()>>> {
    let mut sides: Sides<Vec<(Region, ())>> = Sides::default();
    let rows = read_bed_rows(
        path,
        chroms,
        |_| {},
        |region, row| {
            let name = row.field(9, "element")?;
            let element = Element::BOTH.into_iter().find(|of| of.name() == name);
            let unknown = || RowProblem::Missing("element".to_string());
            Ok((element.ok_or_else(unknown)?, region))
        },
    )?;
    for (element, region) in rows {
        sides.get_mut(element).push((region, ()));
    }
    Ok(sides.map(Overlaps::new))
}

/// Writes for each `.bim` file of PLINK what a folder of tracks says at its variants, `NAME.annot.gz` in
/// `out`, which is made: whether they lie in a top region, the attention, and where the folder has them the
/// sizes of the contributions; 0 where no window is. Returns the files.
///
/// # Errors
///
/// A folder without tracks; bad rows, all of a file together; a folder that cannot be written to.
pub fn write(tracks: &Path, bims: &[PathBuf], out: &Path) -> Result<Vec<PathBuf>> {
    let folder = Folder::open(tracks)?;
    let mut names = BTreeSet::new();
    if let Some(twice) = bims.iter().find(|bim| !names.insert(bim.file_stem())) {
        let problem = "has the name of another: its annotations would replace those";
        return Err(Error::format(twice, problem));
    }
    let mut annotations = Annotations::open(&folder)?;
    let _claim = Claim::folder(out, FolderKind::Annotations)?;
    let mut written = Vec::new();
    for bim in bims {
        let name = bim.file_stem().unwrap_or_default().to_string_lossy();
        let path = out.join(format!("{name}.annot.gz"));
        output::spare(std::slice::from_ref(&path), [bim.as_path()])?;
        let variants = read(bim, &annotations.chroms)?;
        let known = variants.iter().filter(|variant| variant.base.is_some());
        let known = known.count();
        let file = Partial::new(&path);
        let mut writer = GzEncoder::new(file.create()?, Compression::default());
        let mut say = |line: String| writeln!(writer, "{line}").at(file.target());
        say(annotations.header())?;
        for variant in &variants {
            say(annotations.line(variant)?)?;
        }
        writer
            .finish()
            .and_then(|mut file| file.flush())
            .at(file.target())?;
        file.complete()?;
        let all = variants.len();
        match known {
            0 => warn!(
                "{}: none of {all} variants lies on a chromosome of the tracks",
                bim.display()
            ),
            _ => info!(
                "{}: {all} variants, {known} on the tracks' chromosomes",
                path.display()
            ),
        }
        written.push(path);
    }
    Ok(written)
}

/// Reads a `.bim` file: chromosome, name, centimorgans and position, 1-based, of each variant
/// (<https://www.cog-genomics.org/plink/1.9/formats#bim>).
fn read(path: &Path, chroms: &Chroms) -> Result<Vec<Variant>> {
    let (variants, bad) = Lines::open(path)?.rows(|_, line| Some(Variant::parse(line, chroms)))?;
    Error::bad_rows([(path, bad)])?;
    Ok(variants)
}

impl Variant {
    fn parse(line: &str, chroms: &Chroms) -> Result<Self, RowProblem> {
        let mut fields = line.split_whitespace();
        let mut next = |name: &str| {
            let field = fields.next().map(str::to_string);
            field.ok_or_else(|| RowProblem::Missing(name.to_string()))
        };
        let (chrom, name) = (next("chromosome")?, next("name")?);
        let (centimorgans, position) = (next("centimorgans")?, next("position")?);
        let place: Option<u32> = position.parse().ok().filter(|&place| place > 0);
        let place = place.ok_or_else(|| RowProblem::NotAPosition {
            column: "position".to_string(),
            value: position.clone(),
        })?;
        let found = chroms.find(named(&chrom)).map(|(chrom, _)| chrom);
        let base = found.and_then(|chrom| Region::new(chrom, place - 1, place));
        Ok(Self {
            base: base.filter(|base| base.end <= chroms.length(base.chrom)),
            chrom,
            name,
            centimorgans,
            position,
        })
    }
}

/// The name of a chromosome that PLINK has a number for.
fn named(chrom: &str) -> &str {
    match chrom {
        "23" => "X",
        "24" => "Y",
        "26" => "MT",
        other => other,
    }
}
