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
    let beyond = |number: &&f64| !(0.0..=1.0).contains(*number);
    numbers.iter().find(beyond).map_or(Ok(()), |number| {
        let message = format!("{} is {number}, not between 0 and 1", what());
        Err(undefined(message))
    })
}

/// Refuses a number of things that cannot all be told apart, or none.
pub fn told_apart(count: usize, most: usize, things: &str) -> Result<()> {
    refuse_if(count == 0 || count > most, || {
        format!("{count} {things}: 1 to {most} can be told apart")
    })
}

/// Refuses an interval that is not finite, or whose ends are the wrong way round.
pub fn interval(of: Interval, what: impl Fn() -> String) -> Result<()> {
    let Interval { value, low, high } = of;
    finite(&[value, low, high], &what)?;
    refuse_if(low > high, || {
        format!("the interval of {} runs from {low} to {high}", what())
    })
}

/// Refuses what is wrong, for a reason.
pub fn refuse_if<M: Into<String>>(wrong: bool, reason: impl FnOnce() -> M) -> Result<()> {
    match wrong {
        true => Err(undefined(reason())),
        false => Ok(()),
    }
}

/// Something that cannot be drawn.
pub fn undefined(message: impl Into<String>) -> Error {
    Error::Undefined(message.into())
}
