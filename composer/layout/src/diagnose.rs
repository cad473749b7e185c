//! What is wrong with a layout, in words that name cause and cure.

use std::collections::BTreeMap;
use std::fmt;

use composer_model::{Device, DeviceId, Domain, DomainId, Origin as Place, Pin, Region, System};
use composer_syntax::{Code, Diagnostic, Span};

use crate::input::{StackFrame, StackNeed};
use crate::place::Entries;
use crate::plan::{DeviceGrant, TooMany, ram};
use crate::{Claim, IntervalMap, Origin, Owner, Range, Refusal, Space};

/// An amount of memory, in the largest unit that shows it exactly.
pub(crate) struct Bytes(pub(crate) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            0 => "0 bytes".to_owned(),
            1 => "1 byte".to_owned(),
            bytes if bytes.is_multiple_of(1 << 30) => format!("{} GiB", bytes >> 30),
            bytes if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
            bytes if bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
            bytes => format!("{bytes} bytes"),
        };
        f.pad(&text)
    }
}

/// An address as people write it: `0xEF60_0300`, with a leading digit more beyond 32 bits.
pub(crate) struct Address(pub(crate) u64);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (top, high, low) = (self.0 >> 32, self.0 >> 16 & 0xFFFF, self.0 & 0xFFFF);
        let text = match top {
            0 => format!("0x{high:04X}_{low:04X}"),
            top => format!("0x{top:X}_{high:04X}_{low:04X}"),
        };
        f.pad(&text)
    }
}

/// A claim was refused.
pub(crate) fn refused(refusal: Refusal) -> Diagnostic {
    match refusal {
        Refusal::Taken { standing, refused } => taken(&standing, &refused),
        Refusal::Outside(claim) => {
            let (owner, space) = (&claim.owner, &claim.space);
            let message = format!("{owner:#} reaches beyond the last address of the {space} space");
            let last = Address(space.bounds().last());
            labelled(Diagnostic::error(Code::DoesNotFit, message), &claim, "")
                .note(format!("it would end at {}, the space at {last}", Address(claim.range.last())))
        }
    }
}

/// Two owners claim one address.
fn taken(standing: &Claim, refused: &Claim) -> Diagnostic {
    let (first, second, space) = (&standing.owner, &refused.owner, &refused.space);
    let message = format!("{second:#} and {first:#} claim the same {space} memory");
    let diagnostic = Diagnostic::error(Code::DoublyClaimed, message);
    // The one that somebody wrote is the one that somebody can change: it gets the primary label.
    let both = |claim: &Claim| format!("{:#} has {}", claim.owner, Shown(claim.range));
    let diagnostic = match (span(refused), span(standing)) {
        (Some(at), Some(other)) => diagnostic.primary(at, both(refused)).secondary(other, both(standing)),
        (Some(at), None) => diagnostic.primary(at, both(refused)).note(both(standing)),
        (None, Some(at)) => diagnostic.primary(at, both(standing)).note(both(refused)),
        (None, None) => diagnostic.note(both(refused)).note(both(standing)),
    };
    let common = standing.range.common(refused.range);
    let diagnostic = match common {
        Some(common) => diagnostic.note(format!("both want {}", Shown(common))),
        None => diagnostic,
    };
    let reason =
        |claim: &Claim| claim.pin.as_ref().map(|why| format!("{:#} must lie there: {why}", claim.owner));
    let reasons = [refused, standing].into_iter().filter_map(reason);
    let diagnostic = reasons.fold(diagnostic, Diagnostic::note);
    diagnostic.help("move one of them, or leave out `at` and composer finds a free place")
}

/// A range, as people read it.
struct Shown(Range);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, last) = (Address(self.0.start()), Address(self.0.last()));
        write!(f, "{start} to {last} ({})", Bytes(self.0.size()))
    }
}

fn span(claim: &Claim) -> Option<Span> {
    match &claim.origin {
        Origin::Stated { span, .. } => Some(*span),
        Origin::Automatic => None,
    }
}

fn labelled(diagnostic: Diagnostic, claim: &Claim, text: &str) -> Diagnostic {
    match span(claim) {
        Some(span) => diagnostic.primary(span, text),
        None => diagnostic,
    }
}

/// RAM is exhausted, or too broken up.
pub(crate) fn no_room(
    system: &System,
    map: &IntervalMap,
    owner: &Owner,
    size: u64,
    origin: Option<Place>,
) -> Diagnostic {
    let ram = ram(&system.board);
    let total: u64 = ram.iter().map(|range| range.size()).sum();
    let gaps: Vec<_> = ram.iter().flat_map(|range| map.gaps(&Space::Physical, *range)).collect();
    let free: u64 = gaps.iter().map(|gap| gap.size()).sum();
    let largest = gaps.iter().map(|gap| gap.size()).max().unwrap_or(0);
    let message = format!("no room in RAM for {owner:#}: {} asked for", Bytes(size));
    let mut diagnostic = Diagnostic::error(Code::DoesNotFit, message);
    if let Some(origin) = origin {
        diagnostic = diagnostic.primary(origin.span, format!("needs {}", Bytes(size)));
    }
    diagnostic = diagnostic.note(format!(
        "the board `{}` has {} of RAM, {} are free, the largest piece is {}",
        system.board.name,
        Bytes(total),
        Bytes(free),
        Bytes(largest)
    ));
    let mut owners: BTreeMap<&Owner, u64> = BTreeMap::new();
    for claim in ram.iter().flat_map(|range| map.within(&Space::Physical, *range)) {
        *owners.entry(&claim.owner).or_default() += claim.range.size();
    }
    let mut owners: Vec<_> = owners.into_iter().collect();
    owners.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    for (owner, size) in owners.iter().take(3) {
        diagnostic = diagnostic.note(format!("{owner:#} has {}", Bytes(*size)));
    }
    diagnostic.help("make regions smaller, or use a board with more memory")
}

/// A domain's space is exhausted.
pub(crate) fn no_room_in_space(
    system: &System,
    domain: DomainId,
    owner: &Owner,
    size: u64,
    origin: Place,
) -> Diagnostic {
    let name = &system[domain].name;
    let message = format!("no room in the address space of `{name}` for {owner:#}");
    Diagnostic::error(Code::DoesNotFit, message)
        .primary(origin.span, format!("needs {}", Bytes(size)))
        .note("a domain has 2.5 GiB of addresses for stack, buffers and memory, and 256 MiB for devices")
}

/// A pinned region is not in RAM.
pub(crate) fn outside_ram(system: &System, region: &Region, pin: &Pin) -> Diagnostic {
    let message = format!("region `{}` is pinned outside the board's RAM", region.name);
    let end = Address(pin.at.saturating_add(region.size - 1));
    let diagnostic = Diagnostic::error(Code::BadPin, message)
        .primary(pin.origin.span, format!("would reach from {} to {end}", Address(pin.at)));
    let ram = system.board.memory.iter();
    ram.fold(diagnostic, |diagnostic, memory| {
        let end = Address(memory.at.saturating_add(memory.size.saturating_sub(1)));
        let note = format!("`{}` reaches from {} to {end}", memory.name, Address(memory.at));
        diagnostic.secondary(memory.origin.span, note)
    })
    .help("choose an address inside RAM, or leave out `at` and composer finds a free place")
}

/// The kernel's pages are not where pages can be.
pub(crate) fn kernel_misplaced(system: &System) -> Diagnostic {
    let kernel = &system.board.kernel;
    let message = format!("the kernel of board `{}` cannot lie where it should", system.board.name);
    Diagnostic::error(Code::BadBoard, message)
        .primary(kernel.origin.span, format!("`at` is {}", Address(kernel.at)))
        .note("`text` and `data` must be sizes of a page, and `at` a multiple of both, in RAM")
}

/// There is more of something than has numbers.
pub(crate) fn too_many(system: &System, too_many: &TooMany) -> Diagnostic {
    let TooMany { what, count, maximum } = too_many;
    let message = format!("the system has {count} {what}, at most {maximum} can be numbered");
    Diagnostic::error(Code::TooMany, message).primary(system.origin.span, "").help(match *what {
        "domains" => "fuse instances: give those that trust each other the same `domain`",
        _ => "split the system over several nodes",
    })
}

/// A domain would reach the kernel's console without having been granted it.
pub(crate) fn console_in_page(system: &System, grant: DeviceGrant) -> Diagnostic {
    let (granted, console) = (device(system, grant.device), device(system, system.board.kernel.console));
    let name = &system[grant.domain].name;
    let message =
        format!("domain `{name}` also reaches the kernel's console: `{}` shares its page", granted.name);
    Diagnostic::warning(Code::SharedPage, message)
        .primary(grant.origin.span, format!("`{}` at {}", granted.name, Address(granted.at)))
        .secondary(console.origin.span, format!("the kernel writes its reports to `{}`", console.name))
        .note("a page of 4 KiB is the unit of protection")
}

fn device(system: &System, id: DeviceId) -> &Device {
    &system[id]
}

/// A linked segment can be both written and executed.
pub(crate) fn writable_and_executable(system: &System, domain: DomainId, segment: &str) -> Diagnostic {
    let domain = &system[domain];
    let message = format!("segment `{segment}` of domain `{}` can be both written and executed", domain.name);
    Diagnostic::error(Code::WritableAndExecutable, message)
        .primary(domain.origin.span, "this domain")
        .help("look for `#[link_section]` or assembly that puts code and data in one section")
}

/// A linked program is not where the plan has room for it.
pub(crate) fn program_misplaced(system: &System, domain: DomainId, segment: &str, room: Range) -> Diagnostic {
    let domain = &system[domain];
    let message = format!("segment `{segment}` of domain `{}` does not fit its place", domain.name);
    Diagnostic::error(Code::DoesNotFit, message)
        .primary(domain.origin.span, "this domain")
        .note(format!("its place is {}", Shown(room)))
}

/// The linked kernel is larger than its page.
pub(crate) fn kernel_too_large(system: &System, what: &str, has: u64, needs: u64) -> Diagnostic {
    let message = format!("the kernel's {what} needs {}, its page has {}", Bytes(needs), Bytes(has));
    Diagnostic::error(Code::DoesNotFit, message)
        .primary(system.board.kernel.origin.span, format!("`{what}` is {}", Bytes(has)))
        .note("the tables of domains, capabilities and pages are part of it, and grow with the spec")
        .help(format!("give `{what}` of the board's `kernel` the next larger page"))
}

/// A domain's stack is smaller than its deepest path.
pub(crate) fn stack_overflow(domain: &Domain, given: u64, needed: u64, path: &[StackFrame]) -> Diagnostic {
    let name = &domain.name;
    let message = format!("the stack of domain `{name}` can overflow");
    let at = domain.stack_origin.unwrap_or(domain.origin);
    let enough = needed.next_multiple_of(1024);
    Diagnostic::error(Code::StackOverflow, message)
        .primary(at.span, format!("its thread has {}, and needs {}", Bytes(given), Bytes(needed)))
        .note(deepest(path))
        .help(format!(
            "give it {} or more: `stack` in the component's manifest, or of the instance in the spec",
            Bytes(enough)
        ))
}

/// The deepest path, the frames by their size.
fn deepest(path: &[StackFrame]) -> String {
    let lines = path.iter().map(|frame| format!("\n{:>6}  {}", frame.bytes, frame.function));
    format!("the deepest path, with the bytes of each frame:{}", lines.collect::<String>())
}

/// Pinned pages leave too little of the TLB.
pub(crate) fn tlb_full(entries: Entries, pinned: &[(&Domain, usize)]) -> Diagnostic {
    let has = ppc440::tlb::ENTRIES;
    let message = format!(
        "the pinned pages do not fit the TLB: {} of {has} entries, and {} must be left",
        entries.kernel + entries.pinned,
        entries.least
    );
    let mut diagnostic = Diagnostic::error(Code::TlbFull, message);
    let mut by_size: Vec<_> = pinned.iter().collect();
    by_size.sort_by_key(|(_, pages)| std::cmp::Reverse(*pages));
    for (index, (domain, pages)) in by_size.into_iter().enumerate() {
        let at = domain.pinned.unwrap_or(domain.origin).span;
        let label = format!("`{}` has {pages} pages", domain.name);
        diagnostic = match index {
            0 => diagnostic.primary(at, label),
            _ => diagnostic.secondary(at, label),
        };
    }
    diagnostic
        .note(format!("the kernel has {}: text, data, its core's own, reports, devices", entries.kernel))
        .note(match entries.least {
            1 => "one entry always stays replaceable".to_owned(),
            least => format!("domains that are not pinned share the others, and need {least} to get on"),
        })
        .help("pin fewer domains, or make regions multiples of a large page: 16 KiB, 64 KiB, 1 MiB, 16 MiB, 256 MiB")
}

/// Nobody can say how much stack a domain needs, and the spec does not.
pub(crate) fn unbounded_stack(
    domain: &Domain,
    why: &str,
    cycle: &[String],
    cure: Option<&str>,
) -> Diagnostic {
    let message = format!("nobody can say how much stack domain `{}` needs", domain.name);
    let diagnostic =
        Diagnostic::error(Code::UnboundedStack, message).primary(domain.origin.span, why).note(circle(cycle));
    let diagnostic = cure.into_iter().fold(diagnostic, |diagnostic, cure| diagnostic.help(cure));
    diagnostic.help("state `stack` of the instance in the spec, if something else bounds it")
}

/// The functions of a cycle, one a line.
fn circle(cycle: &[String]) -> String {
    if cycle.is_empty() {
        return "without each frame and each call there is no size of the whole".to_owned();
    }
    let lines = cycle.iter().map(|function| format!("\n  {function}"));
    format!("each calls the next, the last calls the first:{}", lines.collect::<String>())
}

/// The kernel's stack may overflow.
pub(crate) fn kernel_stack(system: &System, given: u64, need: &StackNeed) -> Diagnostic {
    let at = system.board.kernel.origin.span;
    match need {
        StackNeed::Bounded { bytes, path } => {
            Diagnostic::error(Code::StackOverflow, "the kernel's stack can overflow")
                .primary(at, format!("it has {}, and needs {}", Bytes(given), Bytes(*bytes)))
                .note(deepest(path))
        }
        StackNeed::Unbounded { why, cycle, .. } => {
            Diagnostic::error(Code::UnboundedStack, "nobody can say how much stack the kernel needs")
                .primary(at, why)
                .note(circle(cycle))
        }
    }
}
