//! The node's memory: DRAM and SRAM, in pages that exist once they are touched.
//!
//! A page is in a *frame*, which has a number for the cores' lookaside buffers. Its bytes are the frame's own
//! or shared with other nodes, and copied at the first store. Beside the bytes a frame keeps the instructions
//! decoded from them. Reservations (`lwarx`) stand here too, because any store can end them.

mod page;
mod reservation;

pub use page::{CodePage, Decoded, PAGE, Page};
pub use reservation::Reservations;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The number of a frame.
pub type FrameNumber = u32;

/// A page's bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Bytes {
    /// Nobody else's: stores go here.
    Own(Page),
    /// Other nodes have them too: a store copies them first.
    #[serde(with = "shared")]
    Shared(Arc<SharedPage>),
}

/// A page that nodes have in common, and the instructions decoded from it: whoever decodes first does it for all.
#[derive(Debug)]
struct SharedPage {
    page: Page,
    code: OnceLock<Arc<CodePage>>,
}

/// How shared bytes are kept in a checkpoint: as bytes; whoever restores it shares them no more.
mod shared {
    use super::{Arc, OnceLock, Page, SharedPage};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        shared: &Arc<SharedPage>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        shared.page.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<SharedPage>, D::Error> {
        let page = Page::deserialize(deserializer)?;
        Ok(Arc::new(SharedPage { page, code: OnceLock::new() }))
    }
}

/// A page in use.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Frame {
    /// The page's number: its physical address without the lower twelve bits.
    page: u32,
    bytes: Bytes,
    #[serde(skip)]
    code: Option<Arc<CodePage>>,
}

/// A range of physical memory.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Range {
    first: u64,
    last: u64,
}

/// The node's memory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Memory {
    ranges: Vec<Range>,
    frames: Vec<Frame>,
    places: BTreeMap<u32, FrameNumber>,
    /// Counts the times at which a frame lost its right to fast stores, or its code was replaced: lookaside
    /// buffers filled under another number are void.
    #[serde(skip)]
    epoch: u64,
    /// The cores' reservations.
    pub reservations: Reservations,
}

impl Memory {
    /// No memory at all.
    pub fn new() -> Self {
        Self {
            ranges: Vec::new(),
            frames: Vec::new(),
            places: BTreeMap::new(),
            epoch: 1,
            reservations: Reservations::default(),
        }
    }

    /// Adds a range of whole pages.
    pub fn add(&mut self, first: u64, bytes: u64) {
        self.ranges.push(Range { first, last: first + (bytes - 1) });
    }

    /// Whether there is memory at a physical address.
    pub fn contains(&self, physical: u64) -> bool {
        self.ranges.iter().any(|range| (range.first..=range.last).contains(&physical))
    }

    /// The number under which lookaside buffers are valid now.
    #[inline(always)]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// How many pages have been touched.
    pub fn touched(&self) -> usize {
        self.frames.len()
    }

    /// The frame of a physical address; it exists from now on. `None`: there is no memory.
    pub fn frame(&mut self, physical: u64) -> Option<FrameNumber> {
        let page = (physical >> 12) as u32;
        if let Some(&frame) = self.places.get(&page) {
            return Some(frame);
        }
        if !self.contains(physical) {
            return None;
        }
        let number = self.frames.len() as FrameNumber;
        self.frames.push(Frame { page, bytes: Bytes::Own(Page::zero()), code: None });
        self.places.insert(page, number);
        Some(number)
    }

    /// The bytes at an offset of a frame's page; `None` if they do not all lie in it.
    #[inline(always)]
    pub fn read<const N: usize>(&self, frame: FrameNumber, offset: u32) -> Option<[u8; N]> {
        let page = match &self.frames.get(frame as usize)?.bytes {
            Bytes::Own(page) => page,
            Bytes::Shared(shared) => &shared.page,
        };
        let offset = offset as usize & (PAGE - 1);
        page.0.get(offset..offset + N)?.try_into().ok()
    }

    /// Stores into a frame that is known to take fast stores (see [`takes_fast_stores`](Self::takes_fast_stores)).
    /// `None`: it does not, or the bytes do not all lie in the page; nothing has happened.
    #[inline(always)]
    pub fn write_fast<const N: usize>(
        &mut self,
        frame: FrameNumber,
        offset: u32,
        bytes: [u8; N],
    ) -> Option<()> {
        let Bytes::Own(page) = &mut self.frames.get_mut(frame as usize)?.bytes else {
            return None;
        };
        let offset = offset as usize & (PAGE - 1);
        page.0.get_mut(offset..offset + N)?.copy_from_slice(&bytes);
        Some(())
    }

    /// Whether a core's stores into a frame concern its bytes alone: they are its own, nothing is decoded from
    /// them, and no other core has a reservation in the page.
    pub fn takes_fast_stores(&self, frame: FrameNumber, core: usize) -> bool {
        let frame = &self.frames[frame as usize];
        matches!(frame.bytes, Bytes::Own(_))
            && frame.code.is_none()
            && self.reservations.others(core).all(|line| (line >> 12) as u32 != frame.page)
    }

    /// The frames in which other cores have reservations: this core's stores there are slow from now on.
    pub fn reserved_by_others(&self, core: usize) -> impl Iterator<Item = FrameNumber> {
        self.reservations.others(core).filter_map(|line| self.places.get(&((line >> 12) as u32)).copied())
    }

    /// Stores bytes that lie in one page: copies a shared page, forgets decoded instructions, ends the
    /// reservations of all cores but the storing one (`None`: of all).
    pub fn write(&mut self, frame: FrameNumber, offset: u32, bytes: &[u8], core: Option<usize>) {
        let frame = &mut self.frames[frame as usize];
        let offset = offset as usize & (PAGE - 1);
        if let Bytes::Shared(shared) = &frame.bytes {
            frame.bytes = Bytes::Own(shared.page.clone());
            frame.code = None;
            self.epoch += 1;
        }
        let Bytes::Own(page) = &mut frame.bytes else { unreachable!("made so above") };
        page.0[offset..offset + bytes.len()].copy_from_slice(bytes);
        if let Some(code) = &frame.code {
            code.forget(offset, bytes.len());
        }
        self.reservations.stored((u64::from(frame.page) << 12) + offset as u64, bytes.len(), core);
    }

    /// The instructions decoded from a frame. From now on stores into it are slow.
    pub fn code(&mut self, frame: FrameNumber) -> Arc<CodePage> {
        let frame = &mut self.frames[frame as usize];
        if frame.code.is_none() {
            frame.code = Some(match &frame.bytes {
                Bytes::Own(_) => Arc::default(),
                Bytes::Shared(shared) => Arc::clone(shared.code.get_or_init(Arc::default)),
            });
            self.epoch += 1;
        }
        Arc::clone(frame.code.as_ref().expect("made above"))
    }

    /// Copies bytes out, from anywhere in memory; pages that nobody has touched stay so. `false`: not all of it is
    /// memory; what is has been copied.
    pub fn copy_out(&self, physical: u64, into: &mut [u8]) -> bool {
        let mut done = 0;
        while done < into.len() {
            let address = physical + done as u64;
            if !self.contains(address) {
                return false;
            }
            let offset = address as usize & (PAGE - 1);
            let count = (PAGE - offset).min(into.len() - done);
            let part = &mut into[done..done + count];
            match self.places.get(&((address >> 12) as u32)).map(|frame| &self.frames[*frame as usize].bytes)
            {
                Some(Bytes::Own(page)) => part.copy_from_slice(&page.0[offset..offset + count]),
                Some(Bytes::Shared(shared)) => part.copy_from_slice(&shared.page.0[offset..offset + count]),
                None => part.fill(0),
            }
            done += count;
        }
        true
    }

    /// Copies bytes in, as a device or a loader does: every reservation in their lines ends. `false`: not all
    /// of it is memory; what is has been written.
    pub fn copy_in(&mut self, physical: u64, from: &[u8]) -> bool {
        let mut done = 0;
        while done < from.len() {
            let address = physical + done as u64;
            let Some(frame) = self.frame(address) else { return false };
            let offset = address as usize & (PAGE - 1);
            let count = (PAGE - offset).min(from.len() - done);
            self.write(frame, offset as u32, &from[done..done + count], None);
            done += count;
        }
        true
    }

    /// A memory with the same contents, page by page shared with this one until either stores.
    pub fn share(&mut self) -> Self {
        for frame in &mut self.frames {
            if let Bytes::Own(page) = &mut frame.bytes {
                let page = std::mem::replace(page, Page(Box::new([0; PAGE])));
                let code = frame.code.clone().map_or_else(OnceLock::new, OnceLock::from);
                frame.bytes = Bytes::Shared(Arc::new(SharedPage { page, code }));
            }
        }
        self.epoch += 1;
        Self { reservations: Reservations::default(), ..self.clone() }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
