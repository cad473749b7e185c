//! The second platform.

use std::fs;

use super::{HELLO, inspect};
use crate::suite::Stage;

/// Builds hello for Blue Gene/P and looks into the image.
pub(crate) fn bgp_image(stage: &Stage<'_>) -> Result<(), String> {
    let finished = stage.build(HELLO, Some("bgp"))?;
    let bytes = fs::read(&finished.built.image).map_err(|error| error.to_string())?;
    let image = inspect::Image::read(&bytes)?;
    let board = &finished.system.board;
    if let Some(entry) = board.kernel.entry
        && u64::from(image.entry) != entry
    {
        return Err(format!("the image starts at {:#x} and not at {entry:#x}", image.entry));
    }
    for (start, size) in &image.segments {
        let (start, end) = (u64::from(*start), u64::from(*start) + u64::from(*size));
        let inside = board.memory.iter().any(|ram| ram.at <= start && end <= ram.at + ram.size);
        if !inside {
            return Err(format!("a segment from {start:#x} to {end:#x} lies outside the board's memory"));
        }
    }
    // The toolchain is an input like any other, so the image names it.
    let named = b"board=bgp compiler=rustc 1.";
    if !bytes.windows(named.len()).any(|window| window == named) {
        return Err("the image does not name the compiler that made it".to_owned());
    }
    let kernel = fs::read(&finished.built.kernel).map_err(|error| error.to_string())?;
    let strangers = inspect::symbols(&kernel, "platform_qemu")?;
    let own = inspect::symbols(&kernel, "platform_bgp")?;
    match (strangers.first(), own.is_empty()) {
        (Some(name), _) => Err(format!("the kernel holds QEMU's board: {name}")),
        (None, true) => Err("the kernel holds nothing of its own board".to_owned()),
        (None, false) => Ok(()),
    }
}
