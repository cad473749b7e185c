//! Sources from the distribution: archives that packages install, and archives of source packages.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Bench, read};
use crate::cache::{make, remove, write};
use crate::error::{Error, cannot_write, failed};
use crate::fingerprint::Fingerprint;
use crate::tool::{Job, Shop, Tools};

/// The file of a source package that is unpacked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fetched<'a> {
    pub(super) package: &'a str,
    pub(super) archive: &'a str,
    pub(super) sha256: &'a str,
}

/// Unpacks an archive of one folder, without that folder's name. Half an archive is never taken for a
/// whole one.
pub(super) fn unpack(shop: &mut Shop<'_>, archive: &Path, to: &Path) -> Result<(), Error> {
    if to.is_dir() {
        return Ok(());
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    remove(&part)?;
    make(&part)?;
    shop.watch().step("Unpacking", &archive.display().to_string());
    let job = Job::new("tar", &part).args(["--extract", "--strip-components=1", "--file"]).args([archive]);
    shop.quietly(&job)?;
    fs::rename(&part, to).map_err(|error| cannot_write(to, &error))
}

/// The archive of a source package: fetched once, by a private list of sources, so that nothing of the
/// system's own changes.
pub(super) fn fetch(bench: &mut Bench<'_>, source: &Fetched<'_>) -> Result<PathBuf, Error> {
    let folder = bench.cache.sources();
    let place = folder.join(source.archive);
    if !place.is_file() {
        bench.watch.step("Fetching", &format!("the source package {}", source.package));
        let work = bench.cache.work("fetch", &Fingerprint::of(source.package.as_bytes()));
        remove(&work)?;
        ["lists/partial", "cache/archives/partial", "got"]
            .iter()
            .try_for_each(|name| make(&work.join(name)))?;
        download(bench.tools, bench.watch, &work, source).map_err(|error| by_hand(error, &place, source))?;
        make(&folder)?;
        let got = work.join("got").join(source.archive);
        if !got.is_file() {
            return Err(another(source, &format!("the package has no file `{}` any more", source.archive)));
        }
        write(&place, &read(&got)?)?;
        remove(&work)?;
    }
    let found = Fingerprint::of(&read(&place)?);
    if found.as_str() == source.sha256 {
        return Ok(place);
    }
    remove(&place)?;
    Err(another(source, &format!("`{}` has the SHA-256 {found}", source.archive)))
}

fn download(
    tools: &Tools,
    watch: &mut dyn crate::watch::Watch,
    work: &Path,
    source: &Fetched<'_>,
) -> Result<(), Error> {
    let list = work.join("fugue.list");
    write(&list, sources_list(Path::new("/etc/apt")).as_bytes())?;
    let at = |name: &str, path: PathBuf| ["-o".to_owned(), format!("{name}={}", path.display())];
    let options: Vec<String> = [
        at("Dir::Etc::sourcelist", list),
        at("Dir::Etc::sourceparts", PathBuf::from("/dev/null")),
        at("Dir::State::lists", work.join("lists")),
        at("Dir::Cache", work.join("cache")),
        ["-o", "APT::Sandbox::User=root"].map(str::to_owned),
        ["-o", "Acquire::Retries=3"].map(str::to_owned),
    ]
    .concat();
    let got = work.join("got");
    let mut shop = Shop::new(tools, work.join("log"), watch)?;
    shop.quietly(&Job::new("apt-get", &got).args(&options).args(["-q", "update"]))?;
    let source = ["-q", "source", "--download-only", source.package];
    shop.quietly(&Job::new("apt-get", &got).args(&options).args(source))
}

/// How to do without the network.
fn by_hand(mut error: Error, place: &Path, source: &Fetched<'_>) -> Error {
    for diagnostic in &mut error.diagnostics {
        let Fetched { package, archive, .. } = source;
        diagnostic.helps.push(format!(
            "without a network, lay `{archive}` of Debian's source package `{package}` at `{}`",
            place.display()
        ));
    }
    error
}

/// The distribution has something else than the recipe was written for.
fn another(source: &Fetched<'_>, what: &str) -> Error {
    Error::new(
        failed(format!("the source package `{}` is another than the recipe's", source.package))
            .note(what.to_owned())
            .help("write the package's present archive and SHA-256 into the recipe, `payload.ron`"),
    )
}

/// The machine's own Debian archives, as sources; Debian 12's, if it has none.
fn sources_list(apt: &Path) -> String {
    let mut files = vec![apt.join("sources.list")];
    let parts = apt.join("sources.list.d").read_dir().into_iter().flatten();
    let mut parts: Vec<PathBuf> = parts.filter_map(Result::ok).map(|entry| entry.path()).collect();
    parts.sort();
    files.append(&mut parts);
    let mut list = String::new();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        if file.extension().is_some_and(|extension| extension == "sources") {
            text.split("\n\n").for_each(|stanza| list += &from_stanza(stanza));
        } else {
            text.lines().for_each(|line| list += &from_line(line));
        }
    }
    if list.is_empty() {
        let key = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
        list = format!("deb-src {key} http://deb.debian.org/debian bookworm main\n");
    }
    list
}

/// Whether an address is a mirror of Debian: others have other packages, or no sources.
fn is_debian(address: &str) -> bool {
    let path = address.trim_end_matches('/');
    path.ends_with("/debian") || path.ends_with("/debian-security")
}

/// A line `deb [options] address suite component…` as one of sources.
fn from_line(line: &str) -> String {
    let Some(rest) = line.trim().strip_prefix("deb ") else { return String::new() };
    let after = rest.split_once(']').map_or(rest, |(_, after)| after);
    let address = after.split_whitespace().next().unwrap_or_default();
    if is_debian(address) { format!("deb-src {}\n", rest.trim()) } else { String::new() }
}

/// A stanza of the newer form as lines of the older one, for sources.
fn from_stanza(stanza: &str) -> String {
    let field = |name: &str| {
        let line = stanza.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_default().split_whitespace()
    };
    if !field("Types").any(|kind| kind == "deb") || field("Enabled").any(|word| word == "no") {
        return String::new();
    }
    let key = field("Signed-By").next().map(|key| format!("[signed-by={key}] ")).unwrap_or_default();
    let components: Vec<&str> = field("Components").collect();
    let mut lines = String::new();
    for address in field("URIs").filter(|address| is_debian(address)) {
        for suite in field("Suites") {
            // Writing to a string has no way to fail.
            let _ = writeln!(lines, "deb-src {key}{address} {suite} {}", components.join(" "));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_own_archives_become_sources() {
        let folder = tempfile::tempdir().expect("a folder");
        let apt = folder.path();
        let parts = apt.join("sources.list.d");
        make(&parts).expect("made");
        let old = "# deb http://x/debian a main\ndeb [arch=amd64] http://m/debian/ bookworm main contrib\n\
                   deb https://packages.example/apt stable main\ndeb-src http://m/debian bookworm main\n";
        fs::write(apt.join("sources.list"), old).expect("written");
        let new = "Types: deb\n# a word\nURIs: http://d/debian-security\nSuites: b-security b-more\n\
                   Components: main\nSigned-By: /k.gpg\n\nTypes: deb\nURIs: https://n/node\nSuites: x\nComponents: main\n\n\
                   Types: deb\nEnabled: no\nURIs: http://d/debian\nSuites: y\nComponents: main\n";
        fs::write(parts.join("debian.sources"), new).expect("written");
        assert_eq!(
            sources_list(apt),
            "deb-src [arch=amd64] http://m/debian/ bookworm main contrib\n\
             deb-src [signed-by=/k.gpg] http://d/debian-security b-security main\n\
             deb-src [signed-by=/k.gpg] http://d/debian-security b-more main\n"
        );
        let none = sources_list(Path::new("/nowhere"));
        assert!(none.starts_with("deb-src ") && none.contains("deb.debian.org"), "{none}");
    }
}
