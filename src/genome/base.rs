//! Base codes: what the model reads instead of letters.

/// The code of N and of every other letter that is not A, C, G or T.
pub const N: u8 = 4;

const CODES: [u8; 256] = {
    let mut codes = [N; 256];
    codes[b'A' as usize] = 0;
    codes[b'C' as usize] = 1;
    codes[b'G' as usize] = 2;
    codes[b'T' as usize] = 3;
    codes[b'a' as usize] = 0;
    codes[b'c' as usize] = 1;
    codes[b'g' as usize] = 2;
    codes[b't' as usize] = 3;
    codes
};

/// The code of a letter: A, C, G, T in either case are 0, 1, 2, 3, all else is [`N`].
pub fn code(letter: u8) -> u8 {
    CODES[letter as usize]
}

/// The letters of base codes.
pub fn letters(codes: &[u8]) -> Vec<u8> {
    let letter = |&code: &u8| b"ACGTN"[usize::from(code)];
    codes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_either_case_have_one_code() {
        let upper: Vec<u8> = b"ACGTNRYKMSW-".iter().map(|&b| code(b)).collect();
        assert_eq!(upper, [0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
        for letter in 0..=255u8 {
            assert_eq!(code(letter), code(letter.to_ascii_uppercase()));
        }
    }
}
