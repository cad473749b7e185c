//! Each device has one owner that can drive it.

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry};
use manifest::DevicePort;

use crate::draft::{DeviceUse, Draft, at};
use crate::system::{Board, Device};

/// What one TLB entry covers at least.
const PAGE: u64 = 4096;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    let Some(board) = draft.board else { return };
    for (index, claim) in draft.devices.iter().enumerate() {
        let device = &board.devices[claim.device.0];
        let Some(manifest) = draft.instances[claim.instance].manifest else { continue };
        let port = at(&manifest.devices, claim.port);
        if !device.grantable {
            found.push(kernels(claim, device, board));
        } else if device.compatible != port.value.compatible.value {
            found.push(other_model(draft, claim, device, port, board));
        }
        let earlier = &draft.devices[..index];
        if let Some(first) = earlier.iter().find(|other| other.device == claim.device) {
            found.push(taken(draft, claim, first, device));
        } else if let Some(other) = earlier.iter().find(|other| shares_page(draft, claim, other, board)) {
            found.push(shared_page(draft, claim, other, board));
        }
    }
}

fn kernels(claim: &DeviceUse<'_>, device: &Device, board: &Board) -> Diagnostic {
    Diagnostic::error(Code::KernelDevice, format!("`{}` belongs to the kernel", device.name))
        .primary(claim.name.span, "cannot be handed to a domain")
        .secondary(device.origin.span, format!("board `{}` keeps it: `grantable: false`", board.name))
}

fn other_model(
    draft: &Draft<'_>,
    claim: &DeviceUse<'_>,
    device: &Device,
    port: &Entry<DevicePort>,
    board: &Board,
) -> Diagnostic {
    let message = format!(
        "`{}.{}` drives a `{}`, but `{}` is a `{}`",
        draft.name(claim.instance),
        port.key.value,
        port.value.compatible.value,
        device.name,
        device.compatible
    );
    let diagnostic = Diagnostic::error(Code::WrongDevice, message)
        .primary(claim.name.span, format!("a `{}`", device.compatible))
        .secondary(
            port.value.compatible.span,
            format!("a `{}` is expected here", port.value.compatible.value),
        )
        .secondary(device.origin.span, "the board describes it here");
    let used =
        |one: &Device| draft.devices.iter().any(|other| board.devices[other.device.0].name == one.name);
    let free: Vec<&Device> = board
        .devices
        .iter()
        .filter(|one| one.grantable && one.compatible == port.value.compatible.value && !used(one))
        .collect();
    match free.as_slice() {
        [first, ..] => diagnostic.fix(
            format!("write `{}`", first.name),
            claim.name.span,
            composer_syntax::quoted(&first.name),
        ),
        [] => {
            diagnostic.note(format!("board `{}` has no other `{}`", board.name, port.value.compatible.value))
        }
    }
}

fn taken(draft: &Draft<'_>, claim: &DeviceUse<'_>, first: &DeviceUse<'_>, device: &Device) -> Diagnostic {
    let (one, other) = (draft.name(first.instance), draft.name(claim.instance));
    let message = match one == other {
        true => format!("`{}` is given to two ports of `{one}`", device.name),
        false => format!("`{}` has two owners, `{one}` and `{other}`", device.name),
    };
    Diagnostic::error(Code::DeviceTaken, message)
        .primary(claim.name.span, "given again here")
        .secondary(first.name.span, "first given here")
        .help("let one instance own the device and the others reach it through a wire")
}

fn shares_page(draft: &Draft<'_>, one: &DeviceUse<'_>, other: &DeviceUse<'_>, board: &Board) -> bool {
    let pages = |claim: &DeviceUse<'_>| {
        let device = &board.devices[claim.device.0];
        (device.at / PAGE, device.at.saturating_add(device.size.saturating_sub(1)) / PAGE)
    };
    let (one_pages, other_pages) = (pages(one), pages(other));
    let domain = |claim: &DeviceUse<'_>| draft.instances[claim.instance].domain;
    domain(one) != domain(other) && one_pages.0 <= other_pages.1 && other_pages.0 <= one_pages.1
}

fn shared_page(draft: &Draft<'_>, claim: &DeviceUse<'_>, other: &DeviceUse<'_>, board: &Board) -> Diagnostic {
    let (one, two) = (&board.devices[other.device.0], &board.devices[claim.device.0]);
    let message = format!("`{}` and `{}` lie in one page and have different owners", one.name, two.name);
    Diagnostic::warning(Code::SharedPage, message)
        .primary(
            claim.name.span,
            format!("`{}` can reach `{}` as well", draft.name(claim.instance), one.name),
        )
        .secondary(
            other.name.span,
            format!("`{}` can reach `{}` as well", draft.name(other.instance), two.name),
        )
        .note(format!("the processor protects pages of {PAGE} bytes at least"))
        .help("put both owners into one domain if one must not disturb the other")
}
