//! What a misspelt word may stand for.

use crate::text::edits;

/// ` (did you mean 'X'?)` where just one of the names is closest, and close; else nothing.
pub fn suggestion(name: &str, names: impl Iterator<Item = &'static str>) -> String {
    // Long names would take long, and none is close to them.
    if name.chars().count() > 40 {
        return String::new();
    }
    let lower = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = names
        .map(|known| (edits(&lower, &known.to_lowercase()), known))
        .filter(|&(edits, known)| edits <= 2 && edits * 2 < known.len())
        .collect();
    near.sort_unstable();
    match near[..] {
        [(_, only)] => format!(" (did you mean '{only}'?)"),
        [(first, best), (second, _), ..] if first < second => format!(" (did you mean '{best}'?)"),
        _ => String::new(),
    }
}
