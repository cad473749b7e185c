//! Guest kernels: from the files in which they are kept to what lies in the guest's memory.
//!
//! Two kinds of file are read, those that a kernel's own build makes: a [`uimage`], as U-Boot and QEMU
//! load it, and an ELF `vmlinux`. Both come from users, so both readers take any bytes and answer
//! with an image or with what is wrong.

mod bad;
mod elf;
pub mod uimage;

pub use bad::BadImage;

/// More than any guest's memory: no image, and nothing that inflates to one, is larger.
pub const MAXIMUM: u32 = 256 << 20;

/// A kernel as the guest's memory holds it when its processor starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The contents, from [`Image::load`] on.
    pub bytes: Vec<u8>,
    /// Guest-physical address of the first byte.
    pub load: u32,
    /// Guest-physical address of the first instruction; inside the contents.
    pub entry: u32,
    /// Bytes of memory that the kernel claims before it knows how much there is: the contents and, where
    /// the file tells, the zeroes behind them.
    pub memory: u32,
}

impl Image {
    /// Reads a kernel, whichever kind of file it is.
    ///
    /// # Errors
    ///
    /// What is wrong with the file.
    pub fn read(file: &[u8]) -> Result<Self, BadImage> {
        let image = if uimage::is_one(file) {
            uimage::read(file)?
        } else if elf::is_one(file) {
            elf::read(file)?
        } else {
            return Err(BadImage::Unknown);
        };
        let contents = u64::from(image.load)..u64::from(image.load) + image.bytes.len() as u64;
        if !contents.contains(&u64::from(image.entry)) {
            return Err(BadImage::EntryOutside { entry: image.entry });
        }
        Ok(image)
    }

    /// The first guest-physical address behind the kernel.
    pub fn end(&self) -> u64 {
        u64::from(self.load) + u64::from(self.memory)
    }

    /// Whether the kernel lies in a guest's memory, which begins at address 0.
    ///
    /// # Errors
    ///
    /// [`BadImage::OutsideMemory`].
    pub fn fits(&self, memory: u64) -> Result<(), BadImage> {
        if self.end() <= memory {
            return Ok(());
        }
        Err(BadImage::OutsideMemory { start: self.load, end: self.end(), memory })
    }
}

/// A field of a file, big-endian; the caller has checked that it lies inside.
fn word(file: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*file.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_named_as_such() {
        for file in [&b""[..], b"\x1f\x8b\x08", b"MZ", b"#!/bin/sh\n"] {
            assert_eq!(Image::read(file), Err(BadImage::Unknown));
        }
    }

    #[test]
    fn a_kernel_must_lie_in_the_guests_memory() {
        let image = Image { bytes: vec![0; 16], load: 0x100, entry: 0x100, memory: 32 };
        assert_eq!(image.fits(0x120), Ok(()));
        let error = image.fits(0x11F).expect_err("one byte is missing");
        assert_eq!(error, BadImage::OutsideMemory { start: 0x100, end: 0x120, memory: 0x11F });
        let high = Image { load: u32::MAX, memory: u32::MAX, ..image };
        assert!(high.fits(1 << 32).is_err());
    }
}
