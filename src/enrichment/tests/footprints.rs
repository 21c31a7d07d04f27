//! Occupied sites and profiles where the footprints are known.

use super::*;

#[test]
fn footprints_at_the_regions_show_in_profile_and_occupied_sites() {
    let windows: Vec<Window> = (0..120)
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
        .collect();
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
    assert_eq!((profile.regions, profile.kept), (600, 120));
    let kept = (
        profile.kept_part.unwrap(),
        profile.kept_part_by_chance.unwrap(),
    );
    assert!(kept.0.value == 0.2 && kept.1.high < 0.15, "{kept:?}");
    let points = profile.points.as_ref().unwrap();
    let top = |offset: i32| points[(offset + 30) as usize].top.unwrap().occupancy.value;
    assert_eq!((top(0), top(5), top(6)), (1.0, 1.0, 0.0625));
    let (first, last) = (points[0], points[60]);
    assert_eq!((first.offset, last.offset), (-30, 30));
    assert!(points[30].mock.unwrap().occupancy.high < 0.9);
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
        (Normalisation::None, 1.0),
        (Normalisation::Peak, 8.0),
        (Normalisation::Mean, mean),
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
