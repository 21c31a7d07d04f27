//! What the `type` of a track says of its file.

use std::path::Path;

use super::findings::Findings;
use super::syntax::number;
use crate::browser::hub::stanza::Place;
use crate::browser::hub::track_type::TrackType;
use crate::formats::{Content, Fields, Values};

/// Compares what a track's type says with its file.
pub fn check(
    kind: &str,
    numbers: &[&str],
    path: &Path,
    content: &Content,
    place: &Place,
    found: &mut Findings,
) {
    let problem = match (kind, content) {
        ("bigWig", Content::Signal(values)) => return check_range(numbers, *values, place, found),
        ("bigBed", Content::Items(fields)) => return check_fields(numbers, fields, place, found),
        ("bigWig", Content::Items(_)) => "is bigBed, not bigWig".to_string(),
        (_, Content::Signal(_)) => format!("is bigWig, not {kind}"),
        ("bigInteract", Content::Items(fields)) if !fields.is_interact() => {
            let table = "a table 'interact' of 18 fields or more";
            format!("is no bigInteract: its schema is not of {table}")
        }
        _ => return,
    };
    found.error(place, format!("{} {problem}", path.display()));
}

fn check_range(numbers: &[&str], values: Option<Values>, place: &Place, found: &mut Findings) {
    let right = TrackType::signal(values);
    let stated = match numbers {
        [] => {
            let message = format!("the range of the values is missing: 'type {right}'");
            return found.warning(place, message);
        }
        [lower, upper] => number(lower).zip(number(upper)),
        _ => None,
    };
    let Some((lower, upper)) = stated.filter(|(lower, upper)| lower < upper) else {
        let message = "bigWig takes two numbers, the smallest and the largest value";
        return found.error(place, message);
    };
    let Some(Values { min, max, .. }) = values else {
        return found.warning(place, "the file holds no value, or does not say which");
    };
    // The values are of single precision, and so may be what was stated.
    let slack = 1e-6 * min.abs().max(max.abs());
    if min < lower - slack || max > upper + slack {
        let message =
            format!("the values go from {min} to {max}, the stated range from {lower} to {upper}");
        found.warning(place, message);
    }
}

fn check_fields(numbers: &[&str], fields: &Fields, place: &Place, found: &mut Findings) {
    let Fields { count, defined, .. } = *fields;
    let (Some(number), more) = (numbers.first(), numbers.get(1)) else {
        return;
    };
    let Some(stated) = number.parse::<u16>().ok().filter(|n| (3..=12).contains(n)) else {
        let message = format!("'{number}' has to be a number of BED's fields, 3 to 12");
        return found.error(place, message);
    };
    let message = format!(
        "{stated} fields are stated, but the file calls {defined} of its {count} fields BED's"
    );
    if stated > defined {
        return found.error(place, message);
    }
    if stated < defined {
        let more = format!("programs that go by that take the file for BED{defined}");
        found.warning(place, format!("{message}: {more}"));
    }
    match more {
        None if stated < count => {
            let message =
                format!("the file has {count} fields; without '+' only {stated} are shown");
            found.warning(place, message);
        }
        Some(&"+") if stated == count => {
            let message = format!("'+': the file has no more than {count} fields");
            found.warning(place, message);
        }
        None | Some(&("+" | ".")) => {}
        Some(word) => found.error(place, format!("'{word}' has to be '+', '.' or nothing")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::broken::{data, only, says, tracks};
    use crate::browser::hub::testing;

    #[test]
    fn types_are_supported_and_are_the_files() {
        only(
            &tracks("type bigInteract", "type bigIntaract"),
            &["error", "'bigIntaract'", "did you mean 'bigInteract'?"],
        );
        only(
            &tracks("type bigInteract", "type bed 9"),
            &["error", "'bed'", "unsupported"],
        );
        says(
            &tracks(
                "type bigWig 1 4\nbigDataUrl K562",
                "type bigBed 3\nbigDataUrl K562",
            ),
            &["error", "is bigWig, not bigBed"],
        );
        only(
            &tracks(
                "type bigBed 9 +\nbigDataUrl K562",
                "type bigWig 0 1\nbigDataUrl K562",
            ),
            &["error", "is bigBed, not bigWig"],
        );
        only(
            &tracks(
                "type bigBed 9 +\nbigDataUrl K562",
                "type bigInteract\nbigDataUrl K562",
            ),
            &["error", "table 'interact' of 18 fields"],
        );
        only(
            &tracks(
                "type bigBed 9 +\nbigDataUrl K562",
                "type bigBed 9\nbigDataUrl K562",
            ),
            &["warning", "20 fields", "'+'"],
        );
        says(
            &tracks(
                "type bigBed 9 +\nbigDataUrl K562",
                "type bigBed 12 +\nbigDataUrl K562",
            ),
            &["error", "9 of its 20 fields"],
        );
        says(
            &tracks(
                "type bigBed 9 +\nbigDataUrl K562",
                "type bigBed 16\nbigDataUrl K562",
            ),
            &["error", "3 to 12"],
        );
        says(
            &tracks(
                "type bigBed 9 +\nbigDataUrl K562",
                "type bigBed nine\nbigDataUrl K562",
            ),
            &["error", "3 to 12"],
        );
        only(
            &tracks(
                "type bigBed 9 +\nbigDataUrl K562",
                "type bigBed 4 +\nbigDataUrl K562",
            ),
            &["warning", "9 of its 20 fields"],
        );
        only(
            &data(|out| testing::set_defined_fields(&out.join("test/K562/top_regions.bb"), 20)),
            &["warning", "20 of its 20 fields", "take the file for BED20"],
        );
    }

    #[test]
    fn stated_ranges_hold_the_values() {
        only(
            &tracks(
                "type bigWig 1 4\nbigDataUrl K562",
                "type bigWig 1 3.5\nbigDataUrl K562",
            ),
            &["warning", "1 to 4", "1 to 3.5"],
        );
        only(
            &tracks(
                "type bigWig 1 4\nbigDataUrl K562",
                "type bigWig 1\nbigDataUrl K562",
            ),
            &["error", "two numbers"],
        );
        only(
            &tracks(
                "type bigWig 1 4\nbigDataUrl K562",
                "type bigWig 4 1\nbigDataUrl K562",
            ),
            &["error", "two numbers"],
        );
        only(
            &tracks(
                "type bigWig 1 4\nbigDataUrl K562",
                "type bigWig\nbigDataUrl K562",
            ),
            &["warning", "range", "1 4"],
        );
    }

    #[test]
    fn a_bigwig_that_says_nothing_of_its_values_is_not_compared() {
        let silent = |out: &Path| {
            let path = out.join("test/added/DNase.bw");
            let mut bytes = fs::read(&path).unwrap();
            // Where the header says that the summary is.
            bytes[44..52].fill(0);
            fs::remove_file(&path).unwrap();
            fs::write(&path, bytes).unwrap();
        };
        only(&data(silent), &["warning", "does not say which"]);
    }

    #[test]
    fn after_the_number_of_fields_comes_a_plus_or_a_dot() {
        let with = |stated: &str| {
            tracks(
                "type bigBed 9 +\nbigDataUrl K562",
                &format!("type bigBed {stated}\nbigDataUrl K562"),
            )
        };
        only(&with("9 more"), &["error", "'more'", "'+', '.' or nothing"]);
        assert_eq!(with("9 ."), Vec::<String>::new());
        let plain = data(|out| {
            let path = out.join("test/K562/top_regions.bb");
            let mut bytes = fs::read(&path).unwrap();
            // All fields of the header are BED's own.
            bytes[32..34].copy_from_slice(&9u16.to_ne_bytes());
            fs::remove_file(&path).unwrap();
            fs::write(&path, bytes).unwrap();
        });
        only(&plain, &["warning", "no more than 9 fields"]);
    }
}
