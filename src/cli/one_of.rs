//! Arguments that are one of a few words.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use epitrack::text::choice::{Choice, Named, parse};

/// Reads a value by its name. The help tells all names and what they mean.
pub fn one_of<T: Choice + Send + Sync>() -> impl TypedValueParser<Value = T> {
    let value = |&(_, name, about): &Named<T>| PossibleValue::new(name).help(about);
    let values: Vec<PossibleValue> = T::ALL.iter().map(value).collect();
    PossibleValuesParser::new(values).try_map(|name| parse::<T>(&name))
}
