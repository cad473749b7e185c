//! What literals mean.

mod number;
mod text;

pub(crate) use number::{Number, parse_integer, parse_number};
pub(crate) use text::{BadEscape, Encoding, strip_raw, unescape};

/// `text` as a RON string, in quotes and with escapes.
pub fn quoted(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 2);
    result.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => result.extend(['\\', character]),
            '\n' => result += "\\n",
            '\r' => result += "\\r",
            '\t' => result += "\\t",
            _ if character.is_control() => result += &format!("\\u{{{:x}}}", u32::from(character)),
            _ => result.push(character),
        }
    }
    result.push('"');
    result
}
