//! Dates in headers.

use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_PER_DAY: u64 = 86_400;
/// The last second of the year 9999, the last that the format can name.
const LAST: u64 = 253_402_300_799;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [(&str, u64); 12] = [
    ("Jan", 31),
    ("Feb", 28),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];

/// A time as HTTP writes it (<https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7>), to the
/// second. `None` before 1970 and after 9999: a file's date can be anything.
pub fn http(time: SystemTime) -> Option<String> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    if seconds > LAST {
        return None;
    }
    let mut day = seconds / SECONDS_PER_DAY;
    let weekday = WEEKDAYS[(day % 7) as usize];
    let mut year = 1970;
    while day >= days_of(year) {
        day -= days_of(year);
        year += 1;
    }
    let mut months = MONTHS.iter().map(|&(month, days)| match month {
        "Feb" => (month, days + days_of(year) - 365),
        _ => (month, days),
    });
    let month = months.find_map(|(month, days)| {
        let found = day < days;
        day = if found { day } else { day - days };
        found.then_some(month)
    })?;
    let second = seconds % SECONDS_PER_DAY;
    Some(format!(
        "{weekday}, {:02} {month} {year} {:02}:{:02}:{:02} GMT",
        day + 1,
        second / 3600,
        second / 60 % 60,
        second % 60
    ))
}

fn days_of(year: u64) -> u64 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    365 + u64::from(leap)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn after(seconds: u64) -> Option<String> {
        http(UNIX_EPOCH + Duration::from_secs(seconds))
    }

    #[test]
    fn dates_are_those_of_the_standards_calendar() {
        for (seconds, wanted) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_704_067_199, "Sun, 31 Dec 2023 23:59:59 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (LAST, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(after(seconds).as_deref(), Some(wanted));
        }
    }

    #[test]
    fn times_that_the_format_cannot_name_have_no_date() {
        assert_eq!(after(LAST + 1), None);
        assert_eq!(http(UNIX_EPOCH - Duration::from_secs(1)), None);
    }
}
