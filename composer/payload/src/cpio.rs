//! The initial file system: an uncompressed cpio archive in the format `newc`, which Linux unpacks.
//!
//! The format is that of Linux' `Documentation/driver-api/early-userspace/buffer-format.rst`. The archive
//! is the same for the same contents: entries stand in the order of their paths, all belong to root, and
//! all have the time 0. It is not compressed, because a guest would spend half of its boot inflating it.

use std::collections::BTreeMap;

/// What a path stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A folder.
    Directory,
    /// A file with its contents.
    File(Vec<u8>),
    /// A symbolic link to a path.
    Link(String),
    /// A character device.
    Device {
        /// Its driver's number.
        major: u32,
        /// The device's.
        minor: u32,
    },
}

/// A path's node and permission bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Permission bits, as `chmod` takes them.
    pub mode: u32,
    /// What it is.
    pub node: Node,
}

impl Node {
    /// The bits of `st_mode` that say what it is.
    fn kind(&self) -> u32 {
        match self {
            Self::Directory => 0o040_000,
            Self::File(_) => 0o100_000,
            Self::Link(_) => 0o120_000,
            Self::Device { .. } => 0o020_000,
        }
    }
}

/// The files of an archive by their paths, which begin without a slash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    entries: BTreeMap<String, Entry>,
}

impl Archive {
    /// Adds a path, in place of what it stood for, and the folders above it that are not there yet.
    pub fn add(&mut self, path: &str, mode: u32, node: Node) {
        let path = path.trim_matches('/');
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        for folder in above {
            self.entries.entry(folder.to_owned()).or_insert(Entry { mode: 0o755, node: Node::Directory });
        }
        self.entries.insert(path.to_owned(), Entry { mode, node });
    }

    /// Whether a path is there.
    pub fn has(&self, path: &str) -> bool {
        self.entries.contains_key(path.trim_matches('/'))
    }

    /// The entries, in their order. A folder stands before what it holds.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(path, entry)| (path.as_str(), entry))
    }

    /// The archive's bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut archive = Vec::new();
        for (number, (path, entry)) in (1..).zip(&self.entries) {
            let device = match entry.node {
                Node::Device { major, minor } => (major, minor),
                _ => (0, 0),
            };
            let contents = match &entry.node {
                Node::File(bytes) => bytes.as_slice(),
                Node::Link(target) => target.as_bytes(),
                Node::Directory | Node::Device { .. } => &[],
            };
            put(&mut archive, number, entry.node.kind() | entry.mode, path, device, contents);
        }
        put(&mut archive, 0, 0, "TRAILER!!!", (0, 0), &[]);
        archive
    }
}

/// Appends an entry. Header and name, then the contents, each filled up to a multiple of four bytes.
fn put(archive: &mut Vec<u8>, number: u32, mode: u32, name: &str, device: (u32, u32), contents: &[u8]) {
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
    archive.extend_from_slice(b"070701");
    let (user, group, links, time) = (0, 0, 1, 0);
    let lies_on = [0, 0];
    let fields = [number, mode, user, group, links, time, length(contents.len())];
    let behind = [device.0, device.1, length(name.len() + 1), 0];
    for field in fields.into_iter().chain(lies_on).chain(behind) {
        archive.extend_from_slice(format!("{field:08X}").as_bytes());
    }
    archive.extend_from_slice(name.as_bytes());
    archive.push(0);
    archive.resize(archive.len().next_multiple_of(4), 0);
    archive.extend_from_slice(contents);
    archive.resize(archive.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a reader of the format sees: name, mode, device, contents.
    type Seen = (String, u32, (u32, u32), Vec<u8>);

    fn read(mut bytes: &[u8]) -> Vec<Seen> {
        let mut seen = Vec::new();
        let mut position = 0;
        loop {
            assert_eq!(&bytes[..6], b"070701");
            let field = |index: usize| {
                let digits = std::str::from_utf8(&bytes[6 + 8 * index..][..8]).expect("digits");
                u32::from_str_radix(digits, 16).expect("a number")
            };
            let name_end = 110 + field(11) as usize;
            let name = String::from_utf8(bytes[110..name_end - 1].to_vec()).expect("a name");
            assert_eq!(bytes[name_end - 1], 0);
            let start = (position + name_end).next_multiple_of(4) - position;
            let end = start + field(6) as usize;
            let whole = (position + end).next_multiple_of(4) - position;
            assert_eq!((field(2), field(3), field(5)), (0, 0, 0), "owner and time");
            if name == "TRAILER!!!" {
                assert_eq!(bytes.len(), whole);
                return seen;
            }
            seen.push((name, field(1), (field(9), field(10)), bytes[start..end].to_vec()));
            position += whole;
            bytes = &bytes[whole..];
        }
    }

    #[test]
    fn every_kind_of_node_is_written() {
        let mut archive = Archive::default();
        archive.add("init", 0o755, Node::File(b"#!".to_vec()));
        archive.add("dev/console", 0o600, Node::Device { major: 5, minor: 1 });
        archive.add("bin/sh", 0o777, Node::Link("busybox".into()));
        let expected: [Seen; 5] = [
            ("bin".into(), 0o040_755, (0, 0), vec![]),
            ("bin/sh".into(), 0o120_777, (0, 0), b"busybox".to_vec()),
            ("dev".into(), 0o040_755, (0, 0), vec![]),
            ("dev/console".into(), 0o020_600, (5, 1), vec![]),
            ("init".into(), 0o100_755, (0, 0), b"#!".to_vec()),
        ];
        assert_eq!(read(&archive.write()), expected);
    }

    #[test]
    fn a_later_node_takes_the_place_of_an_earlier_one_and_folders_keep_their_mode() {
        let mut archive = Archive::default();
        archive.add("tmp", 0o1777, Node::Directory);
        archive.add("tmp/x", 0o644, Node::File(vec![1]));
        archive.add("/tmp/x/", 0o644, Node::File(vec![2]));
        let seen = read(&archive.write());
        assert_eq!(seen[0].1, 0o041_777);
        assert_eq!((seen[1].3.as_slice(), seen.len()), (&[2][..], 2));
        assert!(archive.has("tmp/x") && !archive.has("tmp/y"));
    }

    proptest! {
        #[test]
        fn the_order_of_adding_changes_nothing(
            files in prop::collection::btree_map("[a-z]{1,3}(/[a-z]{1,8}){0,3}z", prop::collection::vec(any::<u8>(), 0..9), 0..20),
        ) {
            let build = |paths: Vec<(&String, &Vec<u8>)>| {
                let mut archive = Archive::default();
                for (path, bytes) in paths {
                    archive.add(path, 0o644, Node::File(bytes.clone()));
                }
                archive
            };
            let forwards = build(files.iter().collect());
            let backwards = build(files.iter().rev().collect()).write();
            prop_assert_eq!(&forwards.write(), &backwards);
            let seen = read(&backwards);
            prop_assert_eq!(seen.len(), forwards.entries().count());
            for (path, bytes) in &files {
                let found = seen.iter().find(|one| &one.0 == path).expect("the file is there");
                prop_assert_eq!(&found.3, bytes);
            }
            for (at, (name, ..)) in seen.iter().enumerate() {
                if let Some((folder, _)) = name.rsplit_once('/') {
                    prop_assert!(seen[..at].iter().any(|one| one.0 == folder), "{} comes first", folder);
                }
            }
        }
    }
}
