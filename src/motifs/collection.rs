//! Matrices that are ready to be looked for.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::warn;

use super::background::{Background, BackgroundRule};
use super::matrix::Matrix;
use super::read::read_all;
use super::scanner::{Scanner, Threshold, validate};
use super::select::select;
use super::symbols::Symbols;
use crate::error::Result;
use crate::genome::Reference;
use crate::output::provenance::Input;
use crate::progress::Progress;

/// The largest p-value of a site, if nothing else is asked for: that of FIMO.
pub const P_VALUE: f64 = 1e-4;

/// Which motifs to look for, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MotifSearch<File> {
    /// Files of matrices.
    pub files: Vec<File>,
    /// Names or accessions of the matrices that are looked for; all where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// A table of symbols, see [`Symbols::with_table`].
    pub symbols: Option<File>,
    /// What counts as a site.
    pub threshold: Threshold,
    /// The background.
    pub background: BackgroundRule,
}

/// A search whose files are still to be read.
pub type CollectionRequest = MotifSearch<PathBuf>;
/// The same with the files' checksums.
pub type CollectionMade = MotifSearch<Input>;

impl CollectionRequest {
    /// The usual search with the matrices of these files: sites of p ≤ 1e-4, as FIMO's, by their
    /// names' factors and with a quarter of each base.
    pub fn new(files: Vec<PathBuf>) -> Self {
        Self {
            files,
            only: Vec::new(),
            symbols: None,
            threshold: Threshold::PValue(P_VALUE),
            background: BackgroundRule::Uniform,
        }
    }

    /// Checks that the matrices can be read, that each name is one of theirs, and what can be checked of
    /// the threshold and the background before any sequence is.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or used, names that no matrix has, a threshold that is none of these
    /// matrices, frequencies that are none.
    pub fn check(&self) -> Result<()> {
        if let BackgroundRule::Given(frequencies) = self.background {
            Background::new(frequencies)?;
        }
        let (matrices, _) = self.read()?;
        validate(&matrices, self.threshold)
    }

    /// The matrices that are looked for, and what they stand for.
    fn read(&self) -> Result<(Vec<Matrix>, Symbols)> {
        let all = read_all(&self.files)?;
        let symbols = match &self.symbols {
            Some(table) => Symbols::with_table(&all, table)?,
            None => Symbols::of(&all),
        };
        if self.only.is_empty() {
            return Ok((all, symbols));
        }
        let places = select(&all, &self.only)?;
        let matrices = places.iter().map(|&place| all[place].clone());
        Ok((matrices.collect(), symbols.at(&places)))
    }

    /// Every file that is read.
    pub fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.files.iter_mut().chain(&mut self.symbols)
    }

    /// What a file in `dir` is to say about the request.
    ///
    /// # Errors
    ///
    /// Files that cannot be read.
    pub fn made(&self, dir: &Path) -> Result<CollectionMade> {
        let input = |path: &PathBuf| Input::new(path)?.seen_from(dir);
        Ok(CollectionMade {
            files: self.files.iter().map(input).collect::<Result<_>>()?,
            only: self.only.clone(),
            symbols: self.symbols.as_ref().map(input).transpose()?,
            threshold: self.threshold,
            background: self.background,
        })
    }
}

/// Matrices, what they stand for, and what finds them.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The matrices.
    pub matrices: Vec<Matrix>,
    /// The factors of each.
    pub symbols: Symbols,
    /// How often each base occurs where there is no site.
    pub background: Background,
    /// Finds the sites.
    pub scanner: Scanner,
}

impl Collection {
    /// Reads matrices and works out their thresholds. Warns of those that no site can match.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or used, see [`read_all`], [`Symbols::with_table`],
    /// [`Background`] and [`Scanner::new`]; names that no matrix has.
    pub fn open(
        request: &CollectionRequest,
        reference: &mut Reference,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let (matrices, symbols) = request.read()?;
        let background = match request.background {
            BackgroundRule::Uniform => Background::uniform(),
            BackgroundRule::Reference => Background::of_reference(reference, progress)?,
            BackgroundRule::Given(frequencies) => Background::new(frequencies)?,
        };
        let scanner = Scanner::new(&matrices, &background, request.threshold)?;
        let collection = Self {
            matrices,
            symbols,
            background,
            scanner,
        };
        let never = collection.never();
        if let Some(first) = never.first() {
            let (never, all) = (never.len(), collection.matrices.len());
            warn!("no site can reach the threshold with {never} of {all} matrices, {first} first");
        }
        Ok(collection)
    }

    /// The accessions of the matrices that no site can match: even the best one stays below the
    /// threshold.
    pub fn never(&self) -> Vec<&str> {
        let id = |&matrix: &u32| &*self.matrices[matrix as usize].id;
        self.scanner.never.iter().map(id).collect()
    }
}
