//! How a domain's thread ends: by returning, or by a panic.

use core::fmt::{self, Write};

use heapless::Vec;

use crate::{WireError, system};

/// Bytes of a message that a report carries.
const MESSAGE_BYTES: usize = 256;

/// Ends the thread with what its `run` returned: exit code 0, or the error's number.
pub fn finish(result: Result<(), WireError>) -> ! {
    system::exit(result.map_or_else(|error| u32::from(error.number()), |()| 0))
}

/// Text cut off where its room ends, at a character's boundary.
#[derive(Default)]
struct Cut {
    text: Vec<u8, MESSAGE_BYTES>,
}

impl Cut {
    fn as_str(&self) -> &str {
        // Only whole characters are ever added.
        core::str::from_utf8(&self.text).unwrap_or("")
    }
}

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.text.capacity() - self.text.len();
        let end = text.floor_char_boundary(room);
        self.text.extend_from_slice(&text.as_bytes()[..end]).map_err(|_| fmt::Error)?;
        if end < text.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

/// The text of a panic's report: where, then why.
fn report(location: Option<&core::panic::Location<'_>>, message: impl fmt::Display) -> Cut {
    let mut text = Cut::default();
    let start = match location {
        Some(place) => write!(text, "panicked at {}:{}: ", place.file(), place.line()),
        None => text.write_str("panicked: "),
    };
    // An error here only means that the text is cut.
    let _ = start.and_then(|()| show(&mut text, message));
    text
}

/// Writes a value that may itself be formatted text. As an argument of another it would be formatting within
/// formatting: to whoever bounds the stack from the program's calls, a recursion.
#[cfg(target_arch = "powerpc")]
fn show(text: &mut Cut, value: impl fmt::Display) -> fmt::Result {
    value.fmt(&mut fmt::FormattingOptions::new().create_formatter(text))
}

#[cfg(not(target_arch = "powerpc"))]
fn show(text: &mut Cut, value: impl fmt::Display) -> fmt::Result {
    write!(text, "{value}")
}

/// Ends the domain with a report that says where and why. A panic ends in this.
pub fn fail(location: Option<&core::panic::Location<'_>>, message: impl fmt::Display) -> ! {
    system::fail(report(location, message).as_str())
}

#[cfg(target_arch = "powerpc")]
#[panic_handler]
fn panicked(info: &core::panic::PanicInfo<'_>) -> ! {
    use core::sync::atomic::{AtomicBool, Ordering};

    static REPORTING: AtomicBool = AtomicBool::new(false);
    if REPORTING.swap(true, Ordering::Relaxed) {
        system::fail("panicked while reporting a panic")
    }
    report_panic(info)
}

/// Reports the first panic. What it formats may panic in turn; `panicked` sees to it that this function is
/// at most once on the stack, and a note in `arch` tells composer so.
#[cfg(target_arch = "powerpc")]
#[inline(never)]
pub(crate) fn report_panic(info: &core::panic::PanicInfo<'_>) -> ! {
    fail(info.location(), info.message())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_where_and_why() {
        let place = core::panic::Location::caller();
        let text = report(Some(place), format_args!("slot {} is empty", 3));
        let start = "panicked at components/runtime/src/end.rs:";
        assert!(text.as_str().starts_with(start), "{}", text.as_str());
        assert!(text.as_str().ends_with(": slot 3 is empty"), "{}", text.as_str());
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let mut text = Cut::default();
        assert!(text.write_str("x").is_ok());
        assert!(text.write_str(&"é".repeat(MESSAGE_BYTES)).is_err());
        assert_eq!(text.as_str().len(), MESSAGE_BYTES - 1);
        assert!(text.as_str().ends_with('é'));
    }
}
