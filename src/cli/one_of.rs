//! Arguments that are one of a few words.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use epitrack::text::choice::{Choice, Named, parse};

/// Reads a value by its name, or by an old one. The help tells all names and what they mean.
pub fn one_of<T: Choice + Send + Sync>() -> impl TypedValueParser<Value = T> {
    let value = |&(choice, name, about): &Named<T>| {
        let old = T::OLD.iter();
        let old = old.filter(|old| old.0.name() == choice.name());
        let value = PossibleValue::new(name).help(about);
        value.aliases(old.map(|old| old.1))
    };
    let values: Vec<PossibleValue> = T::ALL.iter().map(value).collect();
    PossibleValuesParser::new(values).try_map(|name| parse::<T>(&name))
}
