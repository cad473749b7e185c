//! A console on a 16550 UART, shared by its clients.
