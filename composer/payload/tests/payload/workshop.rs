//! A checkout with a small recipe, and programs that pretend to be compilers.
//!
//! The programs are shell scripts; each call is written to a file, so that a test can say what was done
//! and what was not done again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use composer_payload::{Cache, Context, Error, Fingerprint, Payload, Request, Tools, Watch, prepare};

/// An ELF kernel of one segment at physical address 0, entered at its first byte.
pub(crate) fn vmlinux() -> Vec<u8> {
    let mut file = vec![0x7F, b'E', b'L', b'F', 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 20];
    let words: [u32; 6] = [1, 0xC000_0000, 52, 0, 0, 52 << 16 | 32];
    words.iter().for_each(|word| file.extend_from_slice(&word.to_be_bytes()));
    file.extend_from_slice(&[0, 1, 0, 40, 0, 0, 0, 0]);
    let header: [u32; 8] = [1, 84, 0xC000_0000, 0, 6, 64, 7, 4];
    header.iter().for_each(|word| file.extend_from_slice(&word.to_be_bytes()));
    file.extend_from_slice(b"kernel");
    file
}

const MAKE: &str = r#"#!/bin/sh
echo "make $*" >> @/calls
for word; do case $word in O=*) out=${word#O=} ;; esac; done
case " $* " in
*" test_defconfig "*) printf '# CONFIG_A is not set\nCONFIG_B=y\n' > $out/.config ;;
*" olddefconfig "*) sed -i '/CONFIG_LOST/d' $out/.config ;;
*" vmlinux "*)
	for name in one two three; do
		[ -e $out/$name.o ] && continue
		touch $out/$name.o
		echo "compiled $name" >> @/calls
		# Last, since whoever hears it may end this.
		echo "  CC      $name.o"
		if [ $name = two ]; then
			# A pipe that nobody writes to holds it up; a file ends it.
			[ -p @/stop ] && read held < @/stop
			[ -f @/stop ] && echo 'two.c:1: error: no such thing' && exit 2
		fi
	done
	cp @/vmlinux $out/vmlinux
	echo 'c0000000 T _stext' > $out/System.map ;;
*" defconfig "*) printf 'CONFIG_STATIC=n\n' > $out/.config ;;
*" oldconfig "*) read answer || exit 1 ;;
*" busybox "*)
	echo busybox > $out/busybox
	printf '/bin/ls\n/bin/sh\n/init\n' > $out/busybox.links ;;
*) exit 9 ;;
esac
"#;

const COMPILER: &str = r#"#!/bin/sh
[ "$1" = --version ] && echo "compiler 1" && exit
echo "compile $*" >> @/calls
while [ "$1" != -o ]; do shift; done
cp $3 $2
"#;

const APT: &str = r#"#!/bin/sh
echo "apt-get $*" >> @/calls
[ -e @/offline ] && echo 'Temporary failure resolving deb.debian.org' && exit 100
case "$*" in *source*) cp @/tools.tar . ;; esac
"#;

const TREES: &str = "#!/bin/sh\nwhile [ \"$1\" != -o ]; do shift; done\ncp $3 $2\n";

const RECIPE: &str = r#"Payload(
    about: "a test",
    compiler: "test-",
    kernel: (
        package: "linux-test",
        archive: "@/linux.tar",
        architecture: "powerpc",
        config: "test_defconfig",
        fragments: ["kernel.fragment"],
    ),
    programs: {
        "busybox": Busybox(package: "tools", archive: "tools.tar", sha256: "DIGEST", fragment: "busybox.fragment"),
        "hello": C(source: "hello.c", flags: ["-O2"]),
    },
    device_tree: "native.dts",
    variants: {
        "default": (
            about: "all of it",
            contents: {
                "init": File(from: "init", mode: 0o755),
                "bin/busybox": Program(name: "busybox", links: true),
                "bin/hello": Program(name: "hello"),
                "dev/console": Device(major: 5, minor: 1),
                "tests": Left(program: "busybox", path: "testsuite"),
            },
        ),
        "small": (about: "one program", contents: {"init": Program(name: "hello")}),
    },
)
"#;

const BARE: &str = r#"Payload(
    about: "a guest without an operating system",
    compiler: "test-",
    kernel: Program("guest"),
    programs: {"guest": C(source: "guest.c", parts: ["start.S", "guest.h"], flags: ["-O2"])},
    device_tree: "native.dts",
    variants: {"default": (about: "no files", contents: {})},
)
"#;

/// The folder of a test.
pub(crate) struct Workshop {
    _folder: Option<tempfile::TempDir>,
    root: PathBuf,
}

impl Workshop {
    /// A workshop in a folder of its own.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().to_path_buf();
        let workshop = Self { _folder: Some(folder), root };
        for (name, script) in [
            ("make", MAKE),
            ("test-gcc", COMPILER),
            ("test-ld", COMPILER),
            ("apt-get", APT),
            ("dtc", TREES),
            ("dpkg-query", "#!/bin/sh\nprintf 1.0\n"),
        ] {
            workshop
                .write(&format!("tools/{name}"), &script.replace('@', &workshop.root.display().to_string()));
            let runs = fs::Permissions::from_mode(0o755);
            fs::set_permissions(workshop.at(&format!("tools/{name}")), runs).expect("a program");
        }
        fs::write(workshop.at("vmlinux"), vmlinux()).expect("written");
        workshop.write("linux/Makefile", "all:\n");
        workshop.write("busybox/testsuite/ls.tests", "#!/bin/sh\n");
        workshop.pack("linux", "linux.tar");
        workshop.pack("busybox", "tools.tar");
        let digest = Fingerprint::of(&fs::read(workshop.at("tools.tar")).expect("an archive"));
        let recipe =
            RECIPE.replace('@', &workshop.root.display().to_string()).replace("DIGEST", digest.as_str());
        workshop.write("apps/test/payload.ron", &recipe);
        for (name, text) in [
            ("kernel.fragment", "CONFIG_A=y\n"),
            ("busybox.fragment", "CONFIG_STATIC=y\n"),
            ("hello.c", "hello\n"),
            ("native.dts", "tree\n"),
            ("init", "#!/bin/sh\n"),
        ] {
            workshop.write(&format!("apps/test/{name}"), text);
        }
        // The pretended compiler copies its first source: here it is what a linker would have made.
        workshop.write("apps/bare/payload.ron", BARE);
        workshop.write("apps/bare/native.dts", "tree\n");
        workshop.write("apps/bare/start.S", "start\n");
        workshop.write("apps/bare/guest.h", "header\n");
        fs::write(workshop.at("apps/bare/guest.c"), vmlinux()).expect("written");
        workshop
    }

    /// The workshop that another process made.
    pub(crate) fn of(root: &Path) -> Self {
        Self { _folder: None, root: root.to_path_buf() }
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path in it.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// Changes a file of the recipe.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let path = format!("apps/test/{name}");
        let text = fs::read_to_string(self.at(&path)).expect("a file");
        assert!(text.contains(from), "{text}");
        self.write(&path, &text.replace(from, to));
    }

    fn pack(&self, folder: &str, archive: &str) {
        let packed = Command::new("tar").args(["cf", archive, folder]).current_dir(&self.root).status();
        assert!(packed.expect("tar runs").success());
    }

    /// The cache.
    pub(crate) fn cache(&self) -> Cache {
        Cache::new(self.at("cache"))
    }

    /// The pretended programs, before the machine's own.
    pub(crate) fn tools(&self) -> Tools {
        Tools::on(format!("{}:/usr/bin:/bin", self.at("tools").display()))
    }

    /// Prepares a payload.
    pub(crate) fn prepare(&self, request: &Request, watch: &mut dyn Watch) -> Result<Payload, Error> {
        let mut context = Context { checkout: &self.root, cache: self.cache(), tools: self.tools(), watch };
        prepare(request, &mut context)
    }

    /// Prepares a variant of the recipe, and gives what was called for it.
    pub(crate) fn made(&self, variant: &str) -> (Result<Payload, Error>, Vec<String>) {
        let _ = fs::remove_file(self.at("calls"));
        let request = Request::Recipe { name: "test".into(), variant: variant.into() };
        let payload = self.prepare(&request, &mut composer_payload::Silent);
        (payload, self.calls())
    }

    /// What was called, short: the last word that names a target, or the program.
    pub(crate) fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.at("calls")).unwrap_or_default();
        let short = |line: &str| {
            let words: Vec<&str> = line
                .split_whitespace()
                .filter(|word| !word.contains('=') && !word.starts_with("-j"))
                .collect();
            match words[0] {
                "make" | "compiled" => words[1..].join(" "),
                other => other.to_owned(),
            }
        };
        text.lines().map(short).collect()
    }
}
