//! Devices of guests: disks that are whole sectors, and addresses that are one guest's alone.

use composer_syntax::{Code, Diagnostic, Diagnostics, Size, Spanned, quoted};

use super::vms::missing_file;
use crate::draft::Draft;
use crate::spec::{DiskText, VmText};
use crate::system::Disk;

/// The most disks of a guest: what a monitor has windows for.
const MOST_DISKS: usize = 4;

/// The first bytes of the addresses that networks give.
const GIVEN: [u8; 3] = [0x02, b'F', b'G'];

/// The interface of networks.
const NETWORK: &str = "Ethernet";

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    let mut addresses: Vec<([u8; 6], usize, &Spanned<String>)> = vec![];
    for (index, instance) in draft.instances.iter().enumerate() {
        let Some(vm) = instance.text.vm.given() else { continue };
        disks(draft, &vm.value, found);
        let Some(mac) = vm.value.mac.given() else { continue };
        match address(&mac.value) {
            Err(why) => found.push(unusable(mac, why)),
            Ok(_) if !has_network(draft, index) => found.push(without_network(draft, index, mac)),
            Ok(bytes) => match addresses.iter().find(|(other, ..)| *other == bytes) {
                Some((_, other, first)) => found.push(shared(draft, (index, mac), (*other, first))),
                None => addresses.push((bytes, index, mac)),
            },
        }
    }
}

fn disks(draft: &Draft<'_>, vm: &VmText, found: &mut Diagnostics) {
    for (number, entry) in vm.disks.entries().enumerate() {
        if number == MOST_DISKS {
            found.push(
                Diagnostic::error(Code::BadDisk, format!("a guest has at most {MOST_DISKS} disks"))
                    .primary(entry.key.span, "this is one more")
                    .help("a disk can hold several partitions"),
            );
        }
        match &entry.value.value {
            DiskText::Blank(size) => found.extend(blank(size)),
            DiskText::File { path, .. } => match draft.folder.join(&path.value).metadata() {
                Ok(file) if file.is_file() => found.extend(image(path, file.len())),
                _ => found.push(missing_file(path, "the disk begins with its contents")),
            },
        }
    }
}

fn is_whole(bytes: u64) -> bool {
    bytes != 0 && bytes.is_multiple_of(Disk::SECTOR)
}

fn blank(size: &Spanned<Size>) -> Option<Diagnostic> {
    let bytes = size.value.0;
    if is_whole(bytes) {
        return None;
    }
    let nearest = bytes.max(1).checked_next_multiple_of(Disk::SECTOR);
    let message = format!("a disk cannot have {}", size.value);
    let diagnostic = Diagnostic::error(Code::BadDisk, message)
        .primary(size.span, format!("expected a multiple of {} bytes", Disk::SECTOR));
    Some(match nearest.map(Size) {
        Some(nearest) => {
            diagnostic.fix(format!("write `{nearest}`"), size.span, quoted(&nearest.to_string()))
        }
        None => diagnostic,
    })
}

fn image(path: &Spanned<String>, bytes: u64) -> Option<Diagnostic> {
    if is_whole(bytes) {
        return None;
    }
    let name = &path.value;
    let message = format!("`{name}` cannot be a disk: it has {bytes} bytes");
    Some(
        Diagnostic::error(Code::BadDisk, message)
            .primary(path.span, format!("expected a file of a multiple of {} bytes", Disk::SECTOR))
            .help(format!("`truncate --size=%{} {name}` fills its last sector with zeros", Disk::SECTOR)),
    )
}

/// The address that a text means, or why none.
pub(crate) fn address(text: &str) -> Result<[u8; 6], &'static str> {
    const SHAPE: &str = "expected six bytes in hexadecimal, such as `02:00:00:00:00:01`";
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut bytes {
        let part = parts.next().filter(|part| part.len() == 2).ok_or(SHAPE)?;
        let digits = part.bytes().all(|digit| digit.is_ascii_hexdigit());
        *byte = u8::from_str_radix(part, 16).ok().filter(|_| digits).ok_or(SHAPE)?;
    }
    match bytes {
        _ if parts.next().is_some() => Err(SHAPE),
        [0, 0, 0, 0, 0, 0] => Err("this address is nobody's"),
        [first, ..] if first & 1 != 0 => Err("an odd first byte makes it a group's address, not a device's"),
        [a, b, c, ..] if [a, b, c] == GIVEN => Err("networks give addresses that begin so: leave `mac` out"),
        bytes => Ok(bytes),
    }
}

fn unusable(mac: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::error(Code::BadAddress, format!("`{}` is no address for a network device", mac.value))
        .primary(mac.span, why)
}

fn has_network(draft: &Draft<'_>, instance: usize) -> bool {
    let mut wires = draft.wires.iter().filter(|wire| wire.client == instance);
    wires.any(|wire| draft.required(wire).value.name == NETWORK)
}

fn without_network(draft: &Draft<'_>, instance: usize, mac: &Spanned<String>) -> Diagnostic {
    let name = draft.name(instance);
    Diagnostic::error(Code::BadAddress, format!("the guest of `{name}` has no network device"))
        .primary(mac.span, "this address is for nobody")
        .help("wire its port `network` to a switch, or remove `mac`")
}

fn shared(
    draft: &Draft<'_>,
    (instance, mac): (usize, &Spanned<String>),
    (other, first): (usize, &Spanned<String>),
) -> Diagnostic {
    let (one, two) = (draft.name(other), draft.name(instance));
    Diagnostic::error(Code::SharedAddress, format!("the guests of `{one}` and `{two}` have one address"))
        .primary(mac.span, "given a second time")
        .secondary(first.span, "given here")
        .help("leave `mac` out, and the network gives each an address of its own")
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_six_bytes_of_one_device() {
        assert_eq!(address("02:00:5e:10:fF:01"), Ok([2, 0, 0x5E, 0x10, 0xFF, 1]));
        for wrong in [
            "",
            "02:00:00:00:00",
            "02:00:00:00:00:01:02",
            "2:0:0:0:0:1",
            "02-00-00-00-00-01",
            "02:00:00:00:00:+1",
            "02:00:00:00:00:0g",
            "00:00:00:00:00:00",
            "03:00:00:00:00:01",
            "02:46:47:00:00:01",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
