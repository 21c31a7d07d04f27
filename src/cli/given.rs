//! Options that may be given.

/// Puts what was given before what stands there.
pub fn set<T>(to: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *to = given;
    }
}
