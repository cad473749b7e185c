//! Names that become Rust.

/// Rust's keywords, the reserved ones included, in alphabetical order.
const KEYWORDS: [&str; 53] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "_",
];

/// Whether Rust keeps the word for itself.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether `name` is a name of a port or a field: `console`, `uart_0`. Keywords are none.
pub fn is_snake(name: &str) -> bool {
    let parts_fit = name.split('_').all(|part| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    });
    parts_fit && name.starts_with(|first: char| first.is_ascii_lowercase()) && !is_keyword(name)
}

/// Whether `name` is a name of a type: `Uart16550`. Keywords are none.
pub fn is_upper_camel(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
        && !is_keyword(name)
}

/// `console_clients` as a type: `ConsoleClients`.
pub fn to_upper_camel(snake: &str) -> String {
    snake
        .split('_')
        .flat_map(|part| {
            let mut letters = part.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}

/// `name` as near as it comes to a port's name: `dataPort` and `data-port` become `data_port`.
pub(crate) fn to_snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            snake.push('_');
        }
        before = letter;
        match letter {
            _ if letter.is_ascii_alphanumeric() => snake.push(letter.to_ascii_lowercase()),
            _ if !snake.is_empty() && !snake.ends_with('_') => snake.push('_'),
            _ => {}
        }
    }
    snake.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snakes_and_camels() {
        for good in ["console", "uart_0", "a1"] {
            assert!(is_snake(good), "{good}");
        }
        for bad in ["", "_a", "a_", "a__b", "Console", "1a", "type", "dät", "a-b"] {
            assert!(!is_snake(bad), "{bad}");
        }
        assert!(is_upper_camel("Uart16550") && !is_upper_camel("uart") && !is_upper_camel("Self"));
        assert_eq!(to_upper_camel("console_clients"), "ConsoleClients");
        assert_eq!(to_snake("dataPort"), "data_port");
        assert_eq!(to_snake("data-port"), "data_port");
        assert_eq!(to_snake("UART 0"), "uart_0");
    }
}
