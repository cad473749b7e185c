//! Rust source without its comments and texts.

/// A source, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// What the compiler sees, with the insides of texts and characters blanked.
    pub(crate) code: Vec<String>,
    /// What stands in comments.
    pub(crate) comments: Vec<String>,
}

/// Where in the text the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Code,
    LineComment,
    /// Within so many block comments.
    BlockComment(u32),
    /// In a text that a quote and so many `#` end; escapes count unless it is raw.
    Text {
        hashes: usize,
        raw: bool,
    },
}

impl Source {
    /// Separates code from comments.
    pub(crate) fn read(text: &str) -> Self {
        let mut source = Self { code: vec![String::new()], comments: vec![String::new()] };
        let characters: Vec<char> = text.chars().collect();
        let mut state = State::Code;
        let mut at = 0;
        while let Some(&character) = characters.get(at) {
            if character == '\n' {
                source.code.push(String::new());
                source.comments.push(String::new());
                if state == State::LineComment {
                    state = State::Code;
                }
                at += 1;
                continue;
            }
            let taken;
            (state, taken) = source.step(state, &characters[at..]);
            at += taken;
        }
        source
    }

    /// Reads one token or character; gives the state after it, and how many characters it had.
    fn step(&mut self, state: State, rest: &[char]) -> (State, usize) {
        let starts = |word: &str| word.chars().enumerate().all(|(at, one)| rest.get(at) == Some(&one));
        match state {
            State::Code if starts("//") => (State::LineComment, 2),
            State::Code if starts("/*") => (State::BlockComment(1), 2),
            State::Code => self.code(rest),
            State::LineComment => {
                self.comment(rest[0]);
                (state, 1)
            }
            State::BlockComment(depth) if starts("/*") => (State::BlockComment(depth + 1), 2),
            State::BlockComment(1) if starts("*/") => (State::Code, 2),
            State::BlockComment(depth) if starts("*/") => (State::BlockComment(depth - 1), 2),
            State::BlockComment(_) => {
                self.comment(rest[0]);
                (state, 1)
            }
            State::Text { raw: false, .. } if rest[0] == '\\' => {
                // An escaped end of line leaves the line to the caller.
                (state, if rest.get(1) == Some(&'\n') { 1 } else { 2.min(rest.len()) })
            }
            State::Text { hashes, .. } => {
                let ends =
                    rest[0] == '"' && rest[1..].iter().take_while(|one| **one == '#').count() >= hashes;
                if ends {
                    self.push('"');
                    (State::Code, 1 + hashes)
                } else {
                    // A line within a text is a line of code.
                    self.push(if rest[0].is_whitespace() { rest[0] } else { '_' });
                    (state, 1)
                }
            }
        }
    }

    /// Reads code up to where something else begins.
    fn code(&mut self, rest: &[char]) -> (State, usize) {
        let inside_word = self
            .code
            .last()
            .and_then(|line| line.chars().last())
            .is_some_and(|one| one.is_alphanumeric() || one == '_');
        match rest[0] {
            '"' => {
                self.push('"');
                (State::Text { hashes: 0, raw: false }, 1)
            }
            'r' if !inside_word || self.ends_with_prefix() => match raw_text(&rest[1..]) {
                Some(hashes) => {
                    self.push('"');
                    (State::Text { hashes, raw: true }, 2 + hashes)
                }
                None => {
                    self.push('r');
                    (State::Code, 1)
                }
            },
            '\'' => {
                // A lifetime has no end; a character has one behind one character or an escape.
                let length = match rest.get(1) {
                    Some('\\') => rest[3..].iter().position(|one| *one == '\'').map(|end| end + 4),
                    Some(_) if rest.get(2) == Some(&'\'') => Some(3),
                    _ => None,
                };
                self.push('\'');
                (State::Code, length.unwrap_or(1))
            }
            other => {
                self.push(other);
                (State::Code, 1)
            }
        }
    }

    /// Whether the code ends with the `b` or `c` of a raw text of bytes.
    fn ends_with_prefix(&self) -> bool {
        let line = self.code.last().map_or("", String::as_str);
        let mut last = line.chars().rev();
        matches!(last.next(), Some('b' | 'c'))
            && !last.next().is_some_and(|one| one.is_alphanumeric() || one == '_')
    }

    fn push(&mut self, character: char) {
        self.code.last_mut().expect("a line has begun").push(character);
    }

    fn comment(&mut self, character: char) {
        self.comments.last_mut().expect("a line has begun").push(character);
    }
}

/// How many `#` a raw text has, if one follows its `r`.
fn raw_text(rest: &[char]) -> Option<usize> {
    let hashes = rest.iter().take_while(|one| **one == '#').count();
    (rest.get(hashes) == Some(&'"')).then_some(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Vec<String> {
        Source::read(text).code.iter().map(|line| line.trim_end().to_owned()).collect()
    }

    #[test]
    fn comments_are_set_aside() {
        let source = Source::read("a // b\n/* c\n /* d */ e */ f\n/// g");
        assert_eq!(source.code, ["a ", "", " f", ""]);
        assert_eq!(source.comments, [" b", " c", "  d  e ", "/ g"]);
    }

    #[test]
    fn texts_are_blanked_and_hide_nothing() {
        assert_eq!(code("a(\"// {\\\" }\", 'x') // y"), ["a(\"__ _ _\", ')"]);
        assert_eq!(code("r#\"unsafe \"{\"# + br\"\\\" // z"), ["\"______ __\" + b\"_\""]);
        assert_eq!(
            code("fn f<'a>(x: &'a str, y: char) { '{' as u8; '\\''; }"),
            ["fn f<'a>(x: &'a str, y: char) { ' as u8; '; }"]
        );
        assert_eq!(code("\"one\\\n  two\" x"), ["\"___", "  ___\" x"]);
        assert_eq!(code("for r in words {}"), ["for r in words {}"]);
    }
}
