//! QEMU's bamboo board (PowerPC 440EP).
