//! The second platform.

use std::fs;

use super::{HELLO, equal, inspect};
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

/// Cycles after which an image that has not ended counts as hanging: a minute of the machine's time.
const PATIENCE: u64 = 60 * bgp_sim::time::FREQUENCY;

/// Runs an image twice on the simulated node: the console and the number of instructions are the same.
pub(crate) fn bgp_simulated(stage: &Stage<'_>) -> Result<(), String> {
    let finished = stage.build("tests/specs/calls.ron", Some("bgp"))?;
    let image = fs::read(&finished.built.image).map_err(|error| error.to_string())?;
    let (one, other) = (simulated(&image)?, simulated(&image)?);
    equal("the two consoles", &one.0, &other.0)?;
    if one.1 == other.1 { Ok(()) } else { Err(format!("{} instructions, then {}", one.1, other.1)) }
}

/// Runs an image on a node until it ends or waits for ever: what its console said, and how many instructions it took.
fn simulated(image: &[u8]) -> Result<(String, u64), String> {
    use bgp_sim::devices::mailbox::Kind;
    use bgp_sim::{Configuration, Event, Node, boot, loader, personality};

    let mut node = Node::new(Configuration::default());
    boot::describe(&mut node, &personality::Description::default());
    let loaded = loader::load(&mut node.bus.memory, image, 0).map_err(|error| error.to_string())?;
    boot::enter(&mut node, &loaded, 0);
    let mut text = Vec::new();
    for event in node.run_until(PATIENCE) {
        match event {
            Event::Message(message) => match message.kind {
                Kind::Print(said) => text.extend(said),
                other => return Err(format!("a message to the service node: {other:?}")),
            },
            Event::Unmodelled(what) | Event::Allowed(what) => return Err(format!("not modelled: {what}")),
            Event::Stopped { core } => {
                return Err(format!("core {core} stopped for a debugger that is not there"));
            }
            Event::Undeliverable(what) => return Err(format!("sent to nobody: {what:?}")),
            Event::Reset { .. } | Event::Idle => {
                return Ok((String::from_utf8_lossy(&text).into_owned(), node.instructions()));
            }
        }
    }
    Err(format!("it neither ends nor waits:\n{}", String::from_utf8_lossy(&text)))
}
