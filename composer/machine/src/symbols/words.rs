//! The lines that stand below a report.

use std::path::Path;

use composer_build::BuiltDomain;

use super::{Program, Symbol};
use crate::report::Report;

/// How the build names the checkout in debug information; see `composer_build`.
const CHECKOUT: &str = "/fugue/";

/// Says where a report's addresses lie: a headline, then the program counter, the link register and the
/// return addresses, one a line.
pub(super) fn describe(
    report: &Report,
    domain: Option<&BuiltDomain>,
    program: Option<&Program>,
    checkout: &Path,
) -> Vec<String> {
    let mut lines = vec![headline(report, domain)];
    if let Some(text) = &report.text {
        lines.extend(text.lines().map(|line| format!("  | {line}")));
    }
    let registers = &report.registers;
    let places = [("pc", registers.pc), ("lr", registers.lr)];
    let called = report.chain.iter().map(|address| ("by", Some(*address)));
    for (what, address) in places.into_iter().chain(called) {
        let Some(address) = address else { continue };
        // A return address is behind the call; the call itself lies in the word before.
        let looked_up = if what == "pc" { address } else { address.wrapping_sub(4) };
        let symbol = program.map(|program| program.at(looked_up)).unwrap_or_default();
        lines.push(place(what, address, &symbol, domain, checkout));
    }
    lines
}

fn headline(report: &Report, domain: Option<&BuiltDomain>) -> String {
    let address = report.address.map(|address| format!(" at {address:08x}")).unwrap_or_default();
    let who = match domain {
        Some(domain) => {
            let names: Vec<&str> = domain.instances.iter().map(|instance| instance.name.as_str()).collect();
            let noun = if names.len() == 1 { "instance" } else { "instances" };
            format!("domain {} ({noun} {})", domain.name, names.join(", "))
        }
        None if report.name == "kernel" => "the kernel".to_owned(),
        None => format!("domain {}, which this image does not have", report.name),
    };
    format!("  {}{address} in {who}", report.cause)
}

fn place(what: &str, address: u32, symbol: &Symbol, domain: Option<&BuiltDomain>, checkout: &Path) -> String {
    let name = symbol.name.as_deref().unwrap_or("?");
    let mut line = format!("  {what} {address:08x}  {name}");
    if let Some(innermost) = symbol.inlined.last() {
        line += &format!(" > {innermost}");
    }
    if let Some((file, number)) = &symbol.place {
        line += &format!("  {}:{number}", shown(file, checkout));
    }
    if let Some(instance) = domain.and_then(|domain| instance(domain, symbol)) {
        line += &format!("  [{instance}]");
    }
    line
}

/// The instance whose code it is: of the component that one of the names belongs to, innermost first. A
/// domain with one instance leaves no doubt.
fn instance<'a>(domain: &'a BuiltDomain, symbol: &Symbol) -> Option<&'a str> {
    let mut names = symbol.inlined.iter().rev().chain(&symbol.name);
    let of_name = names.find_map(|name| {
        let mut owners = domain.instances.iter().filter(|instance| belongs(name, &instance.module));
        // Two instances of one component share their code.
        owners.next().filter(|_| owners.next().is_none())
    });
    let only = || if let [only] = domain.instances.as_slice() { Some(only) } else { None };
    of_name.or_else(only).map(|instance| instance.name.as_str())
}

/// Whether a demangled name, such as `<greeter::Greeter<P> as runtime::Active>::run`, is of a crate.
fn belongs(name: &str, module: &str) -> bool {
    name.trim_start_matches(['<', '&']).strip_prefix(module).is_some_and(|rest| rest.starts_with("::"))
}

/// A recorded path as people know it: from the checkout's root.
fn shown(file: &str, checkout: &Path) -> String {
    let Some(inside) = file.strip_prefix(CHECKOUT) else { return file.to_owned() };
    // A dependency's path is relative to the generated workspace that compiled it first; where the tail
    // is a file of the checkout, that is meant.
    let generated = inside.strip_prefix("target/composer/").and_then(|rest| rest.split_once('/'));
    match generated {
        Some((_, tail)) if checkout.join(tail).is_file() => tail.to_owned(),
        _ => inside.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use composer_build::BuiltInstance;

    use super::*;
    use crate::report::{Event, Parser};

    fn domain() -> BuiltDomain {
        let instance = |name: &str, module: &str| BuiltInstance { name: name.into(), module: module.into() };
        BuiltDomain {
            name: "alice".into(),
            elf: "none".into(),
            instances: vec![instance("console", "console"), instance("alice", "greeter")],
        }
    }

    #[test]
    fn a_report_without_symbols_is_still_described() {
        let text = b"[fugue] domain-report v1\n[fugue] cause=failed domain=1 name=alice thread=1\n\
            [fugue] pc=00101234\n[fugue] chain=00101300\n[fugue] text=one\\ntwo\n[fugue] end\n";
        let events = Parser::new().feed(text);
        let [(_, Event::Report(report))] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(
            describe(report, Some(&domain()), None, Path::new("/")),
            [
                "  failed in domain alice (instances console, alice)",
                "  | one",
                "  | two",
                "  pc 00101234  ?",
                "  by 00101300  ?",
            ]
        );
    }

    #[test]
    fn code_belongs_to_the_instance_of_its_component() {
        let symbol = |name: &str, inlined: &[&str]| Symbol {
            name: Some(name.to_owned()),
            inlined: inlined.iter().map(|&name| name.to_owned()).collect(),
            place: None,
        };
        let domain = domain();
        assert_eq!(
            instance(&domain, &symbol("<greeter::Greeter<P> as runtime::Active>::run+0x4", &[])),
            Some("alice")
        );
        assert_eq!(
            instance(&domain, &symbol("hello_alice::main+0x4", &["console::Uart::put"])),
            Some("console")
        );
        assert_eq!(instance(&domain, &symbol("hello_alice::main+0x4", &[])), None);
    }

    #[test]
    fn paths_are_shown_from_the_checkout() {
        let checkout = tempfile::tempdir().expect("folder");
        std::fs::create_dir_all(checkout.path().join("components")).expect("folder");
        std::fs::write(checkout.path().join("components/lib.rs"), "").expect("file");
        let shown = |file| shown(file, checkout.path());
        assert_eq!(shown("/fugue/target/composer/hello-qemu/components/lib.rs"), "components/lib.rs");
        assert_eq!(
            shown("/fugue/target/composer/hello-qemu/alice/src/main.rs"),
            "target/composer/hello-qemu/alice/src/main.rs"
        );
        assert_eq!(shown("/rust/library/core/src/lib.rs"), "/rust/library/core/src/lib.rs");
    }
}
