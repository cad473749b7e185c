//! What is typed and what clients write: properties of any input.

use console::keys::{Keys, Typed};
use console::lines::{CLIENTS, Lines, Output};
use proptest::prelude::*;
use runtime::{Client, WireError};

/// The key behind which the console's own keys stand.
const CONTROL_A: u8 = 0x01;

/// What is shown.
#[derive(Default)]
struct Screen(Vec<u8>);

impl Output for Screen {
    fn send(&mut self, byte: u8) -> Result<(), WireError> {
        self.0.push(byte);
        Ok(())
    }
}

/// The name of a client in front of its lines.
const fn name(client: usize) -> &'static str {
    ["a", "b", "c", "d"][client]
}

proptest! {
    /// Whoever doubles the escape, as `Ctrl-A a`, gets any text through.
    #[test]
    fn any_text_can_be_typed(text in prop::collection::vec(prop_oneof![any::<u8>(), Just(CONTROL_A)], 0..200)) {
        let mut keys = Keys::new();
        let mut got = Vec::new();
        for byte in &text {
            let typed = if *byte == CONTROL_A {
                prop_assert_eq!(keys.take(CONTROL_A), Typed::Pending);
                keys.take(b'a')
            } else {
                keys.take(*byte)
            };
            match typed {
                Typed::Send(byte) => got.push(byte),
                other => prop_assert!(false, "{:?}", other),
            }
        }
        prop_assert_eq!(got, text);
    }

    /// Whatever was typed before, Ctrl-C twice and then a byte reach somebody: no state is without a way out.
    #[test]
    fn no_typing_locks_the_console(text in prop::collection::vec(
        prop_oneof![any::<u8>(), Just(CONTROL_A), Just(b':'), Just(b'='), Just(0x7F), Just(b'\r')], 0..300)) {
        let mut keys = Keys::new();
        let mut is_escaped = false;
        for byte in text {
            let typed = keys.take(byte);
            // Behind no escape, and in no name, a byte is somebody's.
            if let Typed::Send(sent) = typed {
                prop_assert_eq!(sent, if is_escaped { CONTROL_A } else { byte });
            }
            is_escaped = byte == CONTROL_A && typed == Typed::Pending;
            prop_assert!(keys.name().len() <= 64);
        }
        keys.take(0x03);
        keys.take(0x03);
        prop_assert_eq!(keys.take(b'x'), Typed::Send(b'x'));
    }

    /// Each client's lines come out whole, in its order, under its name, whoever writes or flushes between.
    #[test]
    fn no_line_is_torn(writes in prop::collection::vec(
        (0..4_usize, "[a-z\n]{0,30}", any::<bool>()), 0..60)) {
        let (mut lines, mut screen) = (Lines::new(), Screen::default());
        let mut written = [const { String::new() }; 4];
        for (client, text, flushes) in writes {
            let from = Client(client as u32);
            // No line is longer than what is kept; each ends in a mark that no piece of one has.
            let open = written[client].rsplit('\n').next().map_or(0, str::len);
            let text = if open + text.len() > 200 { String::from("\n") } else { text };
            let text = text.replace('\n', ";\n");
            lines.write(from, Some(name(client)), text.as_bytes(), &mut screen).unwrap();
            written[client] += &text;
            if flushes {
                lines.flush(from, Some(name(client)), &mut screen).unwrap();
            }
        }
        let shown = String::from_utf8(screen.0).unwrap();
        for (client, text) in written.iter().enumerate() {
            let Some((whole, _)) = text.rsplit_once('\n') else { continue };
            let prefix = format!("{}: ", name(client));
            let mut own = shown.lines().filter_map(|line| line.strip_prefix(&prefix)).peekable();
            for line in whole.split('\n') {
                // A piece that somebody's line has cut off is sent again, with what follows it.
                while own.peek().is_some_and(|found| !found.ends_with(';') && line.starts_with(found)) {
                    own.next();
                }
                prop_assert_eq!(own.next(), Some(line), "{}", shown);
            }
        }
    }

    /// A client that there is no room for is told, and shows nothing.
    #[test]
    fn a_client_too_many_is_told(client in (CLIENTS as u32).., text in prop::collection::vec(any::<u8>(), 0..50)) {
        let (mut lines, mut screen) = (Lines::new(), Screen::default());
        prop_assert_eq!(lines.write(Client(client), None, &text, &mut screen), Err(WireError::Full));
        prop_assert_eq!(lines.flush(Client(client), None, &mut screen), Err(WireError::Full));
        prop_assert_eq!(lines.hide(Client(client), &text), Err(WireError::Full));
        prop_assert!(screen.0.is_empty());
    }
}
