//! The layout of targets.

use super::*;
use crate::attention::Pooling;
use crate::network::activity::testing::{Genome, region};

#[test]
fn each_bin_has_the_values_of_all_sources_beside_each_other() {
    let genome = Genome::new(&[("chr1", 1000), ("chr2", 1000)]);
    let peaks = genome.peaks("peaks", "chr1\t100\t150\nchr2\t10\t400\n");
    let values = [("chr1", 90, 95, 4.0), ("chr1", 120, 300, 2.0)];
    let signal = genome.signal("signal", &values);
    let reference = genome.reference();
    let open = |source| Measured::open(source, reference.chroms()).unwrap();
    let mut measured: Vec<Measured> = [&peaks, &signal].into_iter().map(open).collect();
    let bins = Bins(Pooling {
        length: 100,
        width: 5,
        pool: 10,
    });
    let windows = [region(0, 85, 185), region(1, 350, 450)];
    let targets = Targets::measure(&windows, &bins, &mut measured).unwrap();
    assert_eq!((targets.windows(), bins.count()), (2, 10));
    for (at, window) in windows.into_iter().enumerate() {
        assert_eq!(targets.of(at).len(), 20);
        for (bin, values) in targets.of(at).chunks_exact(2).enumerate() {
            let tile = window.part(bins.tile(bin));
            let peak = [region(0, 100, 150), region(1, 10, 400)];
            let covered: u32 = peak.iter().map(|peak| peak.overlap(&tile)).sum();
            assert_eq!(values[0] == 1.0, 2 * covered >= tile.len(), "{at} {bin}");
            let sum = 4 * region(0, 90, 95).overlap(&tile) + 2 * region(0, 120, 300).overlap(&tile);
            let mean = f64::from(sum) / f64::from(tile.len());
            assert!(
                (f64::from(values[1]) - mean.ln_1p()).abs() < 1e-6,
                "{at} {bin}"
            );
        }
    }
    let all = [targets.of(0), targets.of(1)].concat();
    for source in 0..2 {
        let own: Vec<f32> = all.iter().skip(source).step_by(2).copied().collect();
        assert_eq!(targets.of_source(source).collect::<Vec<_>>(), own);
        // Neither is the same everywhere.
        assert!(own.iter().any(|value| *value != own[0]));
    }
}
