//! What a sequence model must beat to mean anything: published methods on other data, and two
//! that know no biology at all.
//!
//! Every method is asked in the same way ([`Method`]): here are some pairs with their labels, now
//! score those. The labels of the pairs to be scored are not among what a method is given, so that
//! none can look at them:
//!
//! | method | made by | from |
//! |---|---|---|
//! | TargetFinder E/P, EE/P, E/P/W | [`Boosted`] with [`Boosting::TARGETFINDER`] | [`FeatureTable::read`], or [`targetfinder_features`] of [`assays`](crate::formats::assays) |
//! | PEP-Motif | [`Boosted`] with [`Boosting::PEP`] | [`pep::motif_features`] |
//! | PEP-Word | [`pep::PepWord::new`] | the sequence of [`pep::regions`] |
//! | distance only | [`Distance::new`] | the pairs |
//! | propensity only | [`Propensity::new`] | the pairs |
//! | context only | [`Context::new`] | what is known of the pairs beside their sequence |
//! | predictions from elsewhere | [`Scores::read`] | a table of pairs and scores |
//!
//! Only their settings and formulas come from the publications; the boosted trees are
//! [our own][`Boosting`].
//!
//! [`Boosting`]: crate::statistics::boosting::Boosting
//! [`Boosting::TARGETFINDER`]: crate::statistics::boosting::Boosting::TARGETFINDER
//! [`Boosting::PEP`]: crate::statistics::boosting::Boosting::PEP
//! [`FeatureTable::read`]: crate::pairs::FeatureTable::read

mod boosted;
mod context;
mod distance;
mod method;
pub mod pep;
mod propensity;
mod scores;
mod targetfinder;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use boosted::Boosted;
pub use context::Context;
pub use distance::Distance;
pub use method::{Labelled, Method};
pub use propensity::Propensity;
pub use scores::Scores;
pub use targetfinder::compute as targetfinder_features;
