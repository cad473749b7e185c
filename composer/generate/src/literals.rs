//! Numbers and texts as Rust writes them.

/// A 32-bit address: `0x4000_0000`.
pub(crate) fn address(value: u32) -> String {
    format!("0x{:04X}_{:04X}", value >> 16, value & 0xFFFF)
}

/// A physical address of 36 bits: `0x0_4000_0000`.
pub(crate) fn physical(value: u64) -> String {
    format!("0x{:X}_{}", value >> 32, &address(value as u32)[2..])
}

/// An address as linker scripts write it: `0x40000000`.
pub(crate) fn linker(value: u64) -> String {
    format!("0x{value:08X}")
}

/// Notification bits: `0b10`; grouped, and hexadecimal where binary would be long.
pub(crate) fn bits(value: u32) -> String {
    match value {
        0 => "0".to_owned(),
        1..=0xFF => format!("0b{value:b}"),
        _ => address(value),
    }
}

/// A number, its digits in groups of three: `400_000_000`.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

/// A text.
pub(crate) fn text(value: &str) -> String {
    format!("{value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(address(0xE000_0300), "0xE000_0300");
        assert_eq!(physical(0x6_0000_1000), "0x6_0000_1000");
        let counts = [0, 999, 1000, 400_000_000].map(count);
        assert_eq!(counts, ["0", "999", "1_000", "400_000_000"]);
        assert_eq!(linker(0x10_0000), "0x00100000");
        assert_eq!((bits(0), bits(2), bits(0x180)), ("0".into(), "0b10".into(), "0x0000_0180".into()));
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(text("a \"b\"\n{{c}} \\"), r#""a \"b\"\n{{c}} \\""#);
    }
}
