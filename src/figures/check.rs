//! What a figure refuses to draw.

use crate::error::{Error, Result};
use crate::statistics::Interval;

/// Refuses numbers that are not finite; `what` says whose they are.
pub fn finite(numbers: &[f64], what: impl FnOnce() -> String) -> Result<()> {
    match numbers.iter().find(|number| !number.is_finite()) {
        Some(number) => Err(Error::NotFinite(format!("{} is {number}", what()))),
        None => Ok(()),
    }
}

/// Refuses numbers that are no part of 1.
pub fn fractions(numbers: &[f64], what: impl Fn() -> String) -> Result<()> {
    finite(numbers, &what)?;
    match numbers.iter().find(|number| !(0.0..=1.0).contains(*number)) {
        Some(number) => Err(undefined(format!(
            "{} is {number}, not between 0 and 1",
            what()
        ))),
        None => Ok(()),
    }
}

/// Refuses an interval that is not finite, or whose ends are the wrong way round.
pub fn interval(of: Interval, what: impl Fn() -> String) -> Result<()> {
    let Interval { value, low, high } = of;
    finite(&[value, low, high], &what)?;
    if low > high {
        let message = format!("the interval of {} runs from {low} to {high}", what());
        return Err(undefined(message));
    }
    Ok(())
}

/// Something that cannot be drawn.
pub fn undefined(message: impl Into<String>) -> Error {
    Error::Undefined(message.into())
}
