//! Assemblies that are told by the lengths of their chromosomes.

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

/// The name of the assembly of UCSC's whose chromosomes have these lengths, if it is one of hg19, hg38,
/// hs1 (T2T-CHM13), mm9, mm10 and mm39. At least one chromosome has to be among 1, 2, …, X
/// and Y (with or without `chr`), and every one of those has to have the right length.
pub fn known_assembly<'a>(
    chroms: impl IntoIterator<Item = (&'a str, u32)>,
) -> Option<&'static str> {
    let chroms: Vec<(&str, u32)> = chroms.into_iter().collect();
    let fits = |known: &&KnownAssembly| {
        let mut lengths = chroms
            .iter()
            .filter_map(|&(name, length)| Some((known.length(name)?, length)))
            .peekable();
        lengths.peek().is_some() && lengths.all(|(known, length)| known == length)
    };
    KNOWN.iter().find(fits).map(|known| known.name)
}

/// The length of a chromosome, named with or without `chr`, of one of these assemblies.
pub fn known_length(assembly: &str, chrom: &str) -> Option<u32> {
    let known = KNOWN.iter().find(|known| known.name == assembly)?;
    known.length(chrom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assemblies_are_told_apart_by_any_chromosome() {
        let recognise = |chroms: &[(&str, u32)]| known_assembly(chroms.iter().copied());
        assert_eq!(recognise(&[("chr1", 249_250_621)]), Some("hg19"));
        assert_eq!(recognise(&[("22", 50_818_468), ("MT", 1)]), Some("hg38"));
        assert_eq!(
            recognise(&[("chr19", 61_431_566), ("chrY", 91_744_698)]),
            Some("mm10")
        );
        assert_eq!(recognise(&[("chrX", 169_476_592)]), Some("mm39"));
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
