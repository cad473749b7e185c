//! Names for a guest kernel's addresses.

use std::path::Path;

use object::{Object, ObjectSymbol, SymbolKind};

use crate::error::{Error, cannot_read};

/// How far the last name reaches, in bytes.
const PAGE: u32 = 4096;

/// The functions of a kernel by their virtual addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    /// Sorted by address.
    names: Vec<(u32, String)>,
}

impl Symbols {
    /// Reads a `System.map` or a kernel with symbols.
    ///
    /// # Errors
    ///
    /// When the file cannot be read. A file without symbols gives none.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|error| cannot_read(path, &error))?;
        Ok(Self::read(&bytes))
    }

    /// Reads the contents of such a file.
    pub fn read(bytes: &[u8]) -> Self {
        let mut names = match object::File::parse(bytes) {
            Ok(file) => file
                .symbols()
                .filter(|symbol| symbol.kind() == SymbolKind::Text)
                .filter_map(|symbol| {
                    Some((u32::try_from(symbol.address()).ok()?, symbol.name().ok()?.to_owned()))
                })
                .collect(),
            Err(_) => String::from_utf8_lossy(bytes).lines().filter_map(line).collect::<Vec<_>>(),
        };
        names.sort_by_key(|(address, _)| *address);
        Self { names }
    }

    /// The function at or before an address, and the distance to it. Each reaches to the next one, the last one for a
    /// page: where it ends, nothing says.
    pub fn at(&self, address: u32) -> Option<(&str, u32)> {
        let behind = self.names.partition_point(|(start, _)| *start <= address);
        let (start, name) = self.names.get(behind.checked_sub(1)?)?;
        let distance = address - start;
        (behind < self.names.len() || distance < PAGE).then_some((name, distance))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// A line such as `c0000000 T _stext`; functions have `t`, `T`, `w` or `W`.
fn line(text: &str) -> Option<(u32, String)> {
    let mut words = text.split_whitespace();
    let address = u32::from_str_radix(words.next()?, 16).ok()?;
    let is_function = matches!(words.next()?, "t" | "T" | "w" | "W");
    let name = words.next()?;
    is_function.then(|| (address, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_name_before_it() {
        let map = "c0000010 T start_here\nc0000000 T _start\nc0400000 D data\nnot a line\nc0000010 t alias\n";
        let symbols = Symbols::read(map.as_bytes());
        assert_eq!(symbols.len(), 3);
        assert_eq!(symbols.at(0xBFFF_FFFF), None);
        assert_eq!(symbols.at(0xC000_000C), Some(("_start", 12)));
        assert_eq!(symbols.at(0xC000_0014).map(|(_, offset)| offset), Some(4));
        // Behind the last one may be anything.
        assert_eq!(symbols.at(0xC000_100F), Some(("alias", 0x0FFF)));
        assert_eq!(symbols.at(0xC000_1010), None);
        assert!(Symbols::read(b"\x00\xFF").is_empty());
    }
}
