//! Files as debug information names them, and as people know them.

use std::path::Path;

use crate::cargo::CHECKOUT;

/// The path from the checkout on of a file that debug information names; of a file elsewhere, that name.
pub fn shown(file: &str, checkout: &Path) -> String {
    let inside = file.strip_prefix(CHECKOUT).and_then(|inside| inside.strip_prefix('/'));
    let Some(inside) = inside else { return file.to_owned() };
    // A dependency's path is relative to the generated workspace that compiled it first; where the tail
    // is a file of the checkout, that is meant.
    let generated = inside.strip_prefix("target/composer/").and_then(|rest| rest.split_once('/'));
    match generated {
        Some((_, tail)) if checkout.join(tail).is_file() => tail.to_owned(),
        _ => inside.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_the_checkout() {
        let checkout = tempfile::tempdir().expect("folder");
        std::fs::create_dir_all(checkout.path().join("components")).expect("folder");
        std::fs::write(checkout.path().join("components/lib.rs"), "").expect("file");
        let shown = |file| shown(file, checkout.path());
        assert_eq!(shown("/fugue/target/composer/hello-qemu/components/lib.rs"), "components/lib.rs");
        assert_eq!(
            shown("/fugue/target/composer/hello-qemu/alice/src/main.rs"),
            "target/composer/hello-qemu/alice/src/main.rs"
        );
        assert_eq!(shown("/rust/library/core/src/lib.rs"), "/rust/library/core/src/lib.rs");
    }
}
