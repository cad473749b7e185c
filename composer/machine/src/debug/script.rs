//! What gdb is told before its user speaks.

use std::fmt::Write;
use std::path::Path;

use composer_build::Built;
use regex::bytes::Regex;

use super::Subject;

/// What gdb learns of domains: it follows the processor's PID register.
const DOMAINS: &str = include_str!("domains.py");

/// gdb's first commands.
pub(super) fn script(built: &Built, subject: &Subject, socket: &Path) -> String {
    let mut text = String::from("set confirm off\nset architecture powerpc:common\nset endian big\n");
    let generated = built.image.parent().unwrap_or(Path::new("."));
    line(&mut text, format_args!("directory {}:{}", quoted(&built.checkout), quoted(generated)));
    // QEMU answers late while the host is busy, and a stub at the speed of its guest's node.
    text += "set remotetimeout 30\nset breakpoint pending off\n";
    match subject {
        Subject::Node => {
            line(&mut text, format_args!("file {}", quoted(&built.kernel)));
            text += "python\nDOMAINS = {}\n";
            for domain in &built.domains {
                let (name, elf) = (&domain.name, domain.elf.display().to_string());
                line(&mut text, format_args!("DOMAINS[{}] = ({name:?}, {elf:?})", domain.pid));
            }
            text += DOMAINS;
            text += "end\ndefine hook-stop\npython follow()\nend\n";
        }
        Subject::Guest { symbols, .. } => {
            if let Some(symbols) = symbols {
                line(&mut text, format_args!("file {}", quoted(symbols)));
            }
        }
    }
    line(&mut text, format_args!("target remote {}", socket.display()));
    text
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = writeln!(text, "{what}");
}

/// A path as one word of gdb's.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

/// The line in which a guest's monitor says that it waits.
pub(super) fn announcement(number: u32) -> Regex {
    Regex::new(&format!(r"\[vm{number}\] waits for a debugger")).expect("a pattern")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use composer_build::{BuiltDomain, Launch};

    use super::*;

    fn built() -> Built {
        let domain = |name: &str, pid| BuiltDomain {
            name: name.to_owned(),
            pid,
            elf: format!("/x y/{name}.elf").into(),
            instances: vec![],
        };
        Built {
            system: "hello".to_owned(),
            board: "qemu".to_owned(),
            image: "/x y/hello.elf".into(),
            kernel: "/x y/kernel.elf".into(),
            domains: vec![domain("alice", 1), domain("bob", 2)],
            guests: vec![],
            launch: Launch::Nowhere { why: String::new() },
            lowered: PathBuf::new(),
            checkout: PathBuf::new(),
        }
    }

    #[test]
    fn a_node_has_its_kernel_s_symbols_and_follows_the_domains() {
        let text = script(&built(), &Subject::Node, Path::new("/tmp/a/gdb.sock"));
        assert!(text.contains("\nfile \"/x y/kernel.elf\"\n"), "{text}");
        assert!(text.contains("\nDOMAINS[2] = (\"bob\", \"/x y/bob.elf\")\n"), "{text}");
        assert!(text.ends_with("\ntarget remote /tmp/a/gdb.sock\n"), "{text}");
    }

    #[test]
    fn a_guest_has_its_own_symbols_alone() {
        let subject = |symbols: Option<&str>| Subject::Guest { number: 1, symbols: symbols.map(Into::into) };
        let text = script(&built(), &subject(Some("/p/vmlinux")), Path::new("/s"));
        assert!(text.contains("\nfile \"/p/vmlinux\"\n"), "{text}");
        assert!(!text.contains("kernel.elf") && !text.contains("python"), "{text}");
        assert!(!script(&built(), &subject(None), Path::new("/s")).contains("file"));
        assert!(announcement(1).is_match(b"[vm1] waits for a debugger on UART 1"));
    }
}
