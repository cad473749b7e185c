//! Toolchains, set-up, cargo, and the image.
