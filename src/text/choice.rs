//! Values that a person chooses by their names.

use std::mem::discriminant;

/// A value, what it is called, in small letters and hyphens, and what it means, in a line.
pub type Named<T> = (T, &'static str, &'static str);

/// One of a few values, each of which has a name.
pub trait Choice: Copy + 'static {
    /// All that can be chosen, in the order in which they are told.
    const ALL: &'static [Named<Self>];

    /// Names that some of them had in earlier versions, which are still understood.
    const OLD: &'static [(Self, &'static str)] = &[];

    /// What it is called, whatever numbers it holds; what cannot be chosen has no name.
    fn name(self) -> &'static str {
        let same = |named: &&Named<Self>| discriminant(&named.0) == discriminant(&self);
        Self::ALL.iter().find(same).map_or("", |named| named.1)
    }
}

/// The value of this name.
///
/// # Errors
///
/// A name that none has, in words that tell all of them.
pub fn parse<T: Choice>(name: &str) -> Result<T, String> {
    let new = T::ALL.iter().map(|&(choice, name, _)| (choice, name));
    let mut all = new.chain(T::OLD.iter().copied());
    match all.find(|named| named.1 == name) {
        Some((choice, _)) => Ok(choice),
        None => {
            let names: Vec<&str> = T::ALL.iter().map(|named| named.1).collect();
            Err(format!("{name:?} is none of {}", names.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Side {
        Left,
        Right,
    }

    impl Choice for Side {
        const ALL: &'static [Named<Self>] = &[
            (Self::Left, "left", "where the heart is"),
            (Self::Right, "right", "the other one"),
        ];
        const OLD: &'static [(Self, &'static str)] = &[(Self::Left, "sinister")];
    }

    #[test]
    fn a_value_is_found_by_its_name_and_no_other() {
        assert_eq!(parse("left"), Ok(Side::Left));
        assert_eq!(parse("right"), Ok(Side::Right));
        assert_eq!(parse("sinister"), Ok(Side::Left));
        assert_eq!(Side::Right.name(), "right");
        for wrong in ["", "Left", "left ", "middle"] {
            let said = parse::<Side>(wrong).unwrap_err();
            assert_eq!(said, format!("{wrong:?} is none of left, right"));
        }
    }
}
