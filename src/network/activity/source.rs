//! Files of measured activity, and what they are called.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::formats::{BbiFile, is_bigwig};
use crate::output::provenance::Input;

/// Names of activities whose tracks, where there are several, would be called as those of contributions to one:
/// `enhancer_activity_contribution.bw` and the like.
const TAKEN: [&str; 2] = ["contribution", "contribution_sd"];

/// A measured activity that the network is to predict from sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// As the user calls it, in files and columns: letters, digits, `_` and `-`.
    pub name: String,
    /// What the file measures.
    pub kind: Kind,
    /// The file.
    pub file: Input,
}

/// What a file measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A bigWig's values: coverage, counts, fold change.
    Signal,
    /// Intervals of narrowPeak, broadPeak or BED, plain or gzip.
    Peaks,
}

impl Source {
    /// A bigWig: `NAME=FILE`, or `FILE`, which is called as the file up to the first dot.
    ///
    /// # Errors
    ///
    /// A name with other characters than letters, digits, `_` and `-`; a file that cannot be read or is
    /// no bigWig.
    pub fn signal(text: &str) -> Result<Self> {
        Self::of(text, Kind::Signal)
    }

    /// A file of peaks: `NAME=FILE`, or `FILE`, which is called as the file up to the first dot.
    ///
    /// # Errors
    ///
    /// A name with other characters than letters, digits, `_` and `-`; a file that cannot be read, or
    /// is a bigWig or bigBed.
    pub fn peaks(text: &str) -> Result<Self> {
        Self::of(text, Kind::Peaks)
    }

    fn of(text: &str, kind: Kind) -> Result<Self> {
        let (name, path) = Self::named(text);
        Self::new(&name, kind, path)
    }

    /// The name and the file of `NAME=FILE`, or of `FILE`, which is called as the file up to the first dot. What
    /// has a folder before its `=` is a file.
    pub fn named(text: &str) -> (String, &Path) {
        if let Some((name, file)) = text.split_once('=')
            && !name.contains(['/', '\\'])
        {
            return (name.to_string(), Path::new(file));
        }
        let path = Path::new(text);
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let name = file.split('.').next().unwrap_or_default();
        (name.to_string(), path)
    }

    /// A file of a kind, by its name.
    ///
    /// # Errors
    ///
    /// As [`signal`](Self::signal) and [`peaks`](Self::peaks).
    pub fn new(name: &str, kind: Kind, path: &Path) -> Result<Self> {
        check_name(name, path)?;
        match kind {
            Kind::Signal if !is_bigwig(path)? => {
                let problem = "is no bigWig: a signal is one, intervals are peaks";
                return Err(Error::format(path, problem));
            }
            Kind::Peaks if BbiFile::is_one(path)? => {
                let problem = "is a bigWig or bigBed: peaks are narrowPeak, broadPeak or BED, and a \
                               bigWig is a signal";
                return Err(Error::format(path, problem));
            }
            _ => {}
        }
        Ok(Self {
            name: name.to_string(),
            kind,
            file: Input::new(path)?,
        })
    }

    /// Checks that sources can be told apart, also by file systems that know no capitals.
    ///
    /// # Errors
    ///
    /// Two of one name, a name that files have otherwise, no source at all.
    pub fn check(sources: &[Self]) -> Result<()> {
        if sources.is_empty() {
            let problem = "no activity is given";
            return Err(Error::Configuration(problem.to_string()));
        }
        let named: Vec<(&str, &Path)> = sources
            .iter()
            .map(|source| (source.name.as_str(), source.file.path.as_path()))
            .collect();
        Self::check_names(&named)
    }

    /// The same of what files are to be called, before any is read.
    ///
    /// # Errors
    ///
    /// A name with other characters than letters, digits, `_` and `-`, two of one name, of several one that files
    /// have otherwise.
    pub fn check_names(named: &[(&str, &Path)]) -> Result<()> {
        for (at, &(name, path)) in named.iter().enumerate() {
            check_name(name, path)?;
            let mut before = named[..at].iter();
            if let Some((_, first)) = before.find(|(of, _)| of.eq_ignore_ascii_case(name)) {
                return Err(Error::Configuration(format!(
                    "two activities are called {name}: {} and {}; name one otherwise (NAME=FILE)",
                    first.display(),
                    path.display()
                )));
            }
            let is_taken = TAKEN.iter().any(|of| of.eq_ignore_ascii_case(name));
            if is_taken && named.len() > 1 {
                return Err(Error::Configuration(format!(
                    "the tracks of an activity that is called {name} would have the names of those of \
                     contributions to an activity: name {} otherwise (NAME=FILE)",
                    path.display()
                )));
            }
        }
        Ok(())
    }
}

/// Checks that a file can be called so.
fn check_name(name: &str, path: &Path) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if name.is_empty() || !name.bytes().all(plain) {
        return Err(Error::Configuration(format!(
            "an activity cannot be called {name:?}: a name has letters, digits, _ and - (NAME={})",
            path.display()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activity::testing::{Genome, bigwig};

    #[test]
    fn a_file_is_called_as_it_is_named_or_by_its_name() {
        let parsed = |text| {
            let (name, path) = Source::named(text);
            (name, path.to_str().unwrap())
        };
        assert_eq!(
            parsed("a/K562.DNase.bw"),
            ("K562".to_string(), "a/K562.DNase.bw")
        );
        assert_eq!(parsed("dnase=a/x=y.bw"), ("dnase".to_string(), "a/x=y.bw"));
        assert_eq!(parsed("./a=b.bw"), ("a=b".to_string(), "./a=b.bw"));
        assert_eq!(parsed("=a.bw"), (String::new(), "a.bw"));
    }

    #[test]
    fn content_tells_the_kind() {
        let dir = tempfile::tempdir().unwrap();
        let [wig, bed] = ["a.narrowPeak", "b.bw"].map(|name| dir.path().join(name));
        let genome = Genome::new(&[("chr1", 1000)]);
        bigwig(&wig, &genome.chroms(), &[("chr1", 0, 10, 1.0)]);
        std::fs::write(&bed, "chr1\t1\t20\n").unwrap();
        let [wig, bed] = [&wig, &bed].map(|path| path.to_str().unwrap());
        let source = Source::signal(wig).unwrap();
        assert_eq!((source.name.as_str(), source.kind), ("a", Kind::Signal));
        assert_eq!(Source::peaks(bed).unwrap().name, "b");
        let said = Source::peaks(wig).unwrap_err().to_string();
        assert!(said.contains("is a bigWig or bigBed"), "{said}");
        let said = Source::signal(bed).unwrap_err().to_string();
        assert!(said.contains("is no bigWig"), "{said}");
        assert!(Source::peaks("x=nowhere.bed").is_err());
    }

    #[test]
    fn names_are_plain_and_unlike() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a b.bed");
        std::fs::write(&path, "chr1\t1\t20\n").unwrap();
        let path = path.to_str().unwrap();
        for named in [path.to_string(), format!("={path}"), format!("é={path}")] {
            let said = Source::peaks(&named).unwrap_err().to_string();
            assert!(said.contains("cannot be called"), "{said}");
        }
        let of = |name: &str| Source::peaks(&format!("{name}={path}")).unwrap();
        Source::check(&[of("A-1"), of("b_2")]).unwrap();
        let said = Source::check(&[of("DNase"), of("b"), of("dnase")]);
        let said = said.unwrap_err().to_string();
        assert!(said.contains("two activities are called dnase"), "{said}");
        assert!(Source::check(&[]).is_err());
        for taken in ["contribution", "Contribution_SD"] {
            // The tracks of a single one do not have its name.
            Source::check(&[of(taken)]).unwrap();
            let said = Source::check(&[of("a"), of(taken)]);
            let said = said.unwrap_err().to_string();
            assert!(said.contains("would have the names"), "{said}");
        }
    }
}
