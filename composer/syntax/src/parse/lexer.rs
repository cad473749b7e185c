//! Cutting a text into tokens. Every byte lands in exactly one.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::token::{Token, TokenKind};
use crate::source::FileId;
use crate::span::Span;

/// The tokens of `text`, which joined are `text`.
pub(crate) fn lex(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 4);
    let mut start = 0;
    while start < text.len() {
        let (kind, length) = next(&text[start..], start == 0);
        let end = start + length;
        match tokens.last_mut() {
            // A run of meaningless characters is one mistake.
            Some(last) if kind == TokenKind::Unknown && last.kind == kind => last.end = end,
            _ => tokens.push(Token { kind, start, end }),
        }
        start = end;
    }
    tokens
}

/// Reports comments without an end, the one mistake that hides in trivia.
pub(crate) fn report(text: &str, file: FileId, tokens: &[Token], found: &mut Diagnostics) {
    // Only the last can lack its end, because it reaches to the end of the text.
    let Some(token) = tokens.last().filter(|token| token.kind == TokenKind::BlockComment) else { return };
    if comment_end(&text[token.start..]).is_none() {
        found.push(
            Diagnostic::error(Code::UnterminatedComment, "the block comment is not ended")
                .primary(Span::new(file, token.start, token.start + 2), "begins here")
                .help("end it with `*/`; block comments nest, so each `/*` needs one"),
        );
    }
}

/// The first token of `rest`, which is not empty, and its length, which is not zero.
fn next(rest: &str, at_start: bool) -> (TokenKind, usize) {
    use TokenKind as Kind;
    let bytes = rest.as_bytes();
    let follows = |offset: usize| bytes.get(offset).copied().unwrap_or(0);
    match bytes[0] {
        b'(' => (Kind::OpenParenthesis, 1),
        b')' => (Kind::CloseParenthesis, 1),
        b'[' => (Kind::OpenBracket, 1),
        b']' => (Kind::CloseBracket, 1),
        b'{' => (Kind::OpenBrace, 1),
        b'}' => (Kind::CloseBrace, 1),
        b',' => (Kind::Comma, 1),
        b':' => (Kind::Colon, 1),
        b'=' => (Kind::Equals, 1),
        b'#' => (Kind::Hash, 1),
        b'!' => (Kind::Bang, 1),
        b'"' => (Kind::Text, quoted_length(rest, 1)),
        b'\'' => (Kind::Char, char_length(rest, 1)),
        b'/' if follows(1) == b'/' => (Kind::LineComment, line_length(rest)),
        b'/' if follows(1) == b'*' => (Kind::BlockComment, comment_end(rest).unwrap_or(rest.len())),
        b'.' if rest.starts_with("..=") => (Kind::DotsEquals, 3),
        b'.' if follows(1) == b'.' => (Kind::Dots, 2),
        b'0'..=b'9' | b'+' | b'-' | b'.' => match number_length(rest) {
            0 => (Kind::Unknown, 1),
            length => (Kind::Number, length),
        },
        b'b' if follows(1) == b'"' => (Kind::Bytes, quoted_length(rest, 2)),
        b'b' if follows(1) == b'\'' => (Kind::Byte, char_length(rest, 2)),
        b'b' if rest.starts_with("br\"") || rest.starts_with("br#") => (Kind::RawBytes, raw_length(rest, 2)),
        b'r' if rest.starts_with("r\"") || rest.starts_with("r#\"") || rest.starts_with("r##") => {
            (Kind::RawText, raw_length(rest, 1))
        }
        b'r' if follows(1) == b'#' => raw_identifier(rest),
        _ => other(rest, at_start),
    }
}

/// White space, names and the rest.
fn other(rest: &str, at_start: bool) -> (TokenKind, usize) {
    // Some editors begin files with a byte order mark.
    if at_start && rest.starts_with('\u{FEFF}') {
        return (TokenKind::WhiteSpace, '\u{FEFF}'.len_utf8());
    }
    let space = run(rest, is_space);
    if space > 0 {
        return (TokenKind::WhiteSpace, space);
    }
    let first = rest.chars().next().unwrap_or_default();
    if begins_name(first) {
        (TokenKind::Identifier, run(rest, continues_name))
    } else {
        (TokenKind::Unknown, first.len_utf8().max(1))
    }
}

/// The length of the longest beginning whose characters all fit.
fn run(rest: &str, fits: impl Fn(char) -> bool) -> usize {
    rest.find(|character| !fits(character)).unwrap_or(rest.len())
}

/// What the `ron` crate takes for white space.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r' | '\u{85}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}')
}

/// Unicode's tables of letters would be most of this crate. Beyond ASCII everything but white space and
/// punctuation of the general block counts as a letter; that takes in all names that the `ron` crate
/// takes, and a few that then are unknown.
fn begins_name(character: char) -> bool {
    let punctuation = ('\u{2000}'..='\u{206F}').contains(&character)
        && !matches!(character, '\u{203F}' | '\u{2040}' | '\u{2054}');
    let space = is_space(character) || character.is_whitespace() || character == '\u{FEFF}';
    character == '_'
        || character.is_ascii_alphabetic()
        || (!character.is_ascii() && !punctuation && !space && !character.is_control())
}

fn continues_name(character: char) -> bool {
    character.is_ascii_digit() || begins_name(character)
}

/// Whether `text` can be written as a name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(begins_name) && text.chars().all(continues_name)
}

fn raw_identifier(rest: &str) -> (TokenKind, usize) {
    let fits = |character| matches!(character, '.' | '+' | '-') || continues_name(character);
    match run(&rest[2..], fits) {
        0 => (TokenKind::Identifier, 1),
        length => (TokenKind::RawIdentifier, 2 + length),
    }
}

/// The line up to, but without, its end.
fn line_length(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// The length of the comment that `rest` begins with, if it ends.
fn comment_end(rest: &str) -> Option<usize> {
    let mut level = 1;
    let mut at = 2;
    while level > 0 {
        at += rest[at..].find(['/', '*'])?;
        let step = match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => 1,
            [b'*', b'/', ..] => -1,
            _ => 0,
        };
        level += step;
        at += if step == 0 { 1 } else { 2 };
    }
    Some(at)
}

/// The length of a string whose quote stands before `from`. One without an end stops with its line, so
/// that the lines after it still say something.
///
/// A forgotten quote makes strings of what lies between all the others. It shows where a string's end is
/// followed by what can only be the inside of the next: then the string has no end.
fn quoted_length(rest: &str, from: usize) -> usize {
    let line = line_length(rest);
    let Some(end) = closing_quote(rest, from) else { return line };
    let after = &rest[end..];
    let inside = after
        .trim_start_matches([' ', '\t'])
        .starts_with(|next: char| next == '"' || next == '\'' || next == '_' || next.is_alphanumeric());
    let forgotten = if end > line {
        inside
    } else {
        // On one line an odd number of further quotes says the same. Lines of this length are not
        // written by hand, and counting on would take time that grows with the square of theirs.
        let touching = after.starts_with(|next: char| next == '_' || next.is_alphanumeric());
        touching && line < 400 && rest[end..line].matches('"').count() % 2 == 1
    };
    if forgotten { line } else { end }
}

/// The offset after the quote that ends a string, if there is one.
pub(super) fn closing_quote(rest: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + rest[at..].find(['"', '\\'])?;
        if rest.as_bytes()[found] == b'"' {
            return Some(found + 1);
        }
        let escaped = rest[found + 1..].chars().next();
        at = found + 1 + escaped.map_or(0, char::len_utf8);
    }
}

/// The length of a raw string whose hashes begin at `from`. Without an end it stops with its line.
fn raw_length(rest: &str, from: usize) -> usize {
    let hashes = run(&rest[from..], |character| character == '#');
    let body = from + hashes + 1;
    if rest.as_bytes().get(from + hashes) != Some(&b'"') {
        return from + hashes;
    }
    let end = format!("\"{}", &rest[from..from + hashes]);
    match rest[body..].find(&end) {
        Some(found) => body + found + end.len(),
        None => line_length(rest),
    }
}

/// The length of a character literal whose quote stands before `from`.
fn char_length(rest: &str, from: usize) -> usize {
    let mut characters = rest[from..].chars();
    let first = characters.next();
    if let Some(first) = first
        && first != '\\'
        && characters.next() == Some('\'')
    {
        return from + first.len_utf8() + 1;
    }
    // Malformed or escaped: it ends with the next quote on the line that no backslash precedes.
    let line = &rest[..from + line_length(&rest[from..])];
    let mut at = from;
    while let Some(found) = line[at..].find(['\'', '\\']) {
        if line.as_bytes()[at + found] == b'\'' {
            return at + found + 1;
        }
        let escaped = line[at + found + 1..].chars().next();
        at += found + 1 + escaped.map_or(0, char::len_utf8);
    }
    from + run(&line[from..], continues_name)
}

/// The length of the number that `rest` begins with; zero if a sign or a dot stands alone.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let sign = usize::from(matches!(bytes[0], b'+' | b'-'));
    let body = &rest[sign..];
    if body.starts_with("inf") || body.starts_with("NaN") {
        return sign + run(body, continues_name);
    }
    let digit = |offset: usize| body.as_bytes().get(offset).is_some_and(u8::is_ascii_digit);
    if !(digit(0) || (body.starts_with('.') && digit(1))) {
        return 0;
    }
    let decimal = !["0x", "0b", "0o"].iter().any(|prefix| body.starts_with(prefix));
    let mut at = 0;
    let bytes = body.as_bytes();
    while at < bytes.len() {
        let fits = match bytes[at] {
            b'.' => bytes.get(at + 1) != Some(&b'.'),
            b'+' | b'-' => decimal && matches!(bytes[at - 1], b'e' | b'E'),
            byte => byte.is_ascii_alphanumeric() || byte == b'_',
        };
        if !fits {
            break;
        }
        at += 1;
    }
    sign + at
}
