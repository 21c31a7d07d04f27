//! Values that a person chooses by their names.

/// One of a few values, each of which has a name.
pub trait Choice: Copy + 'static {
    /// All that can be chosen, in the order in which they are told.
    const ALL: &'static [Self];

    /// What it is called, in small letters and hyphens, and what it means, in a line.
    fn words(self) -> (&'static str, &'static str);

    /// What it is called.
    fn name(self) -> &'static str {
        self.words().0
    }

    /// What it means, in a line without a full stop.
    fn about(self) -> &'static str {
        self.words().1
    }
}

/// The value of this name.
///
/// # Errors
///
/// A name that none has, in words that tell all of them.
pub fn parse<T: Choice>(name: &str) -> Result<T, String> {
    let found = T::ALL.iter().find(|choice| choice.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = T::ALL.iter().map(|choice| choice.name()).collect();
        format!("{name:?} is none of {}", names.join(", "))
    })
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
        const ALL: &'static [Self] = &[Self::Left, Self::Right];

        fn words(self) -> (&'static str, &'static str) {
            match self {
                Self::Left => ("left", "where the heart is"),
                Self::Right => ("right", "the other one"),
            }
        }
    }

    #[test]
    fn a_value_is_found_by_its_name_and_no_other() {
        assert_eq!(parse("left"), Ok(Side::Left));
        assert_eq!(parse("right"), Ok(Side::Right));
        assert_eq!(Side::Right.about(), "the other one");
        for wrong in ["", "Left", "left ", "middle"] {
            let said = parse::<Side>(wrong).unwrap_err();
            assert_eq!(said, format!("{wrong:?} is none of left, right"));
        }
    }
}
