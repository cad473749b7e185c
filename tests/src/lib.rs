//! Whole-system tests: images from specs, their consoles read by a program.
