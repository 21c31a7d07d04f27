//! Occupied sites and profiles where the footprints are known.

use super::*;
use crate::enrichment::profile::{Level, Point, centre_over_flanks};

/// 120 windows with two footprints of 11 bases: one in the centre of the best of five top regions,
/// one far from all of them.
fn footprints_at_the_best_regions() -> Vec<Window> {
    (0..120)
        .map(|number| {
            let region = at(0, 4000 * number, 3000);
            let regions = blind_regions(5, region);
            let mut occupancy = vec![0.5; 3000];
            let centre = regions[0].start as usize + 22;
            occupancy[centre - 5..=centre + 5].fill(8.0);
            // Elsewhere, where no region is, footprints of the same kind.
            let free = (0..60).map(|step| 50 * step + 10).find(|&place: &u32| {
                regions
                    .iter()
                    .all(|top| place + 80 < top.start || top.end + 80 < place)
            });
            let free = free.unwrap() as usize;
            occupancy[free..free + 11].fill(8.0);
            let site = |start: usize| Site {
                matrix: 0,
                start: start as u32,
                end: start as u32 + 8,
            };
            let sites = vec![site(centre), site(free + 100), site(free + 60)];
            let mut window = window(region, regions, sites);
            window.occupancy = Some(occupancy);
            window
        })
        .collect()
}

#[test]
fn footprints_at_the_regions_show_in_profile_and_occupied_sites() {
    let windows = footprints_at_the_best_regions();
    let report = report(with_footprints(1), 1, &windows);
    let group = report.group(Element::Enhancer, true);
    let (all, occupied) = (&group.all[0], &group.occupied.as_ref().unwrap()[0]);
    assert!(
        (120..=240).contains(&all.inside) && all.sites == 360,
        "{all:?}"
    );
    assert_eq!((occupied.inside, occupied.sites), (120, 120));
    assert!(occupied.statement.comparison().unwrap().p < 1e-6);

    let profile = group.profile.as_ref().unwrap();
    assert_eq!((profile.regions, profile.kept), (600, 600));
    assert_eq!((profile.windows, profile.median_highest), (120, Some(8.0)));
    let occupied = (
        profile.occupied_part.unwrap(),
        profile.occupied_part_by_chance.unwrap(),
    );
    assert!(
        occupied.0.value == 0.2 && occupied.1.high < 0.15,
        "{occupied:?}"
    );
    let points = profile.points.as_ref().unwrap();
    let top = |offset: i32| points[(offset + 30) as usize].top.unwrap().occupancy.value;
    // One region in five has a footprint: (8 + 4 · 0.5) / 5.
    assert_eq!((top(0), top(5), top(6)), (2.0, 2.0, 0.5));
    let (first, last) = (points[0], points[60]);
    assert_eq!((first.offset, last.offset), (-30, 30));
    assert!(points[30].mock.unwrap().occupancy.high < 0.9);
}

/// The mean of a curve within 5 bases of the centre over that 40 to 60 bases away.
fn peak(points: &[Point], curve: impl Fn(&Point) -> Option<Level>) -> f64 {
    let over = |offsets: std::ops::RangeInclusive<u32>| {
        let wanted = |point: &&Point| offsets.contains(&point.offset.unsigned_abs());
        let levels: Vec<f64> = points
            .iter()
            .filter(wanted)
            .map(|point| curve(point).unwrap().occupancy.value)
            .collect();
        levels.iter().sum::<f64>() / levels.len() as f64
    };
    over(0..=5) / over(40..=60)
}

#[test]
fn only_top_regions_peak_where_only_they_have_the_footprints() {
    let windows = footprints_at_the_best_regions();
    let peaks = |normalisation| {
        let mut settings = with_footprints(1);
        let footprints = settings.footprints.as_mut().unwrap();
        (footprints.normalisation, footprints.flank) = (normalisation, 60);
        let report = report(settings, 1, &windows);
        let points = report.groups[0].profile.clone().unwrap().points.unwrap();
        let top = peak(&points, |point| point.top);
        (top, peak(&points, |point| point.mock))
    };
    let (top, mock) = peaks(Normalisation::WindowMedian);
    assert!((3.4..4.01).contains(&top), "{top}");
    assert!((0.9..1.1).contains(&mock), "{mock}");
    // The other rules choose regions by what lies inside, so that mock regions peak too.
    let (_, mock) = peaks(Normalisation::RegionPeak);
    assert!(mock > 2.0, "{mock}");
}

#[test]
fn each_window_is_scaled_to_the_median_of_the_highest() {
    // Highest occupancies of 5, 10, …, 100; the tenth and the eleventh are 50 and 55.
    let mut windows: Vec<Window> = (1..=20)
        .map(|number| {
            let place = at(0, 1000 * number, 700);
            let regions = Some(340..361).into_iter().collect();
            let mut window = window(place, regions, vec![]);
            let highest = 5.0 * number as f32;
            let mut occupancy = vec![highest / 10.0; 700];
            occupancy[345..=355].fill(highest);
            window.occupancy = Some(occupancy);
            window
        })
        .collect();
    // A window that comes back is one in the median, and one without an occupied base is none.
    windows.push(windows[0].clone());
    let mut empty = windows[0].clone();
    empty.region = at(0, 50_000, 700);
    empty.occupancy = Some(vec![2.9; 700]);
    windows.push(empty);
    let mut settings = with_footprints(1);
    settings.footprints.as_mut().unwrap().flank = 300;
    let report = report(settings, 0, &windows);
    let profile = report.groups[0].profile.as_ref().unwrap();
    assert_eq!((profile.regions, profile.kept), (22, 21));
    assert_eq!((profile.windows, profile.median_highest), (20, Some(52.5)));
    let points = profile.points.as_ref().unwrap();
    let at_offset = |offset: i32| points[(offset + 300) as usize].top.unwrap();
    let near = |got: f64, wanted: f64| assert!((got - wanted).abs() < 0.01, "{got} {wanted}");
    assert_eq!(at_offset(0).n, 21.0);
    near(at_offset(0).occupancy.value, 52.5);
    near(at_offset(-200).occupancy.value, 5.25);
    // 11 of the 21 bases in the centre have the footprint.
    let height = centre_over_flanks(points, |point| point.top).unwrap();
    near(height, (11.0 + 10.0 * 0.1) / 21.0 / 0.1);
    let short = &points[201..=399];
    assert_eq!(centre_over_flanks(short, |point| point.top), None);
}

#[test]
fn each_normalisation_divides_by_what_it_says() {
    let mut occupancy = vec![0.0; 200];
    occupancy[100] = 8.0;
    occupancy[130] = 4.0;
    let windows: Vec<Window> = (0..20)
        .map(|number| {
            let mut window = window(
                at(0, 1000 * number, 200),
                Some(98..103).into_iter().collect(),
                vec![],
            );
            window.occupancy = Some(occupancy.clone());
            window
        })
        .collect();
    let mean = 12.0 / 61.0;
    for (normalisation, unit) in [
        (Normalisation::WindowMedian, 1.0),
        (Normalisation::None, 1.0),
        (Normalisation::RegionPeak, 8.0),
        (Normalisation::RegionMean, mean),
    ] {
        let mut settings = with_footprints(1);
        settings.footprints.as_mut().unwrap().normalisation = normalisation;
        let report = report(settings, 0, &windows);
        let points = report.groups[0].profile.clone().unwrap().points.unwrap();
        for (place, wanted) in [(30, 8.0), (60, 4.0), (31, 0.0)] {
            let got = points[place].top.unwrap();
            assert!((got.occupancy.value - wanted / unit).abs() < 1e-3);
            assert_eq!(got.n, 20.0);
        }
    }
}
