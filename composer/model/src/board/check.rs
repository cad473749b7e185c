//! A board must not contradict itself.

use composer_syntax::{Address, Code, Diagnostic, Diagnostics, Size, Span, quoted};
use ppc440::tlb::PageSize;

use crate::system::{Board, Cpu, Dcrs, Origin};

/// One past the last address that a TLB entry can hold.
const END: u64 = 1 << 36;

pub(super) fn check(board: &Board, folder: &str, found: &mut Diagnostics) {
    if board.name != folder {
        found.push(
            wrong(format!("the board in `platform-{folder}` calls itself `{}`", board.name))
                .primary(board.name_origin.span, "specs name the folder")
                .fix(format!("write `{folder}`"), board.name_origin.span, quoted(folder)),
        );
    }
    ranges(board, found);
    pages(board, found);
    interrupts(board, found);
    for (index, dcrs) in board.dcrs.iter().enumerate() {
        let shares = |other: &&Dcrs| other.first <= dcrs.last && dcrs.first <= other.last;
        if let Some(other) = board.dcrs[..index].iter().find(shares) {
            found.push(
                wrong(format!("`{}` and `{}` overlap", other.name, dcrs.name))
                    .primary(dcrs.origin.span, "a register has one owner")
                    .secondary(other.origin.span, "the other range"),
            );
        }
    }
    for dcrs in board.dcrs.iter().filter(|dcrs| dcrs.first > dcrs.last || dcrs.last > 0xFFF) {
        found.push(
            wrong(format!("`{}` is no range of device control registers", dcrs.name))
                .primary(dcrs.origin.span, "expected `first` up to `last`, at most 0xFFF"),
        );
    }
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::BadBoard, message)
}

/// A named range of physical addresses.
struct Range<'b> {
    name: &'b str,
    at: u64,
    size: u64,
    origin: Origin,
}

/// Nothing is empty or beyond the address space; memory and devices do not overlap among themselves.
fn ranges(board: &Board, found: &mut Diagnostics) {
    let memory =
        board.memory.iter().map(|it| Range { name: &it.name, at: it.at, size: it.size, origin: it.origin });
    let devices =
        board.devices.iter().map(|it| Range { name: &it.name, at: it.at, size: it.size, origin: it.origin });
    let reserved =
        board.reserved.iter().map(|it| Range { name: &it.name, at: it.at, size: it.size, origin: it.origin });
    let mut owned: Vec<Range<'_>> = memory.chain(devices).collect();
    for range in owned.iter().chain(reserved.collect::<Vec<_>>().iter()) {
        let ends = range.at.checked_add(range.size).is_some_and(|end| end <= END);
        if range.size == 0 || !ends {
            let label = if range.size == 0 { "it has no bytes" } else { "it ends beyond 36-bit addresses" };
            found.push(
                wrong(format!("`{}` is no range of addresses", range.name)).primary(range.origin.span, label),
            );
        }
    }
    owned.sort_by_key(|range| range.at);
    for pair in owned.windows(2) {
        let end = pair[0].at.saturating_add(pair[0].size);
        if end > pair[1].at {
            found.push(
                wrong(format!("`{}` and `{}` overlap", pair[0].name, pair[1].name))
                    .primary(pair[1].origin.span, format!("begins at {}", Address(pair[1].at)))
                    .secondary(pair[0].origin.span, format!("ends only at {}", Address(end))),
            );
        }
    }
    for memory in &board.memory {
        let sizes: Vec<u64> = std::iter::once(memory.size).chain(memory.larger.iter().copied()).collect();
        if !sizes.is_sorted_by(|one, next| one < next) {
            found.push(wrong(format!("the sizes that `{}` can have do not ascend", memory.name)).primary(
                memory.origin.span,
                "`larger` begins above `size`, and each is above the one before",
            ));
        }
    }
    if board.memory.is_empty() {
        found.push(wrong("the board has no memory").primary(board.name_origin.span, "of this board"));
    }
}

/// The kernel is mapped by two pages, so its parts have the sizes of pages.
fn pages(board: &Board, found: &mut Diagnostics) {
    let kernel = &board.kernel;
    let span: Span = kernel.origin.span;
    for (what, size) in [("text", kernel.text), ("data", kernel.data)] {
        // The vectors need 64 KiB of their own address bits.
        let fits =
            PageSize::DESCENDING.iter().any(|page| u64::from(page.bytes()) == size) && size >= 64 << 10;
        if !fits {
            let sizes: Vec<String> = PageSize::DESCENDING
                .iter()
                .rev()
                .map(|page| u64::from(page.bytes()))
                .filter(|&bytes| bytes >= 64 << 10)
                .map(|bytes| Size(bytes).to_string())
                .collect();
            found.push(
                wrong(format!("the kernel's {what} cannot have {}", Size(size)))
                    .primary(span, "of this kernel")
                    .note(format!("one page maps it: {}", sizes.join(", "))),
            );
        } else if what == "text" && !kernel.at.is_multiple_of(size) {
            found.push(
                wrong("the kernel does not begin where a page of its size can")
                    .primary(span, format!("{} is no multiple of {}", Address(kernel.at), Size(size))),
            );
        }
    }
    let end = kernel.at.saturating_add(kernel.text).saturating_add(kernel.data);
    let inside = |memory: &crate::system::Memory| {
        memory.at <= kernel.at && end <= memory.at.saturating_add(memory.size)
    };
    if !board.memory.iter().any(inside) {
        found.push(wrong("the kernel lies outside the board's memory").primary(span, "of this kernel"));
    }
    let cores = match board.cpu {
        Cpu::Ppc440Ep => 1,
        Cpu::Ppc450 => 4,
    };
    if board.cores == 0 || board.cores > cores {
        found.push(
            wrong(format!("a {:?} has 1 to {cores} cores", board.cpu))
                .primary(board.name_origin.span, format!("this board says {}", board.cores)),
        );
    }
}

fn interrupts(board: &Board, found: &mut Diagnostics) {
    for (index, device) in board.devices.iter().enumerate() {
        let Some(irq) = device.irq else { continue };
        if irq >= board.interrupts.lines {
            found.push(
                wrong(format!(
                    "`{}` has interrupt {irq}; the controller has {}",
                    device.name, board.interrupts.lines
                ))
                .primary(
                    device.origin.span,
                    format!("expected 0 to {}", board.interrupts.lines.saturating_sub(1)),
                ),
            );
        }
        if let Some(other) = board.devices[..index].iter().find(|other| other.irq == Some(irq)) {
            found.push(
                wrong(format!("`{}` and `{}` share interrupt {irq}", other.name, device.name))
                    .primary(device.origin.span, "an interrupt has one owner")
                    .secondary(other.origin.span, "first used here"),
            );
        }
    }
}
