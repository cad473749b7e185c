//! The machine that composer runs on: where programs are looked for.

use std::env;
use std::path::{Path, PathBuf};

/// Where programs and toolchains are looked for. Tests make one of a folder of their own.
#[derive(Clone, Debug)]
pub struct Host {
    /// Folders of `PATH`, in order.
    pub path: Vec<PathBuf>,
    /// rustup's folder, which holds `toolchains/`.
    pub rustup: PathBuf,
    /// The prefix of the distribution's packages: `/usr`.
    pub prefix: PathBuf,
    /// The cargo that started composer, if one did.
    pub cargo: Option<PathBuf>,
    /// The rustup toolchain in force, if one is.
    pub active_toolchain: Option<String>,
    /// Where Debian keeps its package lists, if this is a distribution with `apt-get`.
    pub package_lists: Option<PathBuf>,
    /// Whether composer may install packages without `sudo`.
    pub root: bool,
}

impl Host {
    /// This machine, as the environment describes it.
    pub fn detect() -> Self {
        let home = env::home_dir().unwrap_or_else(|| PathBuf::from("/"));
        let path = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
        let lists = Path::new("/var/lib/apt/lists");
        Self {
            path,
            rustup: env::var_os("RUSTUP_HOME").map_or_else(|| home.join(".rustup"), PathBuf::from),
            prefix: PathBuf::from("/usr"),
            cargo: env::var_os("CARGO").map(PathBuf::from).filter(|path| path.is_file()),
            active_toolchain: env::var("RUSTUP_TOOLCHAIN").ok(),
            package_lists: lists.is_dir().then(|| lists.to_path_buf()),
            root: nix::unistd::geteuid().is_root(),
        }
    }

    /// The first program of this name on the path.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        self.path.iter().map(|folder| folder.join(name)).find(|path| is_program(path))
    }

    /// Whether packages can be installed with `apt-get`.
    pub fn has_apt(&self) -> bool {
        self.package_lists.is_some() && self.program("apt-get").is_some()
    }
}

/// Whether a file can be executed.
pub(crate) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
