//! What a mistake of syntax may bring about by itself is not told beside it.
//!
//! The parser goes on after a mistake, and mostly reads what was meant: a comma that is missing changes
//! nothing else. But where a bracket is missing, whatever follows may stand in another place than it was
//! written for. Then missing and unknown fields say nothing; they are told once the bracket stands.

use composer_syntax::{Code, Diagnostic, FileId, Group};

/// Leaves out what may only follow from mistakes of syntax in `file`. Answers whether there is such a
/// mistake.
pub(crate) fn without_echoes(diagnostics: &mut Vec<Diagnostic>, file: FileId) -> bool {
    let in_file = |one: &Diagnostic| one.span().is_some_and(|span| span.file == file);
    let unsettled = diagnostics.iter().any(|one| in_file(one) && unsettles(one));
    diagnostics.retain(|one| !(unsettled && in_file(one) && may_echo(one.code)));
    unsettled
}

/// Whether what stands around the mistake may have been read as something else.
fn unsettles(mistake: &Diagnostic) -> bool {
    let contained = match mistake.code {
        // One value is lost, and its place is known.
        Code::BadEscape | Code::BadCharacter | Code::MalformedNumber | Code::UnexpectedCharacter => true,
        Code::NotUtf8 | Code::BadHeader | Code::QuotedField => true,
        // With a fix, the parser went on as if it were carried out.
        Code::ExpectedComma | Code::ExpectedColon | Code::ExpectedValue => mistake.fix.is_some(),
        _ => false,
    };
    mistake.code.group() == Group::Syntax && !contained
}

/// Whether text in a wrong place can look like this mistake.
fn may_echo(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownField
            | Code::DuplicateKey
            | Code::WrongType
            | Code::MissingField
            | Code::UnknownVariant
            | Code::UnknownName
            | Code::EmptySystem
            | Code::UnsatisfiedPort
            | Code::UnknownPort
            | Code::MissingDevice
            | Code::MissingGrant
    )
}
