//! Busybox: the shell and the tools of the guest, in one static program, and its own tests.

use std::path::PathBuf;
use std::time::Instant;

use super::source::{Fetched, fetch, unpack};
use super::{Bench, copy, jobs, read_text, room};
use crate::cache::{Kind, make as make_folder, remove, write};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::kconfig;
use crate::tool::{Job, Shop};
use crate::watch::Count;

/// What a recipe may take from where busybox was built, besides the program.
const LEFT: [&str; 3] = ["busybox", LINKS, ".config"];
/// The paths by which the program can be called, one a line.
pub(super) const LINKS: &str = "busybox.links";
/// The tests, in the source.
const TESTS: &str = "testsuite";
/// What source and object files take.
const ROOM: u64 = 200 << 20;

pub(super) fn make(
    bench: &mut Bench<'_>,
    inputs: &Fingerprint,
    source: &Fetched<'_>,
    fragment: &str,
) -> Result<PathBuf, Error> {
    let cache = bench.cache;
    cache.forget_others("busybox", inputs)?;
    let work = cache.work("busybox", inputs);
    let (unpacked, objects) = (work.join("source"), work.join("objects"));
    make_folder(&objects)?;
    room(&work, ROOM, source.package)?;
    let archive = fetch(bench, source)?;
    let cross = bench.cross("");
    let fragment = read_text(&bench.own(fragment))?;
    let mut shop = Shop::new(bench.tools, work.join("log"), bench.watch)?;
    unpack(&mut shop, &archive, &unpacked)?;
    let kbuild = |targets: &[&str]| {
        let variables = [format!("O={}", objects.display()), format!("CROSS_COMPILE={cross}")];
        Job::new("make", &unpacked).args(variables).args(targets)
    };
    let configured = work.join("configured");
    if !configured.is_file() {
        shop.quietly(&kbuild(&["defconfig"]))?;
        let config = objects.join(".config");
        write(&config, kconfig::merge(&read_text(&config)?, &fragment).as_bytes())?;
        shop.quietly(&kbuild(&["oldconfig"]).answering())?;
        write(&configured, b"")?;
    }
    let start = Instant::now();
    let what = source.package;
    shop.watch().step("Compiling", what);
    let mut done = 0;
    shop.run(&kbuild(&["busybox", LINKS]).args([jobs()]), &mut |line, watch| {
        if line.starts_with("  CC") {
            done += 1;
            watch.count(&Count { word: "Compiling", what, done, of: None, elapsed: start.elapsed() });
        }
    })?;
    let place = cache.keep(Kind::Busybox, inputs, |new| {
        LEFT.iter().try_for_each(|name| copy(&objects.join(name), &new.join(name)))?;
        copy(&unpacked.join(TESTS), &new.join(TESTS))
    })?;
    remove(&work)?;
    Ok(place)
}
