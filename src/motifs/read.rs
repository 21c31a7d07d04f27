//! Files of matrices: which format, which matrices are good, and why the others are not.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tracing::info;

use super::matrix::Matrix;
use super::rows::{Line, Parsed, bad, once};
use super::{homer, jaspar, meme, transfac, uniprobe};
use crate::error::{BadRow, Error, Result};
use crate::text::Lines;

/// Reads the matrices of a file: JASPAR's formats, TRANSFAC, MEME, HOMER or UniPROBE, plain or
/// gzip, told apart by content. Lines that begin with `#` are comments.
///
/// # Errors
///
/// A file that cannot be read, is none of these or holds no matrix. All bad matrices together: no
/// positions, a position without weight, a negative weight, text that is no number, an accession
/// that occurs twice.
pub fn read(path: &Path) -> Result<Vec<Matrix>> {
    let mut reader = Lines::open(path)?;
    let lines = std::iter::from_fn(|| reader.next_line().transpose());
    let matrices = matrices(path, lines.collect::<Result<_>>()?)?;
    info!("{}: {} matrices", path.display(), matrices.len());
    Ok(matrices)
}

/// Reads the matrices of several files, as one list.
///
/// # Errors
///
/// Those of [`read`]; an accession that stands in two files.
pub fn read_all(paths: &[PathBuf]) -> Result<Vec<Matrix>> {
    let mut all: Vec<Matrix> = Vec::new();
    let mut from: HashMap<String, &Path> = HashMap::new();
    for path in paths {
        for matrix in read(path)? {
            if let Some(other) = from.insert(matrix.id.clone(), path) {
                let message = format!("{} stands in {} too", matrix.id, other.display());
                return Err(Error::format(path, message));
            }
            all.push(matrix);
        }
    }
    if all.is_empty() {
        let message = "there is no file of matrices".to_string();
        return Err(Error::Configuration(message));
    }
    Ok(all)
}

/// Reads the matrices of a text, which errors call `name`.
///
/// # Errors
///
/// See [`read`].
pub fn parse(name: &str, text: &str) -> Result<Vec<Matrix>> {
    let lines = (1..).zip(text.lines().map(str::to_string));
    let lines = lines.filter(|(_, line)| !line.trim().is_empty()).collect();
    matrices(Path::new(name), lines)
}

fn matrices(path: &Path, mut lines: Vec<Line>) -> Result<Vec<Matrix>> {
    lines.retain(|(_, line)| !line.starts_with('#'));
    let none = || Error::format(path, "holds no matrix");
    let (_, first) = lines.first().ok_or_else(none)?;
    let reader = reader(first, &lines).ok_or_else(|| {
        let message = "is none of JASPAR's formats, TRANSFAC, MEME, HOMER and UniPROBE";
        Error::format(path, message)
    })?;
    let mut seen = HashMap::new();
    let (mut matrices, mut rows) = (Vec::new(), Vec::new());
    for found in reader(&lines) {
        match found.and_then(|(line, matrix)| checked(line, matrix, &mut seen)) {
            Ok(matrix) => matrices.push(matrix),
            Err(row) => rows.push(row),
        }
    }
    Error::bad_rows([(path, rows)])?;
    if matrices.is_empty() {
        return Err(none());
    }
    Ok(matrices)
}

/// Makes matrices of lines.
type Reader = fn(&[Line]) -> Vec<Parsed>;

/// The reader of the format that the lines are written in.
fn reader(first: &str, lines: &[Line]) -> Option<Reader> {
    let any = |matches: fn(&str) -> bool| lines.iter().any(|(_, line)| matches(line));
    let formats: [(bool, Reader); 5] = [
        (homer::matches(first), homer::read),
        (first.starts_with('>'), jaspar::read),
        (any(meme::matches), meme::read),
        (any(transfac::matches), transfac::read),
        (any(uniprobe::matches), uniprobe::read),
    ];
    let known = formats.into_iter().find(|(matches, _)| *matches);
    known.map(|(_, reader)| reader)
}

fn checked(line: u64, matrix: Matrix, seen: &mut HashMap<String, u64>) -> Result<Matrix, BadRow> {
    if let Some(problem) = matrix.problem() {
        return Err(bad(line, format!("{} {problem}", matrix.id)));
    }
    once(seen, &matrix.id, line)?;
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const JASPAR: &str =
        ">MA1 USF1\nA [ 1 0 ]\nC [ 2 0 ]\nG [ 3 9 ]\nT [ 4 0 ]\n\n>MA2\n1\n1\n1\n1\n";
    const TRANSFAC: &str = "VV  2026\nXX\n//\nAC MA1\nXX\nID USF1\nXX\nPO\tA\tC\tG\tT\n\
        01\t1.0\t2.0\t3.0\t4.0\tN\n02\t0.0\t0.0\t9.0\t0.0\tG\nXX\n//\nAC MA2\nP0 A C G T\n01 1 1 1 1\n";
    const MEME: &str = "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\n\
        Background letter frequencies\nA 0.3 C 0.2 G 0.2 T 0.3\n\nMOTIF MA1 USF1\n\
        letter-probability matrix: alength= 4 w= 2 nsites= 10 E= 0\n0.1 0.2 0.3 0.4\n 0 0 1 0\n\
        URL http://example.org\n\nMOTIF MA2\nletter-probability matrix: alength= 4\n.25 .25 .25 .25\n";
    const HOMER: &str = ">NG\tUSF1(bHLH)/Cells/Homer\t6.5\t-100\t0\n0.1\t0.2\t0.3\t0.4\n\
        0.001\t0.001\t0.997\t0.001\n>N\tMA2\t-1e0\n0.25\t0.25\t0.25\t0.25\n";
    const UNIPROBE: &str = "Protein: MA1\tSeed k-mer: CG\nA:\t0.1\t0\nC:\t0.2\t0\nG:\t0.3\t1\nT:\t0.4\t0\n\n\
        MA2\nA: .25\nC: .25\nG: .25\nT: .25\n";

    fn rows(text: &str) -> Vec<(u64, String)> {
        match parse("motifs", text) {
            Err(Error::BadRows { rows, .. }) => {
                let told = |row: BadRow| (row.line, row.problem.to_string());
                rows.into_iter().map(told).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    fn lines(text: &str) -> Vec<u64> {
        rows(text).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn every_format_is_known_by_its_content() {
        for text in [JASPAR, TRANSFAC, MEME, HOMER, UNIPROBE] {
            let got = parse("motifs", text).unwrap();
            assert_eq!(got.len(), 2, "{text}");
            let columns = got[0].frequencies();
            let near = |a: &f64, b: f64| (a - b).abs() < 0.004;
            let first = columns[0].iter().zip([0.1, 0.2, 0.3, 0.4]);
            assert!(first.into_iter().all(|(a, b)| near(a, b)), "{text}");
            let second = columns[1].iter().zip([0.0, 0.0, 1.0, 0.0]);
            assert!(second.into_iter().all(|(a, b)| near(a, b)), "{text}");
            assert_eq!((got[1].len(), got[1].name.as_str()), (1, "MA2"));
        }
    }

    #[test]
    fn names_sites_and_thresholds_are_read() {
        let first = |text| parse("motifs", text).unwrap().remove(0);
        let names = |text| {
            let matrix = first(text);
            (matrix.id, matrix.name)
        };
        assert_eq!(names(JASPAR), ("MA1".into(), "USF1".into()));
        assert_eq!(names(TRANSFAC), ("MA1".into(), "USF1".into()));
        assert_eq!(names(MEME), ("MA1".into(), "USF1".into()));
        let homer = "USF1(bHLH)/Cells/Homer".to_string();
        assert_eq!(names(HOMER), (homer.clone(), homer));
        assert_eq!(
            first(JASPAR).columns,
            [[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 9.0, 0.0]]
        );
        assert_eq!((first(MEME).sites, first(HOMER).sites), (Some(10.0), None));
        assert_eq!(
            (first(HOMER).threshold, first(MEME).threshold),
            (Some(6.5), None)
        );
    }

    #[test]
    fn rows_with_letters_come_in_any_order_and_dress() {
        let got = parse("motifs", ">M\nT | 4\nG= 3\nc: 2\na 1\n").unwrap();
        assert_eq!(got[0].columns, [[1.0, 2.0, 3.0, 4.0]]);
    }

    /// What users have and formats do not say: each was read wrongly once.
    #[test]
    fn what_other_programs_write_is_read_as_they_mean_it() {
        let names = |text: &str| -> Vec<String> {
            let found = parse("motifs", text).unwrap();
            found.into_iter().map(|matrix| matrix.name).collect()
        };
        // TRANSFAC without `//`.
        let record =
            |name: &str| format!("AC A{name}\nXX\nID {name}\nP0 A C G T\n01 1 2 3 4\nXX\n");
        let all: String = ["one", "two", "three"].map(record).concat();
        assert_eq!(names(&all), ["one", "two", "three"]);
        // MEME's own text, of old and of new.
        let head = "letter-probability matrix: alength= 4 w= 1 nsites= 9 E= 0\n1 0 0 0\n";
        let old = format!(
            "MEME version 4\nMOTIF  1\twidth = 1  sites = 9\n{head}MOTIF 2\twidth = 1\n{head}"
        );
        assert_eq!(names(&old), ["1", "2"]);
        let new = format!("MEME version 5\nMOTIF ACGT MEME-1\twidth = 1  sites = 9\n{head}");
        assert_eq!(names(&new), ["MEME-1"]);
        // A row for each position.
        let long = ">M\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n.7 .1 .1 .1\n";
        assert_eq!(
            parse("motifs", long).unwrap()[0].columns[4],
            [0.7, 0.1, 0.1, 0.1]
        );
        // Four by four: positions have the same sum.
        let even = ">M\n.97 .01 .01 .01\n.97 .01 .01 .01\n.01 .01 .97 .01\n.01 .97 .01 .01\n";
        assert_eq!(
            parse("motifs", even).unwrap()[0].columns[2],
            [0.01, 0.01, 0.97, 0.01]
        );
        let usual = ">M\n9 9 0 0\n1 0 0 0\n0 1 9 0\n0 0 1 10\n";
        assert_eq!(
            parse("motifs", usual).unwrap()[0].columns[0],
            [9.0, 1.0, 0.0, 0.0]
        );
        let either = rows(">M\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n");
        assert!(either[0].1.contains("can be read both ways"), "{either:?}");
        // A position that is missing.
        let gap = rows("AC M\nP0 A C G T\n01 1 1 1 1\n02 1 1 1 1\n04 1 1 1 1\n//\n");
        assert_eq!(gap, [(5, "position 4 follows position 2".to_string())]);
    }

    #[test]
    fn gzip_and_several_files_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("a.gz"), dir.path().join("b"));
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        gzip.write_all(MEME.as_bytes()).unwrap();
        std::fs::write(&one, gzip.finish().unwrap()).unwrap();
        std::fs::write(&two, HOMER).unwrap();
        let said = read_all(&[one.clone(), two.clone()])
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("b: MA2 stands in") && said.contains("a.gz"),
            "{said}"
        );
        std::fs::write(&two, HOMER.replace("MA2", "MA3")).unwrap();
        assert_eq!(read_all(&[one, two]).unwrap().len(), 4);
        assert!(read_all(&[]).is_err());
    }

    #[test]
    fn all_bad_matrices_are_told_with_their_lines() {
        let bad = ">M1\nA 1\nC x\nG 1\nT 1\n>M2\nA 0\nC 0\nG 0\nT 0\n>M3\nA 1\nC -1\nG 1\nT 1\n\
            >M4\nA 1 2\nC 1\nG 1 2\nT 1 2\n>M5\n>\n1\n1\n1\n1\n>M6\nA NaN\nC 1\nG 1\nT 1\n\
            >M7\n1\n1\n1\n1\n1\n>M8\nA 1\nA 1\nG 1\nT 1\n>M9\nA\nC\nG\nT\n";
        let got = rows(bad);
        let lines: Vec<u64> = got.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 6, 13, 16, 21, 22, 28, 37, 40, 43], "{got:?}");
        assert_eq!(got[1].1, "M2 position 1 has no weight");
        assert_eq!(got[9].1, "M9 has no positions");
    }

    #[test]
    fn bad_lines_of_the_other_formats_are_told() {
        assert_eq!(
            lines("AC M1\nP0 A C G T\n01 1 1 1\n//\nAC M2\n//\nP0 A C G T\n//\n"),
            [3, 5, 7]
        );
        assert_eq!(
            lines("AC M1\nP0 A G C T\n01 1 1 1 1\n//\nAC M2\nP0 A C G T\nXX\n"),
            [2, 5]
        );
        let head = "letter-probability matrix: alength= 4 w= 1";
        let meme = format!(
            "MEME version 4\nMOTIF M1\n{head}\n0 0 0 0\nMOTIF\nMOTIF M2\nMOTIF M3\n{head}\n\
             1 0 0 0\n1 0 0 0\nMOTIF M4\n{}\n1 0 0\n",
            head.replace('4', "3")
        );
        assert_eq!(lines(&meme), [4, 5, 6, 8, 12]);
        assert_eq!(lines("MEME version 4\nALPHABET= ACGU\n"), [2]);
        assert_eq!(
            lines(">C\tM1\t5\n1 0 0 0\n1 0 0\n>C\t\t5\n>C\tM2\tx\n>C\tM3\t5\n"),
            [3, 4, 5, 6]
        );
        assert_eq!(
            lines("M1\nA: 1\nC: 1\nG: 1\nM2\nA: 1\nC: 1\nG: 1\nT: x\n"),
            [1, 9]
        );
        assert_eq!(lines("A: 1\nC: 1\nG: 1\nT: 1\n"), [1]);
    }

    #[test]
    fn an_accession_that_occurs_twice_is_refused() {
        let got = rows(&JASPAR.replace("MA2", "MA1"));
        assert_eq!(got, [(7, "MA1 stands already in line 1".to_string())]);
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for (text, wanted) in [
            ("", "holds no matrix"),
            ("# only a comment\n", "holds no matrix"),
            ("VV\n//\n", "is none of"),
            ("MEME version 4\n", "holds no matrix"),
            ("chr1\t1\t2\n", "is none of"),
        ] {
            let said = parse("motifs", text).unwrap_err().to_string();
            assert!(said.contains(wanted), "{text:?}: {said}");
        }
    }
}
