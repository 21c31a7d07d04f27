//! The two elements of a pair, and what there is of each.

pub mod colours;

use serde::{Deserialize, Serialize};

/// The element that a track, a region or a window belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Element {
    /// The enhancer.
    Enhancer,
    /// The promoter.
    Promoter,
}

impl Element {
    /// Both, in the order of every output.
    pub const BOTH: [Self; 2] = [Self::Enhancer, Self::Promoter];

    /// `enhancer` or `promoter`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enhancer => "enhancer",
            Self::Promoter => "promoter",
        }
    }

    /// The other side.
    pub fn other(self) -> Self {
        match self {
            Self::Enhancer => Self::Promoter,
            Self::Promoter => Self::Enhancer,
        }
    }
}

/// Something of the enhancer and of the promoter.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Sides<T> {
    /// The enhancer's.
    pub enhancer: T,
    /// The promoter's.
    pub promoter: T,
}

impl<T> Sides<T> {
    /// The enhancer's and the promoter's.
    pub const fn new(enhancer: T, promoter: T) -> Self {
        Self { enhancer, promoter }
    }

    /// What a function makes of each element.
    pub fn from_fn(mut of: impl FnMut(Element) -> T) -> Self {
        let [enhancer, promoter] = Element::BOTH.map(&mut of);
        Self { enhancer, promoter }
    }

    /// That of one element.
    pub fn get(&self, element: Element) -> &T {
        match element {
            Element::Enhancer => &self.enhancer,
            Element::Promoter => &self.promoter,
        }
    }

    /// That of one element, to be changed.
    pub fn get_mut(&mut self, element: Element) -> &mut T {
        match element {
            Element::Enhancer => &mut self.enhancer,
            Element::Promoter => &mut self.promoter,
        }
    }

    /// A reference to each.
    pub fn as_ref(&self) -> Sides<&T> {
        Sides::new(&self.enhancer, &self.promoter)
    }

    /// What a function makes of each, the enhancer's first.
    pub fn map<U>(self, mut of: impl FnMut(T) -> U) -> Sides<U> {
        let enhancer = of(self.enhancer);
        Sides::new(enhancer, of(self.promoter))
    }

    /// Each beside that of another.
    pub fn zip<U>(self, other: Sides<U>) -> Sides<(T, U)> {
        Sides::new(
            (self.enhancer, other.enhancer),
            (self.promoter, other.promoter),
        )
    }

    /// Both with their element, the enhancer's first.
    pub fn iter(&self) -> impl Iterator<Item = (Element, &T)> {
        Element::BOTH.into_iter().zip(self.as_ref())
    }
}

impl<T, E> Sides<Result<T, E>> {
    /// Both, or the error of the first that has one.
    ///
    /// # Errors
    ///
    /// The enhancer's, or else the promoter's.
    pub fn transpose(self) -> Result<Sides<T>, E> {
        Ok(Sides::new(self.enhancer?, self.promoter?))
    }
}

impl<T> IntoIterator for Sides<T> {
    type Item = T;
    type IntoIter = std::array::IntoIter<T, 2>;

    /// Both, the enhancer's first.
    fn into_iter(self) -> Self::IntoIter {
        [self.enhancer, self.promoter].into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enhancer_comes_first() {
        let sides = Sides::from_fn(Element::name);
        assert_eq!(sides, Sides::new("enhancer", "promoter"));
        let lengths = sides.map(str::len).zip(sides);
        let all: Vec<_> = lengths.into_iter().collect();
        assert_eq!(all, [(8, "enhancer"), (8, "promoter")]);
        assert!(sides.iter().all(|(element, name)| element.name() == *name));
        let mut changed = sides;
        *changed.get_mut(Element::Promoter) = "other";
        assert_eq!(changed.get(Element::Promoter), &"other");
    }

    #[test]
    fn the_first_error_is_told() {
        assert_eq!(Sides::new(Err::<u8, _>(1), Err(2)).transpose(), Err(1));
        assert_eq!(
            Sides::new(Ok::<_, u8>(1), Ok(2)).transpose(),
            Ok(Sides::new(1, 2))
        );
    }
}
