//! The weights file: safetensors with the names of the network's fields.
//!
//! <https://github.com/huggingface/safetensors#format>. Linear weights are `[in, out]`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::error::{Error, IoContext, Result};
use crate::output;

/// The one key of the file's metadata that is written. A file with several would be written in a
/// different order each time.
const METADATA_KEY: &str = "epitrack";

/// Named arrays of 32-bit floats, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights(BTreeMap<String, Array>);

/// Types of tensors that are no weights and may stand beside them.
const NO_WEIGHTS: [Dtype; 3] = [Dtype::U8, Dtype::I32, Dtype::I64];

#[derive(Debug, Clone, PartialEq)]
struct Array {
    shape: Vec<usize>,
    values: Vec<f32>,
}

impl Array {
    fn is_finite(&self) -> bool {
        self.values.iter().all(|value| value.is_finite())
    }
}

impl Weights {
    /// Adds an array; its values are row by row.
    pub fn insert(&mut self, name: String, shape: Vec<usize>, values: Vec<f32>) {
        debug_assert_eq!(shape.iter().product::<usize>(), values.len());
        self.0.insert(name, Array { shape, values });
    }

    /// The values of an array, empty where there is none of this name.
    pub fn values(&self, name: &str) -> &[f32] {
        self.0.get(name).map_or(&[], |array| &array.values)
    }

    /// The arrays whose name begins with `prefix` and a dot, without it.
    pub fn under(&self, prefix: &str) -> Self {
        let arrays = self.0.iter().filter_map(|(name, array)| {
            let rest = name.strip_prefix(prefix)?.strip_prefix('.')?;
            Some((rest.to_string(), array.clone()))
        });
        Self(arrays.collect())
    }

    /// Adds the arrays of `other`, each name with `prefix` and a dot before it.
    pub fn insert_under(&mut self, prefix: &str, other: Self) {
        let arrays = other.0.into_iter();
        self.0
            .extend(arrays.map(|(name, array)| (format!("{prefix}.{name}"), array)));
    }

    /// The same arrays, but under a prefix those that `wanted` has, if it has any, of its own values where there are
    /// none yet.
    pub fn fitted_under(mut self, prefix: &str, wanted: &Self) -> Self {
        let arrays = wanted.under(prefix);
        if arrays.0.is_empty() {
            let is_under = |name: &str| {
                let rest = name.strip_prefix(prefix);
                rest.is_some_and(|rest| rest.starts_with('.'))
            };
            self.0.retain(|name, _| !is_under(name));
        } else if self.under(prefix).0.is_empty() {
            self.insert_under(prefix, arrays);
        }
        self
    }

    /// Every array as name, shape and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        self.0.iter().map(|(name, array)| {
            (
                name.as_str(),
                array.shape.as_slice(),
                array.values.as_slice(),
            )
        })
    }

    /// Whether every value is a finite number.
    pub fn are_finite(&self) -> bool {
        self.0.values().all(Array::is_finite)
    }

    /// Checks that these are the arrays of `wanted`, by name and shape, and finite.
    pub(super) fn check_names(&self, wanted: &Self) -> Result<()> {
        let mut problems = Vec::new();
        for (name, array) in &wanted.0 {
            match self.0.get(name) {
                None => problems.push(format!("{name} is missing")),
                Some(found) if found.shape != array.shape => problems.push(format!(
                    "{name} is {:?}, the configuration asks for {:?}",
                    found.shape, array.shape
                )),
                Some(found) if !found.is_finite() => {
                    problems.push(format!("{name} holds values that are not finite"));
                }
                Some(_) => {}
            }
        }
        let unknown = self.0.keys().filter(|name| !wanted.0.contains_key(*name));
        problems.extend(unknown.map(|name| format!("{name} is unknown")));
        if problems.is_empty() {
            return Ok(());
        }
        Err(Error::Configuration(format!(
            "the weights do not fit the model: {}",
            problems.join("; ")
        )))
    }

    /// Reads a file and the text that travels with it; tensors of whole numbers are left out.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, is not safetensors, or holds floats that are not F32.
    pub fn read(path: &Path) -> Result<(Self, Option<String>)> {
        let bytes = std::fs::read(path).at(path)?;
        let refuse = |error| Error::format(path, error);
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(refuse)?;
        let metadata = header
            .metadata()
            .as_ref()
            .and_then(|metadata| metadata.get(METADATA_KEY).cloned());
        let file = SafeTensors::deserialize(&bytes).map_err(refuse)?;
        let mut weights = Self::default();
        for (name, view) in file.iter() {
            let dtype = view.dtype();
            if NO_WEIGHTS.contains(&dtype) {
                continue;
            }
            if dtype != Dtype::F32 {
                let message = format!("{name} is {dtype:?}: weights are F32");
                return Err(Error::format(path, message));
            }
            let values = view
                .data()
                .chunks_exact(4)
                .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
                .collect();
            weights.insert(name.to_string(), view.shape().to_vec(), values);
        }
        Ok((weights, metadata))
    }

    /// Writes a file and the text that travels with it, complete or not at all. The same weights give
    /// the same bytes.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to, a full disk.
    pub fn write(&self, path: &Path, metadata: Option<String>) -> Result<()> {
        let bytes: BTreeMap<&String, Vec<u8>> = self
            .0
            .iter()
            .map(|(name, array)| {
                let bytes = array.values.iter().flat_map(|value| value.to_le_bytes());
                (name, bytes.collect())
            })
            .collect();
        let views = self
            .0
            .iter()
            .map(|(name, array)| {
                let view = TensorView::new(Dtype::F32, array.shape.clone(), &bytes[name]);
                view.map(|view| (name.as_str(), view))
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::format(path, error))?;
        let metadata = metadata.map(|text| HashMap::from([(METADATA_KEY.to_string(), text)]));
        let file =
            safetensors::serialize(views, metadata).map_err(|error| Error::format(path, error))?;
        output::write(path, file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_is_read_again() {
        let mut weights = Weights::default();
        weights.insert("b.weight".into(), vec![2, 1], vec![1.5, -0.25]);
        weights.insert("a".into(), vec![1], vec![f32::MIN_POSITIVE]);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("weights.safetensors");
        weights.write(&path, Some("{}".into())).unwrap();
        let first = std::fs::read(&path).unwrap();
        assert_eq!(
            Weights::read(&path).unwrap(),
            (weights.clone(), Some("{}".into()))
        );
        weights.write(&path, Some("{}".into())).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), first);
    }

    #[test]
    fn arrays_under_a_prefix_come_and_go() {
        let of = |names: &[(&str, f32)]| {
            let mut weights = Weights::default();
            for &(name, value) in names {
                weights.insert(name.into(), vec![1], vec![value]);
            }
            weights
        };
        let plain = of(&[("a", 1.0), ("bb.x", 2.0)]);
        let with = of(&[("a", 3.0), ("bb.x", 4.0), ("b.x", 5.0), ("b.y", 6.0)]);
        let given = of(&[("a", 1.0), ("bb.x", 2.0), ("b.x", 5.0), ("b.y", 6.0)]);
        assert_eq!(plain.clone().fitted_under("b", &with), given);
        assert_eq!(with.clone().fitted_under("b", &given), with);
        let without = of(&[("a", 3.0), ("bb.x", 4.0)]);
        assert_eq!(with.fitted_under("b", &plain), without);
        assert_eq!(plain.clone().fitted_under("b", &without), plain);
    }

    #[test]
    fn every_wrong_array_is_named() {
        let mut wanted = Weights::default();
        wanted.insert("a".into(), vec![1], vec![0.0]);
        wanted.insert("b".into(), vec![2], vec![0.0; 2]);
        wanted.insert("c".into(), vec![1], vec![0.0]);
        let mut found = Weights::default();
        found.insert("b".into(), vec![1], vec![0.0]);
        found.insert("c".into(), vec![1], vec![f32::NAN]);
        found.insert("d".into(), vec![1], vec![0.0]);
        let error = found.check_names(&wanted).unwrap_err().to_string();
        for problem in ["a is missing", "b is [1]", "c holds", "d is unknown"] {
            assert!(error.contains(problem), "{error}");
        }
    }
}
