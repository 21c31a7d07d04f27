//! Numbers as people read them.

/// A number with a comma before each three digits.
pub fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_stand_together() {
        let texts = [0, 7, 999, 1000, 12_345, 123_456, 4_294_967_295].map(thousands);
        let wanted = [
            "0",
            "7",
            "999",
            "1,000",
            "12,345",
            "123,456",
            "4,294,967,295",
        ];
        assert_eq!(texts, wanted);
    }
}
