//! Templates with places that are called `{{name}}`.

/// Puts values into their places. Values are not looked through again: what a user calls
/// `{{cells}}` stays so, and so does a place that has no value.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let known = after
            .split_once("}}")
            .and_then(|(name, left)| Some((values.iter().find(|value| value.0 == name)?, left)));
        match known {
            Some(((_, value), left)) => {
                filled.push_str(value);
                rest = left;
            }
            None => {
                filled.push_str("{{");
                rest = after;
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once() {
        let values = [("a", "{{b}}{{a}}"), ("b", "x")];
        assert_eq!(
            fill("{{ {{a}} {{c}} {{b}}{{", &values),
            "{{ {{b}}{{a}} {{c}} x{{"
        );
    }
}
