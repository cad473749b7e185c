//! TLB entries: page sizes, attributes, and the three words that `tlbwe` takes.
//!
//! The TLB has 64 entries. A physical address has 36 bits: 32 in the RPN and 4 in ERPN.

use bitflags::bitflags;

/// How many entries the TLB has.
pub const ENTRIES: usize = 64;

/// A page size that both the 440 and the 450 implement, and QEMU exactly.
///
/// 1 KiB pages are left out: QEMU maps all of the surrounding 4 KiB, and nothing needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum PageSize {
    /// 4 KiB.
    K4 = 1,
    /// 16 KiB.
    K16 = 2,
    /// 64 KiB.
    K64 = 3,
    /// 256 KiB.
    K256 = 4,
    /// 1 MiB.
    M1 = 5,
    /// 16 MiB.
    M16 = 7,
    /// 256 MiB.
    M256 = 9,
}

impl PageSize {
    /// All sizes, largest first.
    pub const DESCENDING: [Self; 7] =
        [Self::M256, Self::M16, Self::M1, Self::K256, Self::K64, Self::K16, Self::K4];

    /// Bytes in a page: 1 KiB shifted by two for each step of the code.
    pub const fn bytes(self) -> u32 {
        1024 << (2 * self.code())
    }

    /// The SIZE field's value.
    pub const fn code(self) -> u32 {
        self as u32
    }
}

bitflags! {
    /// Word 2: rights and storage attributes.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Attributes: u32 {
        /// Write-through of the L1 cache (450, with CCR1\[L2COBE\]).
        const WL1 = 0x0010_0000;
        /// User-defined attribute 0.
        const U0 = 0x8000;
        /// User-defined attribute 1.
        const U1 = 0x4000;
        /// User-defined attribute 2: store without allocate, with MMUCR\[U2SWOAE\].
        const U2 = 0x2000;
        /// User-defined attribute 3.
        const U3 = 0x1000;
        /// Write-through.
        const W = 0x800;
        /// Caching inhibited.
        const I = 0x400;
        /// Memory coherence required.
        const M = 0x200;
        /// Guarded.
        const G = 0x100;
        /// Little-endian.
        const E = 0x80;
        /// User execute.
        const UX = 0x20;
        /// User write.
        const UW = 0x10;
        /// User read.
        const UR = 0x08;
        /// Supervisor execute.
        const SX = 0x04;
        /// Supervisor write.
        const SW = 0x02;
        /// Supervisor read.
        const SR = 0x01;
    }
}

/// One page's translation, as the kernel's tables hold it: what `tlbwe` takes, ready made.
///
/// Holding one that [`Page::new`] made proves that both addresses are aligned to the size (QEMU never
/// matches an entry that is not; the manual ignores the low bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Page {
    /// EPN, V and SIZE. The TID comes from MMUCR\[STID\] when the word is written.
    pub word0: u32,
    /// RPN and ERPN.
    pub word1: u32,
    /// [`Attributes`].
    pub word2: u32,
}

/// Word 0: the entry is valid.
pub const VALID: u32 = 0x200;
/// Word 0: the entry belongs to translation space 1.
pub const SPACE_1: u32 = 0x100;

impl Page {
    /// A valid page of translation space 0.
    ///
    /// # Panics
    ///
    /// When an address is not aligned to `size`, or `physical` has more than 36 bits. In a const table
    /// that is an error of the build.
    pub const fn new(virt: u32, physical: u64, size: PageSize, attributes: Attributes) -> Self {
        let mask = size.bytes() - 1;
        assert!(virt & mask == 0, "virtual address not aligned to the page size");
        assert!(physical & mask as u64 == 0, "physical address not aligned to the page size");
        assert!(physical >> 36 == 0, "physical address beyond 36 bits");
        Self {
            word0: virt | VALID | size.code() << 4,
            word1: physical as u32 | (physical >> 32) as u32,
            word2: attributes.bits(),
        }
    }

    /// First effective address.
    pub const fn virt(&self) -> u32 {
        self.word0 & 0xFFFF_FC00
    }

    /// Physical address of the first byte.
    pub const fn physical(&self) -> u64 {
        ((self.word1 & 0xF) as u64) << 32 | (self.word1 & 0xFFFF_FC00) as u64
    }

    /// Length in bytes.
    pub const fn bytes(&self) -> u32 {
        1024 << (2 * (self.word0 >> 4 & 0xF))
    }

    /// Rights and storage attributes.
    pub const fn attributes(&self) -> Attributes {
        Attributes::from_bits_retain(self.word2)
    }

    /// Whether the page is a device's: guarded, so that no access may be made that was not asked for.
    pub const fn is_device(&self) -> bool {
        self.attributes().contains(Attributes::G)
    }

    /// Whether the effective address lies in the page.
    pub const fn contains(&self, address: u32) -> bool {
        address & !(self.bytes() - 1) == self.virt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_four_kib() {
        assert_eq!(PageSize::K4.bytes(), 4 << 10);
        assert_eq!(PageSize::M1.bytes(), 1 << 20);
        assert_eq!(PageSize::M256.bytes(), 256 << 20);
    }

    #[test]
    fn words_carry_36_bits() {
        let page = Page::new(0xFFFD_0000, 0x6_0000_0000, PageSize::K16, Attributes::SR | Attributes::I);
        assert_eq!((page.word0, page.word1, page.word2), (0xFFFD_0220, 0x0000_0006, 0x401));
        assert_eq!((page.physical(), page.bytes()), (0x6_0000_0000, 16 << 10));
        assert!(page.contains(0xFFFD_3FFF) && !page.contains(0xFFFD_4000));
    }

    #[test]
    #[should_panic(expected = "not aligned")]
    fn misaligned_pages_cannot_be_made() {
        let _ = Page::new(0x1000, 0, PageSize::K64, Attributes::SR);
    }
}
