//! The lines that stand below a report.

use std::path::Path;

use composer_build::{BuiltDomain, BuiltGuest, shown};

use super::{Frame, Program};
use crate::report::{Report, Reporter};

/// As wide as `  pc 00101234  `.
const INDENT: &str = "               ";

/// Causes that a system call leads to.
const SYSTEM_CALLS: [&str; 6] =
    ["unknown-call", "bad-slot", "wrong-object", "missing-right", "bad-argument", "failed"];

/// Says where a report's addresses lie: a headline, then the program counter, the link register and the
/// return addresses, one a line.
pub(super) fn describe(
    report: &Report,
    domain: Option<&BuiltDomain>,
    program: Option<&Program>,
    guests: &[BuiltGuest],
    checkout: &Path,
) -> Vec<String> {
    let names = |address| program.map(|program| program.at(address)).unwrap_or_default();
    let mut lines = vec![headline(report, domain)];
    lines.extend(inside_guest(report, domain, guests, names));
    if let Some(text) = &report.text {
        lines.extend(text.lines().map(|line| format!("  | {line}")));
    }
    for (what, address, times) in addresses(report) {
        // A return address lies behind the call, and so does the program counter of a system call.
        let behind = what != "pc" || SYSTEM_CALLS.contains(&report.cause.as_str());
        let looked_up = if behind { address.wrapping_sub(4) } else { address };
        let frames = names(looked_up);
        lines.extend(place(what, address, &frames, domain, checkout));
        if times > 1 {
            lines.push(format!("{INDENT}and {} times more", times - 1));
        }
    }
    lines
}

/// Says of a thread that was the guest of a virtual machine, or about to be, that it was: `VcpuRun` ends where it began, so
/// a domain's program counter is in it. Of the kernel, that its code for guests is what went wrong.
fn inside_guest(
    report: &Report,
    domain: Option<&BuiltDomain>,
    guests: &[BuiltGuest],
    names: impl Fn(u32) -> Vec<Frame>,
) -> Option<String> {
    let hosts = |guest: &&BuiltGuest| {
        domain.is_none_or(|domain| domain.instances.iter().any(|instance| instance.name == guest.name))
    };
    let machines: Vec<&str> = guests.iter().filter(hosts).map(|guest| guest.name.as_str()).collect();
    // The address behind a system call, the instruction itself, and those that called it.
    let pc = report.registers.pc.into_iter().flat_map(|pc| [pc, pc.wrapping_sub(4)]);
    let chain = report.chain.iter().map(|address| address.wrapping_sub(4));
    let mut functions = pc.chain(chain).flat_map(names);
    let mut is_in =
        |words: &[&str]| functions.any(|frame| words.iter().any(|word| frame.name.contains(word)));
    if machines.is_empty() {
        return None;
    }
    let machines = machines.join(" or ");
    match report.reporter {
        Reporter::Domain => is_in(&["system::run_vcpu"]).then(|| format!("  inside vcpu_run of {machines}")),
        Reporter::Kernel => is_in(&["kernel::vcpu::", "kernel::guest::", "fugue_guest"])
            .then(|| format!("  at work for the guest of {machines}")),
    }
}

/// The addresses of a report with what they are, and how often each stands there in a row.
fn addresses(report: &Report) -> Vec<(&'static str, u32, usize)> {
    let registers = &report.registers;
    // Right after a call, the link register still holds what the chain begins with.
    let link = registers.lr.filter(|link| report.chain.first() != Some(link));
    let mut all: Vec<_> = [("pc", registers.pc), ("lr", link)]
        .into_iter()
        .filter_map(|(what, at)| Some((what, at?, 1)))
        .collect();
    for run in report.chain.chunk_by(|one, other| one == other) {
        all.push(("by", run[0], run.len()));
    }
    all
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

/// One line for each function at an address, innermost first.
fn place(
    what: &str,
    address: u32,
    frames: &[Frame],
    domain: Option<&BuiltDomain>,
    checkout: &Path,
) -> Vec<String> {
    let nothing = [Frame { name: "?".to_owned(), place: None }];
    let shown_frames = if frames.is_empty() { &nothing } else { frames };
    let owner = domain.filter(|_| !frames.is_empty()).and_then(|domain| instance(domain, frames));
    let mut lines: Vec<String> = shown_frames
        .iter()
        .map(|frame| {
            let at = frame.place.as_ref().map(|(file, line)| format!("  {}:{line}", shown(file, checkout)));
            format!("{INDENT}{}{}", frame.name, at.unwrap_or_default())
        })
        .collect();
    let start = format!("  {what} {address:08x}  ");
    lines[0].replace_range(..INDENT.len(), &start);
    if let (Some(owner), Some(first)) = (owner, lines.first_mut()) {
        *first += &format!("  [{owner}]");
    }
    lines
}

/// The instance whose code it is: of the component that one of the functions belongs to, innermost first.
/// A domain with one instance leaves no doubt.
fn instance<'a>(domain: &'a BuiltDomain, frames: &[Frame]) -> Option<&'a str> {
    let of_name = frames.iter().find_map(|frame| {
        let mut owners = domain.instances.iter().filter(|instance| belongs(&frame.name, &instance.module));
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use composer_build::BuiltInstance;

    use super::*;
    use crate::report::{Event, Parser};

    fn domain() -> BuiltDomain {
        let instance = |name: &str, module: &str| BuiltInstance { name: name.into(), module: module.into() };
        BuiltDomain {
            pid: 1,
            name: "alice".into(),
            elf: "none".into(),
            instances: vec![instance("console", "console"), instance("alice", "greeter")],
        }
    }

    #[test]
    fn a_report_without_symbols_is_still_described() {
        let text = b"[fugue] domain-report v1\n[fugue] cause=failed domain=1 name=alice thread=1\n\
            [fugue] pc=00101234 lr=00101300\n[fugue] chain=00101300,00101300,00101300,00101400\n[fugue] text=one\\ntwo\n[fugue] end\n";
        let events = Parser::new().feed(text);
        let [(_, Event::Report(report))] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(
            describe(report, Some(&domain()), None, &[], Path::new("/")),
            [
                "  failed in domain alice (instances console, alice)",
                "  | one",
                "  | two",
                "  pc 00101234  ?",
                "  by 00101300  ?",
                "               and 2 times more",
                "  by 00101400  ?",
            ]
        );
    }

    #[test]
    fn a_thread_that_was_a_guest_is_told() {
        let guest =
            |name: &str| BuiltGuest { name: name.into(), number: 0, kernel: PathBuf::new(), symbols: None };
        let told = |text: &str, domain: Option<&BuiltDomain>, guests: &[BuiltGuest], function: &str| {
            let events = Parser::new().feed(text.as_bytes());
            let [(_, Event::Report(report))] = events.as_slice() else { panic!("{events:?}") };
            let names = |address| match address {
                0x1000 => vec![Frame { name: function.to_owned(), place: None }],
                _ => vec![],
            };
            inside_guest(report, domain, guests, names)
        };
        let of_domain =
            "[fugue] domain-report v1\n[fugue] cause=bad-slot name=alice\n[fugue] pc=00001004\n[fugue] end\n";
        let of_kernel = "[fugue] kernel-report v1\n[fugue] cause=panic name=kernel\n[fugue] pc=00002000\n\
            [fugue] chain=00001004\n[fugue] end\n";
        let (run, machines) = ("runtime::system::run_vcpu", [guest("alice"), guest("bob")]);
        let told_of_domain = |guests, function| told(of_domain, Some(&domain()), guests, function);
        assert_eq!(told_of_domain(&machines, run).as_deref(), Some("  inside vcpu_run of alice"));
        assert_eq!(told_of_domain(&machines[1..], run), None);
        assert_eq!(told_of_domain(&machines, "runtime::system::wait"), None);
        assert_eq!(
            told(of_kernel, None, &machines, "<kernel::vcpu::Run<M>>::trap+0x4").as_deref(),
            Some("  at work for the guest of alice or bob")
        );
        assert_eq!(told(of_kernel, None, &machines, "kernel::calls::call"), None);
    }

    #[test]
    fn code_belongs_to_the_instance_of_its_component() {
        let frames = |names: &[&str]| -> Vec<Frame> {
            names.iter().map(|&name| Frame { name: name.to_owned(), place: None }).collect()
        };
        let domain = domain();
        let owner = |names: &[&str]| instance(&domain, &frames(names));
        assert_eq!(owner(&["<greeter::Greeter<P> as runtime::Active>::run+0x4"]), Some("alice"));
        assert_eq!(owner(&["console::Uart::put", "hello_alice::main+0x4"]), Some("console"));
        assert_eq!(owner(&["hello_alice::main+0x4"]), None);
    }

    #[test]
    fn functions_stand_below_each_other_with_their_places() {
        let frame = |name: &str, line| Frame { name: name.into(), place: Some(("/rust/x.rs".into(), line)) };
        let frames = [frame("greeter::inner", 7), frame("greeter::outer+0x8", 9)];
        assert_eq!(
            place("pc", 0x10_1234, &frames, Some(&domain()), Path::new("/")),
            [
                "  pc 00101234  greeter::inner  /rust/x.rs:7  [alice]",
                "               greeter::outer+0x8  /rust/x.rs:9",
            ]
        );
    }
}
