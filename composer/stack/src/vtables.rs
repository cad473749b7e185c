//! The program's tables of virtual methods, as debug information describes them.

use gimli::{AttributeValue, DebuggingInformationEntry, Operation, Unit};

use crate::names::Reader;
use crate::paths::top_level;

/// Bytes of a slot of a table.
const SLOT: u32 = 4;
/// The slots before the first method: drop, size, alignment.
const HEAD: u32 = 3;

/// A table of a type's methods for one trait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vtable {
    /// The trait.
    pub(crate) of: String,
    /// Its address.
    pub(crate) start: u32,
    /// Bytes.
    pub(crate) size: u32,
}

/// An entry of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Method {
    /// The trait.
    pub(crate) of: String,
    /// Position among the methods; none for what drops a value.
    pub(crate) slot: Option<u32>,
}

impl Vtable {
    /// The entry at an address.
    pub(crate) fn method(&self, at: u32) -> Option<Method> {
        let offset = at.checked_sub(self.start).filter(|offset| *offset < self.size)?;
        Some(Method { of: self.of.clone(), slot: (offset / SLOT).checked_sub(HEAD) })
    }
}

/// All tables that have an address. What cannot be read is left out: its methods are then pointers like
/// any other, which more calls may reach.
pub(crate) fn of(dwarf: &gimli::Dwarf<Reader<'_>>) -> Vec<Vtable> {
    let mut found = Vec::new();
    let mut headers = dwarf.units();
    while let Ok(Some(header)) = headers.next() {
        let Ok(unit) = dwarf.unit(header) else { continue };
        let mut entries = unit.entries();
        while let Ok(Some(entry)) = entries.next_dfs() {
            if entry.tag() == gimli::DW_TAG_variable {
                found.extend(table(dwarf, &unit, entry));
            }
        }
    }
    found
}

fn table(
    dwarf: &gimli::Dwarf<Reader<'_>>,
    unit: &Unit<Reader<'_>>,
    entry: &DebuggingInformationEntry<Reader<'_>>,
) -> Option<Vtable> {
    let name = dwarf.attr_string(unit, entry.attr_value(gimli::DW_AT_name)?).ok()?;
    let of = trait_of(name.to_string().ok()?)?.to_owned();
    let start = address(unit, entry.attr_value(gimli::DW_AT_location)?)?;
    let AttributeValue::UnitRef(kind) = entry.attr_value(gimli::DW_AT_type)? else { return None };
    let size = unit.entry(kind).ok()?.attr_value(gimli::DW_AT_byte_size)?.udata_value()?;
    Some(Vtable { of, start, size: size.try_into().ok()? })
}

/// The place of a variable that has a fixed one.
fn address(unit: &Unit<Reader<'_>>, location: AttributeValue<Reader<'_>>) -> Option<u32> {
    let mut operations = location.exprloc_value()?.operations(unit.encoding());
    let mut at = None;
    while let Some(operation) = operations.next().ok()? {
        at = match (operation, at) {
            (Operation::Address { address }, None) => Some(address),
            (Operation::PlusConstant { value }, Some(at)) => Some(u64::checked_add(at, value)?),
            _ => return None,
        };
    }
    at?.try_into().ok()
}

/// The trait in `<Type as Trait>::{vtable}`.
fn trait_of(name: &str) -> Option<&str> {
    let inside = name.strip_prefix('<')?.strip_suffix(">::{vtable}")?;
    top_level(inside, " as ").map(|at| &inside[at + 4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trait_stands_behind_the_outermost_as() {
        let name = "<a::B<<c::D as e::F>::G, fn(u8) -> u8> as core::fmt::Write>::{vtable}";
        assert_eq!(trait_of(name), Some("core::fmt::Write"));
        assert_eq!(trait_of("<a::B as f::G<h::I as j::K>>::{vtable}"), Some("f::G<h::I as j::K>"));
        assert_eq!(trait_of("<a::B as core::fmt::Write>::{vtable_type}"), None);
        assert_eq!(trait_of("a::B"), None);
    }

    #[test]
    fn methods_follow_the_head() {
        let table = Vtable { of: "T".into(), start: 0x100, size: 20 };
        let method = |at| table.method(at).map(|method| method.slot);
        assert_eq!(
            [0xFC, 0x100, 0x108, 0x10C, 0x110, 0x114].map(method),
            [None, Some(None), Some(None), Some(Some(0)), Some(Some(1)), None]
        );
    }
}
