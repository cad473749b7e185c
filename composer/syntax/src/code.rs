//! The one table of diagnostic codes.
//!
//! To add a code, add a line here and the page `composer/diagnostics/pages/FNNNN.md`. A test there
//! fails while a code has no page, and one in `tests/` while a code of a spec has no fixture. Numbers
//! are never given out again: people search the web for them.

use std::fmt;

/// The hundreds of a code: which part of a system is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// F00xx: the text is not RON.
    Syntax,
    /// F01xx: the value does not have the shape that is asked for.
    Shape,
    /// F02xx: instances, ports and wires.
    Wiring,
    /// F03xx: memory and layout.
    Memory,
    /// F04xx: devices and grants.
    Devices,
    /// F05xx: manifests and interfaces.
    Components,
    /// F09xx: the environment, and the tool itself.
    Environment,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $title:literal;)*) => {
        /// What a diagnostic is about. `composer explain` has a page for each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = concat!("F", stringify!($number), ": ", $title, ".")] $name = $number,)*
        }

        impl Code {
            /// Every code, in ascending order of numbers.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// What the code stands for, in a few words without an article.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }
        }
    };
}

codes! {
    NotUtf8 = 0001, "file is not UTF-8";
    FileTooLarge = 0002, "file is too large";
    UnexpectedCharacter = 0003, "character has no meaning here";
    UnterminatedLiteral = 0004, "string or character is not ended";
    UnterminatedComment = 0005, "block comment is not ended";
    BadEscape = 0006, "escape sequence is not known";
    BadCharacter = 0007, "character literal does not hold one character";
    MalformedNumber = 0008, "number is malformed";
    UnclosedBracket = 0009, "bracket is not closed";
    UnmatchedBracket = 0010, "closing bracket matches no opening one";
    ExpectedValue = 0011, "value is missing";
    ExpectedComma = 0012, "comma is missing";
    ExpectedColon = 0013, "colon is missing";
    MixedFields = 0014, "named and positional fields are mixed";
    TrailingText = 0015, "text follows the end of the document";
    NestedTooDeeply = 0016, "values are nested too deeply";
    BadHeader = 0017, "header is not known";
    EmptyDocument = 0018, "file holds no value";
    QuotedField = 0019, "field name stands in quotes";

    UnknownField = 0101, "field is not known";
    DuplicateKey = 0102, "key or field is given twice";
    WrongType = 0103, "value is of another type";
    BadNumber = 0104, "number is out of range";
    BadUnit = 0105, "unit is not known";
    MissingField = 0106, "field is missing";
    UnknownVariant = 0107, "variant is not known";
    UnknownName = 0108, "name is not known";
    BadName = 0109, "name is not allowed";
    NameClash = 0110, "two names become one in Rust";
    EmptySystem = 0111, "system has no instances";

    UnsatisfiedPort = 0201, "required port is not wired";
    InterfaceMismatch = 0202, "ends of a wire speak different interfaces";
    VersionMismatch = 0203, "ends of a wire speak different versions";
    UnknownPort = 0204, "component has no such port";
    NotAProvider = 0205, "wire ends at an instance that provides nothing";
    SelfWire = 0207, "instance is wired to itself";
    DirectCycle = 0208, "direct wires form a cycle";
    CallCycle = 0209, "calls can deadlock";
    TwoActive = 0210, "two active instances share a domain";
    ActiveServes = 0211, "domain of an active instance cannot serve";
    UnusedInstance = 0212, "nothing ever enters an instance";
    TooManySignals = 0213, "domain needs too many notification bits";
    CallInsideDomain = 0214, "call stays inside its domain";
    DirectAcrossDomains = 0215, "direct wire joins two domains";
    DomainDisagrees = 0216, "instances of a domain disagree";
    PriorityInversion = 0217, "server of a ring runs below its client";
    HandlesItself = 0220, "domain handles its own faults";
    FaultCycle = 0221, "handling a fault can deadlock";
    BadBudget = 0222, "budget cannot be kept";
    Overcommitted = 0223, "budgets promise more than the core has";

    DoublyClaimed = 0301, "memory is claimed twice";
    DoesNotFit = 0302, "memory does not fit";
    WritableAndExecutable = 0303, "memory is both writable and executable";
    TooMany = 0304, "more of something than can be numbered";
    RegionTooSmall = 0310, "region is too small for its port";
    BadPin = 0311, "region cannot be placed there";
    UnusedRegion = 0312, "region is never used";
    SmallStack = 0313, "stack is smaller than the component needs";
    StackOverflow = 0314, "stack can overflow";
    UnboundedStack = 0315, "nobody can say how deep a stack gets";
    TlbFull = 0316, "pinned pages do not fit the TLB";

    MissingDevice = 0401, "device port has no device";
    WrongDevice = 0402, "device has another programming model";
    DeviceTaken = 0403, "device has two owners";
    KernelDevice = 0404, "device belongs to the kernel";
    SharedPage = 0405, "devices of two owners share a page";
    MissingGrant = 0406, "grant port has no grant";
    WrongGrant = 0407, "grant is not what its port asks for";
    SelfControl = 0408, "domain is granted control over itself";
    MissingVm = 0409, "virtual machine is not described";
    NeedlessVm = 0410, "component runs no virtual machine";
    GuestMemory = 0411, "guest cannot have so much memory";
    GuestFile = 0412, "file of a guest is not there";
    BadDisk = 0413, "guest cannot have such a disk";
    BadAddress = 0414, "guest cannot have that network address";
    SharedAddress = 0415, "two guests have one network address";

    ManifestName = 0501, "manifest names another component than its directory";
    BadInterface = 0502, "interface is not written as Name@version";
    PortClash = 0503, "two ports of a component share a name";
    BadThreads = 0504, "threads of a component do not fit together";
    BadDefault = 0505, "default of a config field is outside its range";
    ProvidedTwice = 0506, "component provides one interface twice";
    ActiveProvider = 0507, "component with a thread provides an interface";
    CrateDiffers = 0508, "manifest describes another crate than the one beside it";
    UnknownInterface = 0510, "interface is not known";
    InterfaceVersion = 0511, "interface has another version";
    InterfaceMistake = 0512, "interface cannot be used as it is written";
    BadBoard = 0520, "board description contradicts itself";

    CannotRead = 0901, "file cannot be read";
    ToolMissing = 0902, "tool is missing";
    InstallFailed = 0903, "package cannot be installed";
    NoTargetCompiler = 0904, "no compiler for the node is found";
    NoCheckout = 0905, "no checkout of Fugue is found";
    CrateError = 0906, "crate of the system does not compile";
    GeneratedError = 0907, "generated code does not compile";
    BadOutput = 0908, "linked program is not as it should be";
    CannotWrite = 0909, "file cannot be written";
    CannotRun = 0910, "image cannot run here";
    MachineFailed = 0911, "machine does not start";
    CargoFailed = 0912, "cargo does not get as far as compiling";
    BadPattern = 0913, "pattern is not a regular expression";
    BenchFailed = 0914, "benchmark gives no figure";
    PayloadFailed = 0915, "payload cannot be prepared";
    BadPayload = 0916, "kernel or initial file system cannot be used";
    UnknownPayload = 0917, "there is no such payload";
    UnknownConsole = 0918, "no such instance shares the console";
}

impl Code {
    /// The number behind the `F`.
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The part of a system that the code belongs to.
    pub fn group(self) -> Group {
        match self.number() / 100 {
            0 => Group::Syntax,
            1 => Group::Shape,
            2 => Group::Wiring,
            3 => Group::Memory,
            4 => Group::Devices,
            5 => Group::Components,
            _ => Group::Environment,
        }
    }

    /// The code that a person wrote as `F0101`, `f101` or `101`.
    pub fn find(written: &str) -> Option<Code> {
        let digits = written.trim().trim_start_matches(['F', 'f']);
        let number: u16 = digits.parse().ok()?;
        Code::ALL.iter().copied().find(|code| code.number() == number)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "F{:04}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_read_back() {
        assert!(Code::ALL.is_sorted());
        for &code in Code::ALL {
            assert_eq!(Code::find(&code.to_string()), Some(code));
        }
        assert_eq!(Code::find("f101"), Some(Code::UnknownField));
        assert_eq!(Code::find("F7777"), None);
    }
}
