//! What chance gives on the part of the pairs that stops a training.

use crate::error::Result;
use crate::pairs::Part;
use crate::run::Run;
use crate::text::Lines;

/// The part of positives among a run's validation pairs, which is the AUPRC of scores that know nothing;
/// none where there is no such pair.
pub(super) fn by_chance(run: &Run) -> Result<Option<f64>> {
    let file = run.split_file()?.path;
    let mut lines = Lines::open(&file)?;
    let (mut all, mut positive) = (0u32, 0u32);
    while let Some((_, line)) = lines.next_line()? {
        let mut fields = line.split('\t').skip(1);
        let (label, part) = (fields.next(), fields.next());
        if part == Some(Part::Validation.to_string().as_str()) {
            all += 1;
            positive += u32::from(label == Some("1"));
        }
    }
    Ok((all > 0).then(|| f64::from(positive) / f64::from(all)))
}
