use proptest::prelude::*;

use super::*;
use crate::formats::read_bigwig;
use crate::genome::read_bed_rows;

fn config(cell_lines: usize) -> SimulationConfig {
    SimulationConfig {
        chromosomes: 2,
        chromosome_length: 400_000,
        positives: 20,
        negatives: 20,
        distance: [5_000, 50_000],
        cell_lines,
        ..SimulationConfig::default()
    }
}

fn chroms(lengths: &[u32]) -> Chroms {
    let named = lengths.iter().zip(1..);
    Chroms::new(named.map(|(&length, number)| (format!("chr{number}"), length))).unwrap()
}

/// The mean signal over some regions.
fn mean(segments: &[Segment], over: &[Region]) -> f64 {
    let (mut sum, mut bases) = (0.0, 0);
    for region in over {
        for segment in segments {
            let shared = segment.region.overlap(region);
            sum += f64::from(segment.value) * f64::from(shared);
            bases += shared;
        }
    }
    sum / f64::from(bases)
}

#[test]
fn the_signal_covers_the_genome_and_follows_the_occupied_sites_of_each_cell_line() {
    let config = config(2);
    let simulation = config.run().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let files = simulation.write(&config, dir.path()).unwrap();
    assert_eq!(files.len(), 2);
    let whole: Vec<Region> = simulation.chroms.regions().collect();
    for (cell, files) in simulation.cell_lines.iter().zip(&files) {
        let segments = read_bigwig(&files.accessibility, &simulation.chroms, &whole).unwrap();
        let bases: u32 = segments.iter().map(|segment| segment.region.len()).sum();
        assert_eq!(bases, 2 * config.chromosome_length);
        assert!(segments.iter().all(|segment| segment.value >= 0.0));
        let [mut occupied, mut others] = [Vec::new(), Vec::new()];
        for (site, is_occupied) in simulation.sites.iter().zip(&cell.occupied) {
            match is_occupied {
                true => occupied.push(site.region),
                false => others.push(site.region),
            }
        }
        // Bumps of 5 to 15, of whose tops sites hold the most.
        let at_occupied = mean(&segments, &occupied);
        assert!((8.0..12.5).contains(&at_occupied), "{at_occupied}");
        // Some lie beside an occupied site of their element.
        let at_others = mean(&segments, &others);
        assert!(at_others < 0.5 * at_occupied, "{at_others}");
        let open = simulation.open_in(cell);
        let is_outside =
            |segment: &&Segment| open.iter().all(|of| of.overlap(&segment.region) == 0);
        let outside: Vec<Segment> = segments.iter().filter(is_outside).copied().collect();
        let background = mean(&outside, &whole);
        assert!((background - BACKGROUND).abs() < 0.02, "{background}");
    }
}

#[test]
fn each_occupied_site_has_a_peak_with_its_middle_for_summit() {
    let config = config(2);
    let simulation = config.run().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let files = simulation.write(&config, dir.path()).unwrap();
    for (cell, files) in simulation.cell_lines.iter().zip(&files) {
        let read = |path: &Path| {
            let rows = read_bed_rows(
                path,
                &simulation.chroms,
                |_| {},
                |region, row| {
                    let summit = row.get(9).map(|summit| summit.parse::<u32>().unwrap());
                    Ok((region, summit.map(|summit| region.start + summit)))
                },
            );
            rows.unwrap()
        };
        let peaks = read(&files.narrow_peaks);
        let sites: Vec<Region> = simulation.occupied_in(cell).collect();
        assert!(sites.len() > 10);
        assert_eq!(peaks.len(), sites.len());
        for ((peak, summit), site) in peaks.iter().zip(&sites) {
            assert_eq!(*summit, Some(site.start + site.len() / 2));
            assert_eq!((peak.len(), peak.overlap(site)), (2 * REACH, site.len()));
        }
        // The regions of the BED file are the same bases, apart from each other.
        let open: Vec<Region> = read(&files.peaks).into_iter().map(|(of, _)| of).collect();
        assert_eq!(open, merge(peaks.into_iter().map(|(peak, _)| peak)));
        assert_eq!(open, simulation.open_in(cell));
    }
}

#[test]
fn the_only_cell_line_is_open_at_its_elements() {
    let config = config(1);
    let simulation = config.run().unwrap();
    let [cell] = &simulation.cell_lines[..] else {
        panic!("{} cell lines", simulation.cell_lines.len());
    };
    assert_eq!(simulation.open_in(cell), simulation.peaks());
}

#[test]
fn a_bump_is_highest_in_its_middle_and_nothing_at_its_ends() {
    let site = Region::new(ChromId(0), 1000, 1011).unwrap();
    let bump = Bump::new(site, 8.0);
    assert_eq!(bump.at(1005), 8.0);
    for (base, wanted) in [(1005 - REACH, 0.0), (1005 + REACH, 0.0), (5000, 0.0)] {
        assert!((bump.at(base) - wanted).abs() < 1e-12, "{base}");
    }
    let heights: Vec<f64> = (1005..1005 + REACH).map(|base| bump.at(base)).collect();
    assert!(heights.windows(2).all(|two| two[0] > two[1]));
    // Half as high half-way.
    assert!((heights[62] + heights[63] - 8.0).abs() < 0.01);
}

proptest! {
    #[test]
    fn cells_follow_each_other_from_end_to_end_and_hold_the_highest_bump(
        lengths in prop::collection::vec(2_000u32..5_000, 1..4),
        sites in prop::collection::vec((0u32..3, 300u32..1_500, 5.0..15.0f64), 0..20),
    ) {
        let chroms = chroms(&lengths);
        let on = |chrom: u32| ChromId(chrom % lengths.len() as u32);
        let bump = |(chrom, start, height): (u32, u32, f64)| {
            Bump::new(Region::new(on(chrom), start, start + 11).unwrap(), height)
        };
        let mut bumps: Vec<Bump> = sites.into_iter().map(bump).collect();
        bumps.sort_by_key(|bump| (bump.chrom, bump.middle));
        let mut rng = stream(1, Purpose::Accessibility, 0);
        let segments: Vec<Segment> = segments(&chroms, &bumps, &mut rng).collect();
        let mut at = segments.iter().peekable();
        for whole in chroms.regions() {
            let mut next = 0;
            while let Some(segment) = at.next_if(|segment| segment.region.chrom == whole.chrom) {
                prop_assert_eq!(segment.region.start, next);
                next = segment.region.end;
                let middle = segment.region.start + segment.region.len() / 2;
                let here = bumps.iter().filter(|bump| bump.chrom == whole.chrom);
                let highest = here.map(|bump| bump.at(middle)).fold(0.0, f64::max);
                // The background is never less than nothing, and next to never twenty times its mean.
                let over = f64::from(segment.value) - highest;
                prop_assert!((-1e-5..20.0 * BACKGROUND).contains(&over), "{}", over);
            }
            prop_assert_eq!(next, whole.end);
        }
        prop_assert!(at.next().is_none());
    }
}
