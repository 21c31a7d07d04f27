//! Round numbers along an axis, and how they are written.

/// Evenly spaced numbers: whole multiples of 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticks {
    step: Step,
    /// In steps.
    first: i64,
    /// In steps.
    last: i64,
}

/// `digit · 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    digit: i64,
    exponent: i32,
}

impl Step {
    fn size(self) -> f64 {
        self.times(1, 0)
    }

    /// So many steps, as a number of `10^unit`; correctly rounded as far as `f64` holds its parts.
    fn times(self, count: i64, unit: i32) -> f64 {
        let digits = (count * self.digit) as f64;
        match self.exponent - unit {
            power if power < 0 => digits / 10f64.powi(-power),
            power => digits * 10f64.powi(power),
        }
    }

    fn next(self) -> Self {
        let Self { digit, exponent } = self;
        let (digit, exponent) = match digit {
            1 => (2, exponent),
            2 => (5, exponent),
            _ => (1, exponent + 1),
        };
        Self { digit, exponent }
    }
}

/// Which of two ranges is the other's.
#[derive(Clone, Copy, PartialEq)]
enum Extent {
    /// The ticks reach past both ends.
    Covering,
    /// The ticks stay between the ends.
    Within,
}

impl Ticks {
    /// The closest ticks, at most `most` (3 or more) of them, the first and the last of which hold
    /// the numbers between them.
    pub fn covering(low: f64, high: f64, most: usize) -> Self {
        Self::new(widened(low, high), most.max(3), Extent::Covering, i32::MIN)
    }

    /// [`Ticks::covering`] some numbers; 0 where there is none.
    pub fn over(numbers: impl Iterator<Item = f64>, most: usize) -> Self {
        match extent(numbers) {
            (low, high) if low <= high => Self::covering(low, high, most),
            _ => Self::covering(0.0, 0.0, most),
        }
    }

    /// The closest ticks inside a range, at whole numbers, at most `most` of them.
    pub fn whole(low: f64, high: f64, most: usize) -> Self {
        Self::new(widened(low, high), most.max(1), Extent::Within, 0)
    }

    fn new((low, high): (f64, f64), most: usize, extent: Extent, finest: i32) -> Self {
        // A tenth of a step that would be just too fine: the search takes a few rounds.
        let guess = ((high - low) / most as f64).log10().floor() as i32 - 1;
        let mut step = Step {
            digit: 1,
            exponent: guess.max(finest),
        };
        loop {
            let (low, high) = (low / step.size(), high / step.size());
            // A number that is a tick itself, but for its last bits, is covered by it.
            let slack = 1e-12 * low.abs().max(high.abs()).max(1.0);
            let (first, last) = match extent {
                Extent::Covering => ((low + slack).floor(), (high - slack).ceil()),
                Extent::Within => ((low - slack).ceil(), (high + slack).floor()),
            };
            if last - first < most as f64 {
                let (first, last) = (first as i64, last as i64);
                return Self { step, first, last };
            }
            step = step.next();
        }
    }

    /// From the first to the last.
    pub fn range(&self) -> (f64, f64) {
        let place = |count: i64| self.step.times(count, 0);
        (place(self.first), place(self.last))
    }

    /// The ticks with what stands beside them.
    pub fn labelled(&self) -> Vec<(f64, String)> {
        // 10,000,000 is the longest that is easy to read, 0.0001 the smallest.
        let (low, high) = self.range();
        let long = low.abs().max(high.abs()) >= 1e8 || self.step.exponent < -4;
        match long {
            true => self.with(|count| scientific(self.step.times(count, 0))),
            false => self.labelled_in(0),
        }
    }

    /// The ticks with their numbers of units of `10^unit`.
    pub fn labelled_in(&self, unit: i32) -> Vec<(f64, String)> {
        let decimals = (unit - self.step.exponent).max(0) as usize;
        self.with(|count| grouped(self.step.times(count, unit), decimals))
    }

    fn with(&self, label: impl Fn(i64) -> String) -> Vec<(f64, String)> {
        (self.first..=self.last)
            .map(|count| (self.step.times(count, 0), label(count)))
            .collect()
    }

    /// The power of ten below the distance of two ticks.
    pub fn exponent(&self) -> i32 {
        self.step.exponent
    }
}

/// The lowest and the highest of some numbers; the wrong way round where there is none.
pub fn extent(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
        (low.min(number), high.max(number))
    })
}

/// Numbers beyond these, whose powers of ten are hard to compute, are cut off or taken for 0.
const LARGEST: f64 = 1e100;
const SMALLEST: f64 = 1e-100;

/// A range that has a length, beside which its numbers are not too large for whole steps.
fn widened(low: f64, high: f64) -> (f64, f64) {
    let [low, high] = [low, high].map(|end| end.clamp(-LARGEST, LARGEST));
    let size = low.abs().max(high.abs());
    if high - low > (size * 1e-10).max(SMALLEST) {
        return (low, high);
    }
    let half = if size <= SMALLEST { 0.5 } else { size * 0.05 };
    (low - half, low + half)
}

/// A number with separators of thousands, and a true minus sign.
pub fn grouped(number: f64, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", number.abs());
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::new();
    if number < 0.0 && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        text.push('−');
    }
    for (place, digit) in whole.char_indices() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

/// A count of things with separators of thousands.
pub fn count(things: usize) -> String {
    grouped(things as f64, 0)
}

/// A number as `2×10⁻⁶`, with at most four digits.
fn scientific(number: f64) -> String {
    if number == 0.0 {
        return "0".to_string();
    }
    let text = format!("{number:.3e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    let raised = power.chars().map(|letter| match letter.to_digit(10) {
        Some(digit) => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize],
        None => '⁻',
    });
    let power: String = raised.collect();
    format!("{}×10{power}", digits.replace('-', "−"))
}

/// A length of so many bases, to three digits: `14.1 kb`.
pub fn distance(bases: u32) -> String {
    let value = f64::from(bases);
    let (unit, name) = match bases {
        0..1_000 => return format!("{bases} bp"),
        1_000..1_000_000 => (1e3, "kb"),
        _ => (1e6, "Mb"),
    };
    let shown = value / unit;
    let decimals = match shown {
        below if below < 9.995 => 2,
        below if below < 99.95 => 1,
        _ => 0,
    };
    format!("{} {name}", grouped(shown, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(ticks: Ticks) -> Vec<String> {
        ticks
            .labelled()
            .into_iter()
            .map(|(_, label)| label)
            .collect()
    }

    fn values(ticks: &Ticks) -> Vec<f64> {
        ticks
            .labelled()
            .into_iter()
            .map(|(value, _)| value)
            .collect()
    }

    #[test]
    fn ticks_are_those_that_a_person_would_choose() {
        assert_eq!(
            labels(Ticks::covering(0.0, 1.0, 6)),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(
            labels(Ticks::covering(0.613, 0.874, 5)),
            ["0.6", "0.7", "0.8", "0.9"]
        );
        assert_eq!(
            labels(Ticks::whole(-13.0, 12.0, 6)),
            ["−10", "−5", "0", "5", "10"]
        );
        assert_eq!(labels(Ticks::whole(1.0, 3.0, 9)), ["1", "2", "3"]);
        assert_eq!(
            labels(Ticks::covering(0.0, 3e-6, 4)),
            ["0", "1×10⁻⁶", "2×10⁻⁶", "3×10⁻⁶"]
        );
        // The longest chromosome's end.
        let ticks = Ticks::whole(248_953_922.0, 248_956_422.0, 4).labelled_in(3);
        let labels: Vec<&str> = ticks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["248,954", "248,955", "248,956"]);
    }

    #[test]
    fn one_number_has_ticks_around_it() {
        for number in [0.0, 0.3, -7.0, 1e30, 1e-30, 1e-310] {
            let (low, high) = Ticks::covering(number, number, 5).range();
            assert!(low < number && number < high, "{number}: {low} {high}");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(1_234_567.0, 0), "1,234,567");
        assert_eq!(grouped(-1234.56, 1), "−1,234.6");
        assert_eq!(grouped(-0.04, 1), "0.0");
        assert_eq!(grouped(999.0, 0), "999");
    }

    #[test]
    fn distances_have_three_digits() {
        let shown = [
            0,
            999,
            1000,
            14_134,
            99_960,
            999_499,
            1_500_000,
            248_000_000,
        ]
        .map(distance);
        let wanted = [
            "0 bp", "999 bp", "1.00 kb", "14.1 kb", "100 kb", "999 kb", "1.50 Mb", "248 Mb",
        ];
        assert_eq!(shown, wanted);
    }

    proptest! {
        #[test]
        fn ticks_are_round_few_and_as_close_as_may_be(
            low in -1e9f64..1e9, span in prop_oneof![1e-3..1f64, 1.0..1e9], most in 3usize..9,
        ) {
            let high = low + span;
            prop_assume!(span > low.abs() * 1e-6);
            let slack = 1e-8 * low.abs().max(high.abs()).max(span);
            let covering = Ticks::covering(low, high, most);
            let (first, last) = covering.range();
            prop_assert!(first <= low + slack && high - slack <= last);
            let within = Ticks::whole(low, high, most);
            prop_assert!(values(&within).iter().all(|v| low - slack <= *v && *v <= high + slack));
            for ticks in [covering, within] {
                let values = values(&ticks);
                prop_assert!(values.len() <= most);
                let Step { digit, exponent } = ticks.step;
                prop_assert!([1, 2, 5].contains(&digit));
                let step = digit as f64 * 10f64.powi(exponent);
                for two in values.windows(2) {
                    prop_assert!(((two[1] - two[0]) / step - 1.0).abs() < 1e-6);
                }
                // More than a quarter of the ticks that there might be.
                prop_assert!((span / step) + 2.0 > most as f64 / 2.5 - 1.0);
            }
        }

        #[test]
        fn a_label_says_its_number(low in -1e5f64..1e5, span in 1e-2f64..1e5, most in 2usize..8) {
            for (value, label) in Ticks::whole(low, low + span, most).labelled() {
                let said: f64 = label.replace(',', "").replace('−', "-").parse().unwrap();
                prop_assert!((said - value).abs() < 1e-9, "{value} {label}");
            }
        }
    }
}
