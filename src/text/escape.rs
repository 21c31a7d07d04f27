//! Text that others chose, made harmless inside markup and addresses.

use std::fmt::{self, Write};

use askama::filters::Escaper;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All that is not an unreserved character of an address (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The text as it may stand in an XML or HTML document, in an element or in a quoted attribute.
///
/// Characters that XML 1.0 cannot hold (<https://www.w3.org/TR/xml/#charsets>) become U+FFFD.
pub fn markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // A parser would turn them into spaces.
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#{};", u32::from(character))),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push(char::REPLACEMENT_CHARACTER)
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// [`markup`] for what is put into a template that ends in `.html`: `assets/askama.toml` names it.
#[derive(Debug, Clone, Copy)]
pub struct Markup;

impl Escaper for Markup {
    fn write_escaped_str<W: Write>(&self, mut page: W, text: &str) -> fmt::Result {
        page.write_str(&markup(text))
    }
}

/// A relative path, with `/` between its parts, as it may stand in an address.
pub fn path(path: &str) -> String {
    let parts: Vec<String> = path
        .split('/')
        .map(|part| utf8_percent_encode(part, RESERVED).to_string())
        .collect();
    parts.join("/")
}

/// A text as it may stand as a value behind the `?` of an address.
pub fn query(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_cannot_be_left() {
        assert_eq!(
            markup("<b a='1' c=\"2\">&\n\u{1}é"),
            "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;&#10;\u{fffd}é"
        );
    }

    #[test]
    fn a_path_keeps_its_parts_and_nothing_else() {
        assert_eq!(path("../a b/c?#%é.bw"), "../a%20b/c%3F%23%25%C3%A9.bw");
        assert_eq!(
            query("http://a.org/b?c&d"),
            "http%3A%2F%2Fa.org%2Fb%3Fc%26d"
        );
    }
}
