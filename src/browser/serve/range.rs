//! The `Range` header (<https://www.rfc-editor.org/rfc/rfc9110#section-14>).

/// A range that tower-http satisfies of no file, not even of an empty one.
const BEYOND: &str = "bytes=-0";

/// The header's value for a file of `size` bytes, in the strict form of which tower-http makes what
/// the standard says: it refuses longer suffixes and larger numbers than the file, and answers
/// for an empty file with a byte that it does not have.
///
/// As the standard permits, a value that is malformed or in another unit than bytes counts as
/// absent, and so does one that asks for several ranges: the answer is the whole file.
pub fn resolve(value: &str, size: u64) -> Option<String> {
    let (unit, range) = value.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    let (start, end) = if first.is_empty() {
        (size.saturating_sub(number(last)?), size)
    } else {
        let start = number(first)?;
        let end = match last {
            "" => size,
            last if number(last)? < start => return None,
            last => number(last)?.saturating_add(1).min(size),
        };
        (start, end)
    };
    Some(if start < end {
        format!("bytes={start}-{}", end - 1)
    } else {
        BEYOND.to_string()
    })
}

/// A number in digits alone; one that is too large for any file is the largest.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_clipped_to_the_file() {
        for (value, wanted) in [
            ("bytes=0-0", "bytes=0-0"),
            ("bytes=2-4", "bytes=2-4"),
            ("Bytes=2-400", "bytes=2-9"),
            ("bytes=2-99999999999999999999999", "bytes=2-9"),
            ("bytes=9-", "bytes=9-9"),
            ("bytes=-3", "bytes=7-9"),
            ("bytes=-30", "bytes=0-9"),
        ] {
            assert_eq!(resolve(value, 10).as_deref(), Some(wanted), "{value}");
        }
    }

    #[test]
    fn bytes_that_are_not_there_are_beyond() {
        for value in [
            "bytes=10-",
            "bytes=10-20",
            "bytes=-0",
            "bytes=99999999999999999999999-",
        ] {
            assert_eq!(resolve(value, 10).as_deref(), Some(BEYOND), "{value}");
        }
        assert_eq!(resolve("bytes=-5", 0).as_deref(), Some(BEYOND));
        assert_eq!(resolve("bytes=0-", 0).as_deref(), Some(BEYOND));
    }

    #[test]
    fn what_cannot_be_read_counts_as_absent() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-2",
            "bytes=+1-2",
            "bytes=1-2,4-5",
            "lines=1-2",
            "bytes=a-b",
            "bytes=1 - 2",
        ] {
            assert_eq!(resolve(value, 10), None, "{value}");
        }
    }
}
