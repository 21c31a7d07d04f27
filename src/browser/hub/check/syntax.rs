//! What the values of settings look like.

/// What a setting's value looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Syntax {
    /// Anything but nothing.
    Any,
    /// One of these, in small letters or capitals, as UCSC's readers of signals and switches compare
    /// words (`sameWord`).
    OneOf(&'static [&'static str]),
    /// One of these, letter by letter.
    Exactly(&'static [&'static str]),
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// `red,green,blue`, or `#rrggbb`.
    Color,
    /// `lower:upper`, which UCSC's reader puts in order.
    Limits,
    /// `max:default:min`, in pixels; UCSC's reader takes one, two or three and puts them in order.
    Heights,
}

/// `on` and `off`.
pub const ON_OFF: Syntax = Syntax::OneOf(&["on", "off"]);
/// `true` and `false`.
pub const TRUE_FALSE: Syntax = Syntax::OneOf(&["true", "false"]);

impl Syntax {
    /// Says what a value should be where it is not that.
    pub fn check(self, value: &str) -> Result<(), String> {
        if value.is_empty() {
            return Err("has no value".to_string());
        }
        let right = match self {
            Self::Any => true,
            Self::OneOf(words) => words.iter().any(|word| word.eq_ignore_ascii_case(value)),
            Self::Exactly(words) => words.contains(&value),
            Self::Number => number(value).is_some(),
            Self::Integer => value.parse::<i64>().is_ok(),
            Self::Color => is_color(value),
            Self::Limits => return limits(value),
            Self::Heights => is_heights(value),
        };
        if right { Ok(()) } else { Err(self.wanted()) }
    }

    fn wanted(self) -> String {
        match self {
            Self::Any => "has to have a value".to_string(),
            Self::OneOf(words) | Self::Exactly(words) => {
                format!("has to be one of: {}", words.join(", "))
            }
            Self::Number => "has to be a number".to_string(),
            Self::Integer => "has to be a whole number".to_string(),
            Self::Color => "has to be red,green,blue, each from 0 to 255".to_string(),
            Self::Limits => "has to be lower:upper".to_string(),
            Self::Heights => "has to be max:default:min".to_string(),
        }
    }
}

/// A finite number.
pub fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn is_color(value: &str) -> bool {
    if let Some(hex) = value.strip_prefix('#') {
        return hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit());
    }
    let parts = value.split(',').map(|part| part.trim().parse().ok());
    let parts: Option<Vec<u8>> = parts.collect();
    parts.is_some_and(|parts| parts.len() == 3)
}

fn limits(value: &str) -> Result<(), String> {
    let numbers = value
        .split_once(':')
        .and_then(|(lower, upper)| Some((number(lower)?, number(upper)?)));
    match numbers {
        None => Err(Syntax::Limits.wanted()),
        Some((lower, upper)) if lower != upper => Ok(()),
        Some(_) => Err("has to have two limits, one below the other".to_string()),
    }
}

fn is_heights(value: &str) -> bool {
    let mut numbers = value.split(':').map(|part| part.parse::<u32>());
    (1..=3).contains(&numbers.clone().count()) && numbers.all(|number| number.is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::broken::{says, tracks};

    #[test]
    fn values_have_their_syntax() {
        let cases = [
            ("color 230,97,1", "color 0,114,256", "0 to 255"),
            ("color 230,97,1", "color blue", "red,green,blue"),
            ("visibility full", "visibility loud", "hide, dense"),
            ("viewLimits 0:4", "viewLimits 4:4", "below"),
            ("viewLimits 0:4", "viewLimits 0-4", "lower:upper"),
            (
                "maxHeightPixels 200:80:20",
                "maxHeightPixels 20:80:200:4",
                "max:default:min",
            ),
            (
                "maxHeightPixels 200:80:20",
                "maxHeightPixels tall",
                "max:default:min",
            ),
            ("priority 1", "priority first", "number"),
            ("priority 1", "scoreMin 0.5\npriority 1", "whole number"),
            ("alwaysZero on", "alwaysZero yes", "on, off"),
            (
                "windowingFunction mean+whiskers",
                "windowingFunction median",
                "mean+whiskers",
            ),
            ("superTrack on show", "superTrack yes", "on, on show"),
            ("autoScale off", "autoScale 1", "on, off, group"),
            ("html arcs", "html", "no value"),
        ];
        for (old, new, why) in cases {
            let found = tracks(old, new);
            let name = new.split(' ').next().unwrap();
            says(&found, &["error", name, why]);
        }
    }

    /// As UCSC's own scripts write hubs.
    #[test]
    fn words_and_numbers_are_compared_as_the_browser_does() {
        for (old, new) in [
            ("alwaysZero on", "alwaysZero On"),
            ("autoScale off", "autoScale OFF"),
            ("windowingFunction mean+whiskers", "windowingFunction Mean"),
            ("viewLimits 0:4", "viewLimits 4:0"),
            ("maxHeightPixels 200:80:20", "maxHeightPixels 20:80:200"),
            ("maxHeightPixels 200:80:20", "maxHeightPixels 100:32"),
        ] {
            assert_eq!(tracks(old, new), Vec::<String>::new(), "{new}");
        }
        says(
            &tracks("visibility full", "visibility Full"),
            &["error", "visibility"],
        );
    }
}
