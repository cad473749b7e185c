//! A failed build takes nothing away.

use std::fs;
use std::path::PathBuf;

use crate::suite::Stage;

/// Builds a spec, then the same with a mistake that only layout sees.
pub(crate) fn last_good(stage: &Stage<'_>) -> Result<(), String> {
    let spec = stage.checkout.root().join("tests/specs/halt.ron");
    let good = stage.build("tests/specs/halt.ron", None)?;
    let read = |path: &PathBuf| fs::read(path).map_err(|error| error.to_string());
    let before = read(&good.built.image)?;
    // A spec of the same name, so of the same folder, with a mistake that only later passes see.
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let broken = folder.path().join("halt.ron");
    let text = fs::read_to_string(&spec).map_err(|error| error.to_string())?;
    let text = text.replace("instances: {", "regions: {\"huge\": (size: \"1 GiB\")},\n    instances: {");
    fs::write(&broken, text).map_err(|error| error.to_string())?;
    match stage.build_in(stage.checkout, &broken, None) {
        Ok(_) => return Err("a region larger than the machine was accepted".to_owned()),
        Err(why) if why.contains("error[F") => {}
        Err(why) => return Err(format!("the failure is no diagnostic:\n{why}")),
    }
    if read(&good.built.image)? == before { Ok(()) } else { Err("the last good image is gone".to_owned()) }
}
