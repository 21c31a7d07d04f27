//! The assembly that a hub's tracks lie on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::name::is_word;
use crate::error::{Error, Result};
use crate::text::escape;

/// The assembly that a hub's tracks lie on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Genome {
    /// One that the browser has, by its name there: `hg19`.
    Known(String),
    /// One that the hub brings along.
    Assembly(Assembly),
}

/// UCSC's browser.
const UCSC: &str = "https://genome.ucsc.edu/cgi-bin/hgTracks";

/// An assembly that the browser does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly {
    /// Its name, unlike that of any assembly the browser has.
    pub name: String,
    /// Its sequence, as 2bit.
    pub two_bit: PathBuf,
    /// The organism, as the browser's menus name it.
    pub organism: String,
    /// A line about it.
    pub description: String,
    /// Where the browser opens, as `chrom:start-end`, 1-based as browsers count.
    pub default_position: String,
}

/// Chromosomes of an assembly: 1 to the last autosome, then X and Y.
struct KnownAssembly {
    name: &'static str,
    lengths: &'static [u32],
}

/// Assemblies that can be told by their chromosomes' lengths, each from
/// `https://hgdownload.soe.ucsc.edu/goldenPath/NAME/bigZips/NAME.chrom.sizes`.
#[rustfmt::skip]
const KNOWN: [KnownAssembly; 6] = [
    KnownAssembly { name: "hg19", lengths: &[
        249_250_621, 243_199_373, 198_022_430, 191_154_276, 180_915_260, 171_115_067,
        159_138_663, 146_364_022, 141_213_431, 135_534_747, 135_006_516, 133_851_895,
        115_169_878, 107_349_540, 102_531_392, 90_354_753, 81_195_210, 78_077_248,
        59_128_983, 63_025_520, 48_129_895, 51_304_566, 155_270_560, 59_373_566,
    ] },
    KnownAssembly { name: "hg38", lengths: &[
        248_956_422, 242_193_529, 198_295_559, 190_214_555, 181_538_259, 170_805_979,
        159_345_973, 145_138_636, 138_394_717, 133_797_422, 135_086_622, 133_275_309,
        114_364_328, 107_043_718, 101_991_189, 90_338_345, 83_257_441, 80_373_285,
        58_617_616, 64_444_167, 46_709_983, 50_818_468, 156_040_895, 57_227_415,
    ] },
    KnownAssembly { name: "hs1", lengths: &[
        248_387_328, 242_696_752, 201_105_948, 193_574_945, 182_045_439, 172_126_628,
        160_567_428, 146_259_331, 150_617_247, 134_758_134, 135_127_769, 133_324_548,
        113_566_686, 101_161_492, 99_753_195, 96_330_374, 84_276_897, 80_542_538,
        61_707_364, 66_210_255, 45_090_682, 51_324_926, 154_259_566, 62_460_029,
    ] },
    KnownAssembly { name: "mm9", lengths: &[
        197_195_432, 181_748_087, 159_599_783, 155_630_120, 152_537_259, 149_517_037,
        152_524_553, 131_738_871, 124_076_172, 129_993_255, 121_843_856, 121_257_530,
        120_284_312, 125_194_864, 103_494_974, 98_319_150, 95_272_651, 90_772_031,
        61_342_430, 166_650_296, 15_902_555,
    ] },
    KnownAssembly { name: "mm10", lengths: &[
        195_471_971, 182_113_224, 160_039_680, 156_508_116, 151_834_684, 149_736_546,
        145_441_459, 129_401_213, 124_595_110, 130_694_993, 122_082_543, 120_129_022,
        120_421_639, 124_902_244, 104_043_685, 98_207_768, 94_987_271, 90_702_639,
        61_431_566, 171_031_299, 91_744_698,
    ] },
    KnownAssembly { name: "mm39", lengths: &[
        195_154_279, 181_755_017, 159_745_316, 156_860_686, 151_758_149, 149_588_044,
        144_995_196, 130_127_694, 124_359_700, 130_530_862, 121_973_369, 120_092_757,
        120_883_175, 125_139_656, 104_073_951, 98_008_968, 95_294_699, 90_720_763,
        61_420_004, 169_476_592, 91_455_967,
    ] },
];

impl KnownAssembly {
    /// The length of a chromosome, named with or without `chr`.
    fn length(&self, chrom: &str) -> Option<u32> {
        let autosomes = self.lengths.len() - 2;
        let place = match chrom.strip_prefix("chr").unwrap_or(chrom) {
            "X" => autosomes,
            "Y" => autosomes + 1,
            number if number.starts_with(|c: char| ('1'..='9').contains(&c)) => {
                let number: usize = number.parse().ok()?;
                (number <= autosomes).then_some(number - 1)?
            }
            _ => return None,
        };
        self.lengths.get(place).copied()
    }
}

impl Genome {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(name) => name,
            Self::Assembly(assembly) => &assembly.name,
        }
    }

    /// The assembly of UCSC's whose chromosomes have these lengths, if it is one of hg19, hg38,
    /// hs1 (T2T-CHM13), mm9, mm10 and mm39. At least one chromosome has to be among 1, 2, …, X
    /// and Y (with or without `chr`), and every one of those has to have the right length.
    pub fn recognise<'a>(chroms: impl IntoIterator<Item = (&'a str, u32)>) -> Option<Self> {
        let chroms: Vec<(&str, u32)> = chroms.into_iter().collect();
        let fits = |known: &&KnownAssembly| {
            let mut lengths = chroms
                .iter()
                .filter_map(|&(name, length)| Some((known.length(name)?, length)))
                .peekable();
            lengths.peek().is_some() && lengths.all(|(known, length)| known == length)
        };
        let known = KNOWN.iter().find(fits)?;
        Some(Self::Known(known.name.to_string()))
    }

    /// The address that opens UCSC's browser with a hub of this genome, which lies at `hub`: assemblies of
    /// UCSC's are `db`, those that hubs bring along `genome`
    /// (<https://genome.ucsc.edu/FAQ/FAQlink.html>).
    pub fn ucsc_address(&self, hub: &str) -> String {
        let key = match self {
            Self::Known(_) => "db",
            Self::Assembly(_) => "genome",
        };
        let (name, hub) = (escape::query(self.name()), escape::query(hub));
        format!("{UCSC}?{key}={name}&hubUrl={hub}")
    }

    /// Refuses a name that could not be a folder and a word of a hub's files.
    pub(super) fn check_name(&self) -> Result<()> {
        let name = self.name();
        if is_genome_name(name) {
            return Ok(());
        }
        Err(Error::Configuration(format!(
            "{name:?} is not a genome's name: it has to begin with a letter and to hold only \
             letters, digits, '_', '-' and '.'"
        )))
    }
}

/// Names and lengths of chromosomes, in the order of the names.
pub(super) type ChromLengths = BTreeMap<String, u32>;

/// The chromosomes of an open file.
pub(super) fn chrom_lengths<'a>(chroms: impl Iterator<Item = (&'a str, u32)>) -> ChromLengths {
    let owned = chroms.map(|(name, length)| (name.to_string(), length));
    owned.collect()
}

/// Whether a genome can have this name.
pub(super) fn is_genome_name(name: &str) -> bool {
    is_word(name, "_-.")
}

/// The chromosomes whose lengths are not those of the assembly of this name, with the right
/// length. Empty for an assembly that is not in the table.
pub(super) fn wrong_lengths<'a>(
    name: &str,
    chroms: &'a ChromLengths,
) -> impl Iterator<Item = (&'a str, u32, u32)> {
    let known = KNOWN.iter().find(|known| known.name == name);
    chroms.iter().filter_map(move |(chrom, &length)| {
        let right = known?.length(chrom)?;
        (right != length).then_some((chrom.as_str(), length, right))
    })
}

/// Refuses a position, `chrom:start-end` and 1-based, that is not among these chromosomes.
pub(super) fn position_in(position: &str, chroms: &ChromLengths) -> Result<(), String> {
    let parse = || {
        let (chrom, range) = position.rsplit_once(':')?;
        let (start, end) = range.split_once('-')?;
        let number = |text: &str| text.replace(',', "").parse::<u32>().ok();
        Some((chrom, number(start)?, number(end)?))
    };
    let Some((chrom, start, end)) = parse() else {
        return Err(format!("{position:?} is not chrom:start-end"));
    };
    match chroms.get(chrom) {
        None => Err(format!("{position}: the 2bit file has no {chrom}")),
        Some(&length) if start < 1 || end < start || length < end => Err(format!(
            "{position} is not within {chrom}, which has {length} bases"
        )),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assemblies_are_told_apart_by_any_chromosome() {
        let recognise = |chroms: &[(&str, u32)]| {
            Genome::recognise(chroms.iter().copied()).map(|genome| genome.name().to_string())
        };
        let named = |name: &str| Some(name.to_string());
        assert_eq!(recognise(&[("chr1", 249_250_621)]), named("hg19"));
        assert_eq!(recognise(&[("22", 50_818_468), ("MT", 1)]), named("hg38"));
        assert_eq!(
            recognise(&[("chr19", 61_431_566), ("chrY", 91_744_698)]),
            named("mm10")
        );
        assert_eq!(recognise(&[("chrX", 169_476_592)]), named("mm39"));
        // Of two assemblies, of none, and of no chromosome that is in the table.
        assert_eq!(
            recognise(&[("chr1", 249_250_621), ("chr2", 242_193_529)]),
            None
        );
        assert_eq!(recognise(&[("chr1", 1000)]), None);
        assert_eq!(
            recognise(&[("chrM", 16_571), ("chr0", 1), ("chr+1", 249_250_621)]),
            None
        );
        assert_eq!(recognise(&[]), None);
    }

    #[test]
    fn no_two_assemblies_share_a_length() {
        for (at, one) in KNOWN.iter().enumerate() {
            assert!([24, 21].contains(&one.lengths.len()));
            for other in &KNOWN[at + 1..] {
                let shared = one.lengths.iter().zip(other.lengths).any(|(a, b)| a == b);
                assert!(!shared, "{} and {}", one.name, other.name);
            }
        }
    }
}
