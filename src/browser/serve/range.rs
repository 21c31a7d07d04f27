//! The `Range` header (<https://www.rfc-editor.org/rfc/rfc9110#section-14>).

/// What of a file was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// The bytes from `start` to before `end`; at least one.
    Part {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// Only bytes that it does not have.
    Beyond,
}

impl Wanted {
    /// Reads the header's value for a file of `size` bytes.
    ///
    /// As the standard permits, a value that is malformed or in another unit than bytes counts as
    /// absent, and so does one that asks for several ranges: the answer is the whole file.
    pub fn new(header: Option<&str>, size: u64) -> Self {
        header
            .and_then(|value| Self::parse(value, size))
            .unwrap_or(Self::Whole)
    }

    fn parse(value: &str, size: u64) -> Option<Self> {
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
            Self::Part { start, end }
        } else {
            Self::Beyond
        })
    }
}

/// A number in digits alone; one that is too large for any file is the largest.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(start: u64, end: u64) -> Wanted {
        Wanted::Part { start, end }
    }

    #[test]
    fn ranges_are_clipped_to_the_file() {
        for (value, wanted) in [
            ("bytes=0-0", part(0, 1)),
            ("bytes=2-4", part(2, 5)),
            ("Bytes=2-400", part(2, 10)),
            ("bytes=2-99999999999999999999999", part(2, 10)),
            ("bytes=9-", part(9, 10)),
            ("bytes=-3", part(7, 10)),
            ("bytes=-30", part(0, 10)),
        ] {
            assert_eq!(Wanted::new(Some(value), 10), wanted, "{value}");
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
            assert_eq!(Wanted::new(Some(value), 10), Wanted::Beyond, "{value}");
        }
        assert_eq!(Wanted::new(Some("bytes=-5"), 0), Wanted::Beyond);
        assert_eq!(Wanted::new(Some("bytes=0-"), 0), Wanted::Beyond);
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
            assert_eq!(Wanted::new(Some(value), 10), Wanted::Whole, "{value}");
        }
        assert_eq!(Wanted::new(None, 10), Wanted::Whole);
    }
}
