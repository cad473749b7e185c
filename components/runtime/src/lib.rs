//! What a domain's generated main stands on: system calls, wires, devices, start and panic.
