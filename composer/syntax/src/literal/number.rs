//! Numbers: what the `ron` crate reads, and integers of up to 128 bits.

use crate::value::Integer;

/// What a number literal states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Integer(Integer),
    Float(f64),
}

/// Reads a number with its sign and suffix. The error says what is wrong, as the end of a sentence that
/// begins with the literal.
pub(crate) fn parse_number(literal: &str) -> Result<Number, String> {
    let (negative, body) = match literal.as_bytes().first() {
        Some(b'-') => (true, &literal[1..]),
        Some(b'+') => (false, &literal[1..]),
        _ => (false, literal),
    };
    if let Some(special) = special(body) {
        return Ok(Number::Float(if negative { -special } else { special }));
    }
    let (digits, suffix) = split_suffix(body);
    if let Some(magnitude) = parse_integer(digits) {
        check_range(negative, magnitude, suffix)?;
        return Ok(Number::Integer(Integer { negative, magnitude }));
    }
    if ["0x", "0b", "0o"].iter().any(|prefix| body.starts_with(prefix)) {
        return Err("has a digit that its base lacks, or no digit at all".to_owned());
    }
    let float = parse_float(body).ok_or_else(|| "is neither a whole nor a decimal number".to_owned())?;
    Ok(Number::Float(if negative { -float } else { float }))
}

/// The magnitude of an unsigned whole number in base 2, 8, 10 or 16; the largest if it has more than
/// 128 bits. `None` if it is malformed.
pub(crate) fn parse_integer(literal: &str) -> Option<u128> {
    let (radix, digits) = match literal.get(..2) {
        Some("0x") => (16, &literal[2..]),
        Some("0o") => (8, &literal[2..]),
        Some("0b") => (2, &literal[2..]),
        _ => (10, literal),
    };
    if digits.is_empty() || digits.starts_with('_') {
        return None;
    }
    digits.chars().filter(|&character| character != '_').try_fold(0u128, |number, character| {
        let digit = character.to_digit(radix)?;
        Some(number.saturating_mul(u128::from(radix)).saturating_add(u128::from(digit)))
    })
}

const SUFFIXES: [(&str, u32); 10] = [
    ("i8", 8),
    ("i16", 16),
    ("i32", 32),
    ("i64", 64),
    ("i128", 128),
    ("u8", 8),
    ("u16", 16),
    ("u32", 32),
    ("u64", 64),
    ("u128", 128),
];

fn split_suffix(body: &str) -> (&str, Option<(&'static str, u32)>) {
    let found = SUFFIXES.iter().find_map(|&(name, bits)| Some((body.strip_suffix(name)?, (name, bits))));
    match found {
        Some((digits, suffix)) => (digits, Some(suffix)),
        None => (body, None),
    }
}

fn check_range(negative: bool, magnitude: u128, suffix: Option<(&str, u32)>) -> Result<(), String> {
    let Some((name, bits)) = suffix else { return Ok(()) };
    let signed = name.starts_with('i');
    let most = u128::MAX >> (128 - bits + u32::from(signed));
    let limit = match (negative, signed) {
        (false, _) => most,
        (true, true) => most + 1,
        (true, false) => 0,
    };
    if magnitude <= limit { Ok(()) } else { Err(format!("does not fit in `{name}`")) }
}

/// Infinity and not-a-number, with or without a suffix.
fn special(body: &str) -> Option<f64> {
    match body.strip_suffix("f32").or(body.strip_suffix("f64")).unwrap_or(body) {
        "inf" => Some(f64::INFINITY),
        "NaN" => Some(f64::NAN),
        _ => None,
    }
}

fn parse_float(body: &str) -> Option<f64> {
    let (body, single) = match (body.strip_suffix("f32"), body.strip_suffix("f64")) {
        (Some(body), _) => (body, true),
        (_, Some(body)) => (body, false),
        _ => (body, false),
    };
    let mut plain = String::with_capacity(body.len());
    let mut underscore_fits = false;
    for character in body.chars() {
        match character {
            '_' if underscore_fits => continue,
            '_' => return None,
            '0'..='9' | 'e' | 'E' => underscore_fits = true,
            '.' => underscore_fits = false,
            _ => {}
        }
        plain.push(character);
    }
    // Rust would take `inf` and `nan` here; a literal of those never begins with a digit or a dot.
    if !plain.starts_with(|character: char| character.is_ascii_digit() || character == '.') {
        return None;
    }
    if single { plain.parse::<f32>().ok().map(f64::from) } else { plain.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(literal: &str) -> Option<(bool, u128)> {
        match parse_number(literal) {
            Ok(Number::Integer(Integer { negative, magnitude })) => Some((negative, magnitude)),
            _ => None,
        }
    }

    #[test]
    fn integers_of_every_base() {
        assert_eq!(integer("0"), Some((false, 0)));
        assert_eq!(integer("-1_000"), Some((true, 1000)));
        assert_eq!(integer("+0xEF60_0300"), Some((false, 0xEF60_0300)));
        assert_eq!(integer("0b1010"), Some((false, 10)));
        assert_eq!(integer("0o777"), Some((false, 0o777)));
        assert_eq!(integer("255u8"), Some((false, 255)));
        assert_eq!(integer("-128i8"), Some((true, 128)));
        assert_eq!(integer("0x1f32"), Some((false, 0x1F32)));
        let huge = "9".repeat(60);
        assert_eq!(integer(&huge), Some((false, u128::MAX)));
    }

    #[test]
    fn floats() {
        for (literal, value) in
            [("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-1_0.2_5e+1", -102.5), ("1f32", 1.0)]
        {
            assert_eq!(parse_number(literal), Ok(Number::Float(value)), "{literal}");
        }
        assert_eq!(parse_number("0.1f32"), Ok(Number::Float(f64::from(0.1f32))));
        assert_eq!(parse_number("-inf"), Ok(Number::Float(f64::NEG_INFINITY)));
        assert!(matches!(parse_number("NaNf64"), Ok(Number::Float(float)) if float.is_nan()));
    }

    #[test]
    fn malformed_numbers() {
        for literal in ["0x", "0x_1", "0b2", "1.5.2", "1._5", "1e", "256u8", "-1u8", "12abc", "-129i8", "."] {
            assert!(parse_number(literal).is_err(), "{literal}");
        }
    }
}
