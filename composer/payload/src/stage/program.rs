//! A program of one source file.

use std::path::PathBuf;

use super::Bench;
use crate::cache::{Kind, remove};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::tool::{Job, Shop};

pub(super) fn make(
    bench: &mut Bench<'_>,
    inputs: &Fingerprint,
    name: &str,
    source: &str,
    flags: &[String],
) -> Result<PathBuf, Error> {
    let cache = bench.cache;
    let work = cache.work("program", inputs);
    let (compiler, source) = (bench.cross("gcc"), bench.own(source));
    let folder = bench.recipe.folder.clone();
    let mut shop = Shop::new(bench.tools, work.join("log"), bench.watch)?;
    let place = cache.keep(Kind::Program, inputs, |new| {
        let output = new.join(name);
        // `-s` leaves the symbols out: a path of this machine would be among them.
        let job = Job::new(&compiler, &folder).args(flags).args(["-s", "-o"]).args([&output, &source]);
        shop.quietly(&job)
    })?;
    remove(&work)?;
    Ok(place)
}
