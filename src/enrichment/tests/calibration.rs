//! Whether p-values mean what they say.

use super::*;
use crate::enrichment::mock::BLOCK;
use crate::statistics::permutation::p_value;

/// The part of the matrices with p < 0.05, over some genomes without any enrichment; `moved`
/// tells the counting where the windows are.
fn false_alarms(starts: &[u32], copies: usize, moved: impl Fn(usize, Region) -> Region) -> f64 {
    let (mut alarms, mut tests) = (0.0, 0.0);
    for seed in 1..=4 {
        let windows = blind_windows(seed, starts, 150);
        let mut windows: Vec<Window> = windows
            .iter()
            .flat_map(|window| std::iter::repeat_n(window, copies).cloned())
            .collect();
        for (place, window) in windows.iter_mut().enumerate() {
            window.region = moved(place, window.region);
        }
        let found = comparisons(&report(settings(seed, 400), 150, &windows));
        alarms += found.iter().filter(|row| row.p < 0.05).count() as f64;
        tests += found.len() as f64;
    }
    alarms / tests
}

fn apart(place: usize, region: Region) -> Region {
    at(place as u32, 0, region.len())
}

#[test]
fn one_in_twenty_is_a_false_alarm_in_windows_that_stand_alone() {
    let starts: Vec<u32> = (0..100).map(|number| 4000 * number).collect();
    let alarms = false_alarms(&starts, 1, |_, region| region);
    assert!((0.03..0.07).contains(&alarms), "{alarms}");
}

#[test]
fn one_in_twenty_is_a_false_alarm_in_windows_that_come_back_fifty_times() {
    let starts: Vec<u32> = (0..30).map(|number| 4000 * number).collect();
    let alarms = false_alarms(&starts, 50, |_, region| region);
    assert!((0.03..0.07).contains(&alarms), "{alarms}");
    // Taken for windows of their own, they would promise far too much.
    let alarms = false_alarms(&starts, 50, apart);
    assert!(alarms > 0.3, "{alarms}");
}

#[test]
fn one_in_twenty_is_a_false_alarm_in_windows_that_overlap() {
    let starts: Vec<u32> = (0..240).map(|number| 400 * number).collect();
    let alarms = false_alarms(&starts, 1, |_, region| region);
    assert!((0.03..0.07).contains(&alarms), "{alarms}");
    let alarms = false_alarms(&starts, 1, apart);
    assert!(alarms > 0.1, "{alarms}");
}

/// The exact probabilities of at least so many captured sites, where each window has one with the
/// same probability and counts as often as it comes back.
fn exact_tails(copies: &[u32], captured: f64) -> Vec<f64> {
    let most: u32 = copies.iter().sum();
    let mut probabilities = vec![0.0; most as usize + 1];
    probabilities[0] = 1.0;
    for &copies in copies {
        for number in (0..probabilities.len()).rev() {
            let without = probabilities[number] * (1.0 - captured);
            let before = number.checked_sub(copies as usize);
            probabilities[number] = without + before.map_or(0.0, |n| probabilities[n] * captured);
        }
    }
    for number in (0..most as usize).rev() {
        probabilities[number] += probabilities[number + 1];
    }
    probabilities
}

#[test]
fn far_tails_are_never_too_thin_and_not_much_too_thick() {
    let room = |number: usize| Room {
        window: at(0, 4096 * number as u32, 3000),
        length: LENGTH,
        count: 5,
    };
    let holds = |starts: &[u32]| starts.iter().any(|start| (1467..=1500).contains(start));
    let count = |mock: &Mock, number: usize, draws: &mut [u32], copies: u32| {
        for first in (0..draws.len() as u32).step_by(BLOCK as usize) {
            mock.draws(&room(number), first..first + BLOCK, |draw, starts| {
                draws[draw as usize] += if holds(starts) { copies } else { 0 };
            });
        }
    };
    // The probability that a region holds the site, 1500..1512, by another seed.
    let mut draws = vec![0; 1000];
    (0..200).for_each(|number| count(&Mock::new(99), number, &mut draws, 1));
    let captured = f64::from(draws.iter().sum::<u32>()) / 200_000.0;

    let sets: [(&str, Vec<u32>, f64); 4] = [
        ("many windows", vec![1; 600], 1.0),
        ("few windows", vec![1; 20], 2.5),
        ("each fifty times", vec![50; 100], 2.0),
        (
            "of all kinds",
            (0..300_u32)
                .map(|n| 1 + 3 * n.trailing_zeros().min(8))
                .collect(),
            2.0,
        ),
    ];
    for (name, copies, thick) in sets {
        let mut draws = vec![0; 1000];
        for (number, &copies) in copies.iter().enumerate() {
            count(&Mock::new(1), number, &mut draws, copies);
        }
        let exact = exact_tails(&copies, captured);
        for wanted in [1e-4, 1e-6, 1e-8] {
            let observed = exact.iter().position(|&tail| tail <= wanted).unwrap();
            let (p, _) = p_value(observed as u32, &draws);
            let orders = (p / exact[observed]).log10();
            assert!(orders > -0.1, "{name}: {p} for {}", exact[observed]);
            assert!(orders < thick, "{name}: {p} for {}", exact[observed]);
        }
    }
}

#[test]
fn planted_matrices_are_found_and_others_at_the_stated_rate() {
    let starts: Vec<u32> = (0..150).map(|number| 4000 * number).collect();
    let mut false_discoveries = 0.0;
    for seed in 1..=20 {
        let mut windows = blind_windows(seed, &starts, 50);
        // In every third window one site of each of two matrices is moved into a top region.
        for window in windows.iter_mut().step_by(3) {
            for matrix in [7, 8] {
                let start = window.regions[0].start + 10;
                let planted = window.sites.iter_mut().find(|site| site.matrix == matrix);
                if let Some(site) = planted {
                    (site.start, site.end) = (start, start + 10);
                }
            }
        }
        let found = comparisons(&report(settings(seed, 400), 50, &windows));
        assert!(found[7].q < 0.01 && found[8].q < 0.01, "{:?}", found[7]);
        let called = found.iter().filter(|row| row.q < 0.05).count();
        false_discoveries += (called - 2) as f64 / called as f64 / 20.0;
    }
    assert!(false_discoveries < 0.1, "{false_discoveries}");
}
