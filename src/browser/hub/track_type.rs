//! The types of tracks that hubs are written with.

use std::fmt;

use crate::formats::{Content, Values};

/// A track's type, as its `type` setting states it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TrackType {
    /// A bigWig and the range of its values.
    Signal {
        /// The smallest.
        min: f32,
        /// The largest, above the smallest.
        max: f32,
    },
    /// A bigBed.
    Items {
        /// BED's own fields, 3 to 12.
        fields: u16,
        /// Whether more fields follow.
        more: bool,
    },
    /// A bigBed of interactions.
    Interactions,
}

impl TrackType {
    /// The type that a track of a file has.
    pub fn of(content: &Content) -> Self {
        match content {
            Content::Signal(values) => Self::signal(*values),
            Content::Items(fields) if fields.is_interact() => Self::Interactions,
            Content::Items(fields) => Self::Items {
                fields: fields.bed(),
                more: fields.count > fields.bed(),
            },
        }
    }

    /// The type of a bigWig with these values. Where they are all one, the range reaches to zero:
    /// a browser cannot draw one without a height.
    pub fn signal(values: Option<Values>) -> Self {
        let (min, max) = values.map_or((0.0, 1.0), |values| (values.min as f32, values.max as f32));
        let (min, max) = match (min, max) {
            (min, max) if min < max => (min, max),
            (value, _) if value > 0.0 => (0.0, value),
            (value, _) if value < 0.0 => (value, 0.0),
            _ => (0.0, 1.0),
        };
        Self::Signal { min, max }
    }
}

impl fmt::Display for TrackType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal { min, max } => write!(f, "bigWig {min} {max}"),
            Self::Items { fields, more } => {
                let plus = if *more { " +" } else { "" };
                write!(f, "bigBed {fields}{plus}")
            }
            Self::Interactions => f.write_str("bigInteract"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::hub::testing;
    use crate::formats::BbiFile;

    #[test]
    fn types_are_found_whatever_the_writer_counted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bb");
        let of_file = || TrackType::of(&BbiFile::open(&path).unwrap().content).to_string();
        testing::regions(&path);
        assert_eq!(of_file(), "bigBed 9 +");
        testing::set_defined_fields(&path, 15);
        assert_eq!(of_file(), "bigBed 9 +");
        testing::set_defined_fields(&path, 4);
        assert_eq!(of_file(), "bigBed 4 +");
        testing::interactions(&path);
        assert_eq!(of_file(), "bigInteract");
        testing::bigwig(&path, &[("chr1", 0, 10, 1.0), ("chr1", 30, 40, 4.0)]);
        assert_eq!(of_file(), "bigWig 1 4");
    }

    #[test]
    fn every_range_has_a_height() {
        let of = |min, max| {
            let values = Values {
                min,
                max,
                mean: min,
            };
            TrackType::signal(Some(values)).to_string()
        };
        assert_eq!(of(0.5, 3.0), "bigWig 0.5 3");
        assert_eq!(of(3.0, 3.0), "bigWig 0 3");
        assert_eq!(of(-3.0, -3.0), "bigWig -3 0");
        assert_eq!(of(0.0, 0.0), "bigWig 0 1");
        assert_eq!(TrackType::signal(None).to_string(), "bigWig 0 1");
    }
}
