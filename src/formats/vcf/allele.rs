//! What stands in ALT.

/// An alternate allele, by its form (VCFv4.5, 1.6.1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allele<'a> {
    /// Bases: A, C, G, T, N in either case.
    Bases(&'a str),
    /// A name between angle brackets: `<DEL>`, `<*>`.
    Symbolic,
    /// A join with another place: `G]17:198982]`, `.TGCA`.
    Breakend,
    /// `*`: the base is deleted by another record.
    Overlapped,
    /// `.`: there is none.
    Missing,
    /// Anything else.
    Other,
}

impl<'a> Allele<'a> {
    /// The form of a text.
    pub fn new(text: &'a str) -> Self {
        let is_base = |letter: u8| b"ACGTNacgtn".contains(&letter);
        match text {
            "" | "." => Self::Missing,
            "*" => Self::Overlapped,
            _ if text.contains(['[', ']']) || text.starts_with('.') || text.ends_with('.') => {
                Self::Breakend
            }
            _ if text.starts_with('<') && text.ends_with('>') => Self::Symbolic,
            _ if text.bytes().all(is_base) => Self::Bases(text),
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_told() {
        let cases = [
            ("A", Allele::Bases("A")),
            ("acgtn", Allele::Bases("acgtn")),
            ("<DEL>", Allele::Symbolic),
            ("<*>", Allele::Symbolic),
            ("<DUP:TANDEM>", Allele::Symbolic),
            ("G]17:198982]", Allele::Breakend),
            ("]13:123456]T", Allele::Breakend),
            ("[17:198983[A", Allele::Breakend),
            (".A", Allele::Breakend),
            ("G.", Allele::Breakend),
            ("*", Allele::Overlapped),
            (".", Allele::Missing),
            ("R", Allele::Other),
            ("<DEL", Allele::Other),
            ("A*", Allele::Other),
        ];
        for (text, wanted) in cases {
            assert_eq!(Allele::new(text), wanted, "{text}");
        }
    }
}
