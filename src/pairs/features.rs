//! Numbers about pairs, for methods that learn from them.

mod read;
mod regions;

pub use regions::Regions;

use crate::error::{Error, Result};

/// Features of every pair of a table of pairs, in its order; every value is a finite number.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureTable {
    names: Vec<String>,
    /// For each feature its value for every pair.
    columns: Vec<Vec<f32>>,
}

impl FeatureTable {
    /// From the features of each pair, in the order of the pairs: a name for each feature and its
    /// value for every pair.
    ///
    /// # Errors
    ///
    /// No feature; a name that occurs twice; columns of unequal length; a value that is no finite
    /// number, with the feature's name and the pair's place.
    pub fn new(columns: impl IntoIterator<Item = (String, Vec<f32>)>) -> Result<Self> {
        let (names, columns): (Vec<String>, Vec<Vec<f32>>) = columns.into_iter().unzip();
        let pairs = columns.first().map_or(0, Vec::len);
        if pairs == 0 {
            return Err(Error::Configuration("there are no features".to_string()));
        }
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|two| two[0] == two[1]) {
            return Err(Error::Configuration(format!(
                "two features are called {:?}",
                twice[0]
            )));
        }
        for (name, column) in names.iter().zip(&columns) {
            if column.len() != pairs {
                return Err(Error::Configuration(format!(
                    "{name:?} has {} values where other features have {pairs}",
                    column.len()
                )));
            }
            if let Some(place) = column.iter().position(|value| !value.is_finite()) {
                return Err(Error::NotFinite(format!(
                    "{name:?} is {} for pair {} of the table",
                    column[place],
                    place + 1
                )));
            }
        }
        Ok(Self { names, columns })
    }

    /// The names of the features.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// For each feature its value for every pair.
    pub fn columns(&self) -> &[Vec<f32>] {
        &self.columns
    }

    /// Each feature's name and its value for every pair.
    pub fn into_columns(self) -> impl Iterator<Item = (String, Vec<f32>)> {
        self.names.into_iter().zip(self.columns)
    }

    /// The features of this name for every pair.
    pub fn column(&self, name: &str) -> Option<&[f32]> {
        let at = self.names.iter().position(|other| other == name)?;
        Some(&self.columns[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[(&str, &[f32])]) -> Result<FeatureTable> {
        let owned = |(name, values): &(&str, &[f32])| (name.to_string(), values.to_vec());
        FeatureTable::new(columns.iter().map(owned))
    }

    #[test]
    fn values_that_are_no_numbers_are_refused_by_name() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let error = table(&[("a", &[1.0, 2.0]), ("b", &[1.0, bad])]).unwrap_err();
            assert!(error.to_string().contains("\"b\""), "{error}");
            assert!(error.to_string().contains("pair 2"), "{error}");
        }
    }

    #[test]
    fn tables_of_another_shape_are_refused() {
        assert!(table(&[]).is_err());
        assert!(table(&[("a", &[])]).is_err());
        assert!(table(&[("a", &[1.0]), ("b", &[1.0, 2.0])]).is_err());
        let error = table(&[("a", &[1.0]), ("a", &[2.0])]).unwrap_err();
        assert!(error.to_string().contains("two features are called \"a\""));
    }

    #[test]
    fn a_column_is_found_by_its_name() {
        let table = table(&[("a", &[1.0]), ("b", &[2.0])]).unwrap();
        assert_eq!(table.column("b"), Some(&[2.0][..]));
        assert_eq!(table.column("c"), None);
        assert_eq!(table.columns(), [[1.0], [2.0]]);
    }
}
