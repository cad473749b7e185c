//! What cargo says to programs.

use std::path::PathBuf;

use serde::Deserialize;

/// One line of `--message-format=json`, as far as composer reads it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "reason")]
pub(super) enum Message {
    /// The compiler said something.
    #[serde(rename = "compiler-message")]
    Diagnostic {
        /// The crate's manifest.
        manifest_path: PathBuf,
        /// What it said.
        message: Said,
    },
    /// Something was compiled, or was still fresh.
    #[serde(rename = "compiler-artifact")]
    Artifact {
        /// What it is.
        target: Target,
        /// The program, if it is one.
        executable: Option<PathBuf>,
    },
    /// Anything else.
    #[serde(other)]
    Other,
}

/// A message of the compiler.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Said {
    /// `error`, `warning` or another.
    pub(super) level: String,
    /// As people read it.
    #[serde(default)]
    pub(super) rendered: Option<String>,
}

/// A crate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Target {
    /// Its name, which is the package's for a program.
    pub(super) name: String,
}

/// Reads one line; None for what is no message, such as a build script's output.
pub(super) fn read(line: &str) -> Option<Message> {
    serde_json::from_str(line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_noise_is_not() {
        let line = r#"{"reason":"compiler-artifact","package_id":"x","target":{"kind":["bin"],"name":"hello-alice"},"executable":"/t/hello-alice","fresh":true}"#;
        assert_eq!(
            read(line),
            Some(Message::Artifact {
                target: Target { name: "hello-alice".into() },
                executable: Some("/t/hello-alice".into())
            })
        );
        assert_eq!(read(r#"{"reason":"build-finished","success":true}"#), Some(Message::Other));
        assert_eq!(read("warning: noise"), None);
    }
}
