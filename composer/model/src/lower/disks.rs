//! Disks of guests.

use super::Lowering;
use crate::spec::{DiskText, VmText};
use crate::system::Disk;

impl Lowering<'_, '_> {
    /// A guest's disks, as large as their files are now.
    pub(super) fn disks(&self, vm: &VmText) -> Option<Vec<Disk>> {
        let disks = vm.disks.entries().map(|entry| {
            let (bytes, image, read_only) = match &entry.value.value {
                DiskText::Blank(size) => (size.value.0, None, false),
                DiskText::File { path, read_only } => {
                    let path = self.draft.folder.join(&path.value);
                    (path.metadata().ok()?.len(), Some(path), *read_only)
                }
            };
            let (name, origin) = (entry.key.value.clone(), self.origin(entry.value.span));
            Some(Disk { name, bytes, image, read_only, origin })
        });
        disks.collect()
    }
}
