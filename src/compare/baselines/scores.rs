//! Predictions from elsewhere: what another program says of the same pairs.

use std::collections::HashMap;
use std::path::Path;

use super::method::{Labelled, Method};
use crate::error::{BadRow, Error, Result, RowProblem};
use crate::pairs::Wanted;
use crate::text::{Lines, finite};

/// Scores that a file has for every pair; nothing is learned.
///
/// The scores may be any finite numbers, the higher the more likely positive. Whether the other
/// program knew the labels of the test part, nobody can tell from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// The score of each pair.
    of_pairs: Vec<f64>,
}

impl Scores {
    /// Reads a table separated by tabs, plain or gzip: a header with the columns `pair` and `score` or `probability`, as our `predictions.tsv` has, or without a
    /// header the pair first and the score second. Pairs are called as in all files of ours,
    /// `chrom:start-end~chrom:start-end`.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; a header without a score; then all bad rows together: pairs that
    /// the table of pairs does not have, pairs that stand there twice, scores that are no finite
    /// numbers, and pairs that have no row.
    pub fn read(path: &Path, wanted: Wanted) -> Result<Self> {
        let mut lines = Lines::open(path)?;
        let mut columns = [0, 1];
        let mut joined = Joined::new(wanted);
        let mut bad = Vec::new();
        let mut first = true;
        while let Some((line, text)) = lines.next_line()? {
            let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
            if std::mem::take(&mut first)
                && let Some(header) = columns_of(path, &fields)?
            {
                columns = header;
            } else if let Err(problem) = joined.row(line, columns, &fields) {
                bad.push(BadRow { line, problem });
            }
        }
        let left_out = wanted.left_out(path, |pair| joined.lines[pair].is_none());
        Error::bad_rows([(path, bad), (wanted.path, left_out)])?;
        Ok(Self {
            of_pairs: joined.scores,
        })
    }
}

impl Method for Scores {
    fn scores(&self, _train: &[Labelled], test: &[usize], _seed: u64) -> Result<Vec<f64>> {
        Ok(test.iter().map(|&pair| self.of_pairs[pair]).collect())
    }
}

/// Where pair and score stand in a row, from the first line, if it is a header.
fn columns_of(path: &Path, fields: &[&str]) -> Result<Option<[usize; 2]>> {
    let find = |name: &str| {
        let named = |field: &&str| field.trim_start_matches('#') == name;
        fields.iter().position(named)
    };
    let Some(pair) = find("pair") else {
        return Ok(None);
    };
    let score = find("score")
        .or_else(|| find("probability"))
        .ok_or_else(|| Error::format(path, "has neither a column score nor probability"))?;
    Ok(Some([pair, score]))
}

/// The scores of the wanted pairs, as far as they have been read.
struct Joined {
    places: HashMap<String, usize>,
    /// The line of each pair's score.
    lines: Vec<Option<u64>>,
    scores: Vec<f64>,
}

impl Joined {
    fn new(wanted: Wanted) -> Self {
        let ids = wanted.pairs.iter().map(|pair| pair.id(wanted.chroms));
        Self {
            places: ids.map(|id| id.to_string()).zip(0..).collect(),
            lines: vec![None; wanted.pairs.len()],
            scores: vec![0.0; wanted.pairs.len()],
        }
    }

    fn row(
        &mut self,
        line: u64,
        [pair, score]: [usize; 2],
        fields: &[&str],
    ) -> Result<(), RowProblem> {
        let field = |at: usize, name: &str| {
            let field = fields.get(at).copied();
            field.ok_or_else(|| RowProblem::Missing(name.to_string()))
        };
        let pair = field(pair, "the pair")?;
        let &place = self
            .places
            .get(pair)
            .ok_or_else(|| RowProblem::UnknownPair(pair.to_string()))?;
        if let Some(first) = self.lines[place] {
            let contradicts = false;
            return Err(RowProblem::Duplicate { first, contradicts });
        }
        self.lines[place] = Some(line);
        self.scores[place] = finite("the score", field(score, "the score")?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::baselines::testing::pair;
    use crate::genome::Chroms;
    use std::io::Write;

    /// Reads scores of the pairs 100~500 (line 2), 200~500 (line 3) and 300~500 (line 4).
    fn read(text: &str) -> Result<Scores> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut pairs = [pair(100, 500), pair(200, 500), pair(300, 500)];
        for (pair, line) in pairs.iter_mut().zip(2..) {
            pair.line = line;
        }
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let wanted = Wanted {
            path: Path::new("pairs.csv"),
            pairs: &pairs,
            chroms: &chroms,
        };
        Scores::read(file.path(), wanted)
    }

    const GOOD: &str = "chr1:300-310~chr1:500-510\t-7\n\
                        chr1:100-110~chr1:500-510\t1e3\n\
                        chr1:200-210~chr1:500-510\t0.25\n";

    #[test]
    fn scores_are_joined_by_name_in_any_order_with_or_without_header() {
        let plain = read(GOOD).unwrap();
        assert_eq!(plain.of_pairs, [1e3, 0.25, -7.0]);
        assert_eq!(plain.scores(&[], &[2, 0], 1).unwrap(), [-7.0, 1e3]);
        assert_eq!(read(&format!("#pair\tscore\n{GOOD}")).unwrap(), plain);
        let ours: String = GOOD
            .lines()
            .map(|line| line.replace('\t', "\t2\t1\ttest\t") + "\t9\n")
            .collect();
        let header = "pair\tline\tlabel\tpart\tprobability\tlogit";
        assert_eq!(read(&format!("{header}\n{ours}")).unwrap(), plain);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_with_its_lines() {
        let error = read(
            "pair\tscore\n\
             chr1:100-110~chr1:500-510\tnan\n\
             chr1:200-210~chr1:500-510\t1\n\
             chr1:200-210~chr1:500-510\t1\n\
             chr1:200-210~chr1:500-511\t1\n\
             chr1:200-210~chr1:500-510\n",
        )
        .unwrap_err()
        .to_string();
        let said: Vec<&str> = error.lines().collect();
        assert!(said[0].ends_with(": 4 rows are bad"), "{error}");
        assert!(said[1].ends_with(":2: the score is not a finite number: \"nan\""));
        assert!(said[2].ends_with(":4: the same pair as line 3"));
        let unknown = ":5: \"chr1:200-210~chr1:500-511\" is no pair of the table of pairs";
        assert!(said[3].ends_with(unknown));
        assert!(said[4].ends_with(":6: the same pair as line 3"));
        assert_eq!(said[5], "pairs.csv: 1 row is bad");
        assert!(said[6].starts_with("  pairs.csv:4: "));
        assert!(said[6].ends_with(" has no row for this pair"));
        assert_eq!(said.len(), 7);
    }

    #[test]
    fn a_header_without_a_score_and_rows_without_one_are_refused() {
        let error = read(&format!("pair\tx\n{GOOD}")).unwrap_err().to_string();
        assert!(error.contains("neither a column score nor probability"));
        let error = read(&GOOD.replace("\t0.25", "")).unwrap_err().to_string();
        assert!(error.contains(":3: no field for the score"), "{error}");
        assert!(!error.contains("has no row"), "{error}");
        assert!(read("").unwrap_err().to_string().contains("3 rows are bad"));
    }
}
