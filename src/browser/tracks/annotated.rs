//! What a folder of tracks knows of top regions: the factors whose motifs lie in them, and footprints.

use super::Folder;
use super::summary::SITES;
use crate::error::{Error, Result};
use crate::formats::{
    Annotated, MergedPlace, read_footprints, read_merged, read_sites, read_top_regions,
};
use crate::genome::{Chroms, Overlaps, Region};

/// The merged regions of a folder.
const MERGED: &str = "merged_regions.bed";

impl Folder {
    /// Whether motif sites were looked for in the regions with the most attention.
    pub fn knows_sites(&self) -> bool {
        let made = &self.summary.made;
        made.annotation.motifs.is_some() && made.rank.is_attention()
    }

    /// What is known of the regions with the most attention in some windows; nothing where the folder's are
    /// ranked by something else, which are others.
    ///
    /// # Errors
    ///
    /// Files of the folder that are not there any more, or are not what `tracks` wrote.
    pub fn annotations(
        &self,
        windows: impl IntoIterator<Item = Region>,
        chroms: &Chroms,
    ) -> Result<Annotated> {
        let mut annotations = Annotated::new();
        let made = &self.summary.made;
        if !made.rank.is_attention() {
            return Ok(annotations);
        }
        let windows = Overlaps::of(windows.into_iter().collect());
        let keep = |region: &Region| windows.places(*region).next().is_some();
        if made.annotation.footprints.is_some() {
            let path = self.dir.join("top_regions.bed");
            read_footprints(&path, chroms, keep, &mut annotations)?;
        }
        if self.knows_sites() {
            let path = self.dir.join(SITES);
            read_sites(&path, chroms, keep, &mut annotations)?;
        }
        Ok(annotations)
    }

    /// The motif sites in the folder's own top regions, as far as these share a base with some regions; `tracks`
    /// has looked for motifs.
    ///
    /// # Errors
    ///
    /// A file of the folder that is not there any more, or is not what `tracks` wrote.
    pub fn sites(&self, shown: &[Region], chroms: &Chroms) -> Result<Annotated> {
        let mut annotations = Annotated::new();
        let path = self.dir.join(SITES);
        read_sites(&path, chroms, in_any(shown), &mut annotations)?;
        Ok(annotations)
    }

    /// The folder's own top regions that share a base with some regions, each once.
    ///
    /// # Errors
    ///
    /// As [`Folder::sites`].
    pub fn top_regions(&self, shown: &[Region], chroms: &Chroms) -> Result<Vec<Region>> {
        let path = self.dir.join("top_regions.bed");
        read_top_regions(&path, chroms, in_any(shown))
    }

    /// The merged regions that share a base with some regions.
    ///
    /// # Errors
    ///
    /// As [`Folder::sites`]; a folder of a version that did not merge regions.
    pub fn merged_regions(&self, shown: &[Region], chroms: &Chroms) -> Result<Vec<MergedPlace>> {
        let path = self.dir.join(MERGED);
        if !path.exists() {
            let problem =
                format!("has no {MERGED}, as those of earlier versions: write the tracks anew");
            return Err(Error::format(&self.dir, problem));
        }
        read_merged(&path, chroms, in_any(shown))
    }
}

/// Whether a region shares a base with any of some.
fn in_any(regions: &[Region]) -> impl Fn(&Region) -> bool {
    let regions = Overlaps::of(regions.to_vec());
    move |region: &Region| regions.places(*region).next().is_some()
}
