//! Paths in generated manifests: relative, so that two checkouts give the same bytes.

use std::path::{Component, Path, PathBuf};

/// The link in a generated workspace that leads to the checkout. Every package of the checkout is reached
/// through it, and so lies inside the workspace, at a path that is the same everywhere.
pub(crate) const LINK: &str = "checkout";

/// The folder of a system's generated workspace, below the checkout's root: `target/composer/<…>`.
const DEPTH: usize = 3;

/// The path of `directory` from a package's folder in a generated workspace.
pub(crate) fn from_package(checkout: &Path, directory: &Path) -> String {
    let path = match directory.strip_prefix(checkout) {
        Ok(inside) => Path::new("..").join(LINK).join(inside),
        Err(_) => outside(checkout, directory),
    };
    // A manifest is TOML: slashes everywhere.
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The same, of a folder outside the checkout.
fn outside(checkout: &Path, directory: &Path) -> PathBuf {
    let parts = |path: &Path| path.components().map(|part| part.as_os_str().to_owned()).collect::<Vec<_>>();
    let (from, to) = (parts(checkout), parts(directory));
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    if !directory.is_absolute() || common == 0 {
        return directory.to_owned();
    }
    // One more for the package's own folder.
    let up = from.len() - common + DEPTH + 1;
    let mut path: PathBuf = std::iter::repeat_n(Component::ParentDir.as_os_str(), up).collect();
    path.extend(&to[common..]);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_is_reached_through_the_link() {
        let root = Path::new("/home/a/fugue");
        let greeter = from_package(root, Path::new("/home/a/fugue/components/greeter"));
        assert_eq!(greeter, "../checkout/components/greeter");
    }

    #[test]
    fn what_lies_outside_is_reached_from_the_folder() {
        let root = Path::new("/home/a/fugue");
        let other = from_package(root, Path::new("/home/b/sensor"));
        // target/composer/hello-qemu/alice, then fugue and a
        assert_eq!(other, "../../../../../../b/sensor");
    }
}
