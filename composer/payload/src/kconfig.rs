//! Configurations of the kernel and of busybox, which share one format.

use std::collections::BTreeSet;

/// The symbol that a line sets, as in `CONFIG_PCI=y` or `# CONFIG_MODULES is not set`.
fn symbol(line: &str) -> Option<&str> {
    let off = line.strip_prefix("# ").and_then(|rest| rest.strip_suffix(" is not set"));
    let name = off.or_else(|| line.split_once('=').map(|(name, _)| name))?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    (name.starts_with("CONFIG_") && name.chars().all(is_name)).then_some(name)
}

/// A configuration with the lines of a fragment in place of its own.
pub(crate) fn merge(base: &str, fragment: &str) -> String {
    let set: BTreeSet<&str> = fragment.lines().filter_map(symbol).collect();
    let kept = base.lines().filter(|line| symbol(line).is_none_or(|name| !set.contains(name)));
    let added = fragment.lines().filter(|line| symbol(line).is_some());
    kept.chain(added).flat_map(|line| [line, "\n"]).collect()
}

/// The lines of a fragment that a configuration does not have after all. Off is also what is not there.
pub(crate) fn lost<'f>(config: &str, fragment: &'f str) -> Vec<&'f str> {
    let lines: BTreeSet<&str> = config.lines().collect();
    let set: BTreeSet<&str> =
        config.lines().filter(|line| !line.starts_with('#')).filter_map(symbol).collect();
    let holds = |line: &str| match symbol(line) {
        Some(name) if line.starts_with('#') => !set.contains(name),
        Some(_) => lines.contains(line),
        None => true,
    };
    fragment.lines().filter(|line| !holds(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=\"x=y\"\n# a word\nCONFIG_AB=y\n";

    #[test]
    fn a_fragment_takes_the_place_of_lines() {
        let merged = merge(BASE, "# why\nCONFIG_B=y\n# CONFIG_A is not set\n");
        assert_eq!(merged, "CONFIG_C=\"x=y\"\n# a word\nCONFIG_AB=y\nCONFIG_B=y\n# CONFIG_A is not set\n");
    }

    #[test]
    fn what_did_not_take_is_found() {
        let fragment = "# words\nCONFIG_A=y\nCONFIG_B=y\n# CONFIG_AB is not set\n# CONFIG_GONE is not set\nCONFIG_C=\"x=y\"\n";
        assert_eq!(lost(BASE, fragment), ["CONFIG_B=y", "# CONFIG_AB is not set"]);
    }
}
