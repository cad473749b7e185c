//! Running an image: QEMU, its console, reports with symbols, expectations.
