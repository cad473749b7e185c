//! Payloads as their users ask for them, on a recipe whose compilers are scripts.

mod requests;
mod stages;
mod workshop;
