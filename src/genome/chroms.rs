//! The chromosomes of a reference: names, lengths, order.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// A chromosome's place in its [`Chroms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChromId(pub u32);

/// The chromosomes of a reference, in the byte order of their names.
///
/// That order is the one that bigWig's chromosome tree, `bedSort` and `sort -k1,1` use, so that
/// sorting regions by [`ChromId`] sorts the output files as their readers expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chroms {
    names: Vec<String>,
    lengths: Vec<u32>,
    by_name: HashMap<String, ChromId>,
}

/// How a name of a table was found in the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Letter by letter.
    Same,
    /// After adding or taking away `chr`, or between `chrM` and `MT`.
    Translated,
}

impl Chroms {
    /// From names and lengths in any order.
    ///
    /// # Errors
    ///
    /// The name that occurs twice.
    pub fn new(chroms: impl IntoIterator<Item = (String, u32)>) -> Result<Self, String> {
        let mut sorted: Vec<(String, u32)> = chroms.into_iter().collect();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(pair[0].0.clone());
        }
        let ids = sorted.iter().zip((0..).map(ChromId));
        let by_name = ids.map(|((name, _), id)| (name.clone(), id)).collect();
        let (names, lengths) = sorted.into_iter().unzip();
        Ok(Self {
            names,
            lengths,
            by_name,
        })
    }

    /// The chromosome of this name, or of its other customary form (`1` for `chr1`).
    pub fn find(&self, name: &str) -> Option<(ChromId, Naming)> {
        if let Some(&id) = self.by_name.get(name) {
            return Some((id, Naming::Same));
        }
        let translated = match (name, name.strip_prefix("chr")) {
            ("chrM", _) => "MT".to_string(),
            ("MT", _) => "chrM".to_string(),
            (_, Some(bare)) => bare.to_string(),
            (_, None) => format!("chr{name}"),
        };
        let found = self.by_name.get(&translated);
        found.map(|&id| (id, Naming::Translated))
    }

    /// The name of a chromosome.
    pub fn name(&self, id: ChromId) -> &str {
        &self.names[id.0 as usize]
    }

    /// The number of bases of a chromosome.
    pub fn length(&self, id: ChromId) -> u32 {
        self.lengths[id.0 as usize]
    }

    /// All chromosomes as (name, length), in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        let names = self.names.iter().map(String::as_str);
        names.zip(self.lengths.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chroms(names: &[&str]) -> Chroms {
        Chroms::new(names.iter().map(|name| (name.to_string(), 10))).unwrap()
    }

    #[test]
    fn order_is_that_of_the_bytes() {
        let chroms = chroms(&["chr2", "chr10", "chrX", "chr1"]);
        let names: Vec<&str> = chroms.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["chr1", "chr10", "chr2", "chrX"]);
    }

    #[test]
    fn names_are_translated_and_it_is_said() {
        let ucsc = chroms(&["chr1", "chrM"]);
        assert_eq!(ucsc.find("chr1"), Some((ChromId(0), Naming::Same)));
        assert_eq!(ucsc.find("1"), Some((ChromId(0), Naming::Translated)));
        assert_eq!(ucsc.find("MT"), Some((ChromId(1), Naming::Translated)));
        assert_eq!(ucsc.find("2"), None);
        let ensembl = chroms(&["1", "MT"]);
        assert_eq!(ensembl.find("chr1"), Some((ChromId(0), Naming::Translated)));
        assert_eq!(ensembl.find("chrM"), Some((ChromId(1), Naming::Translated)));
    }

    #[test]
    fn a_name_that_occurs_twice_is_refused() {
        let twice = Chroms::new([("chr1".to_string(), 10), ("chr1".to_string(), 20)]);
        assert_eq!(twice, Err("chr1".to_string()));
    }
}
