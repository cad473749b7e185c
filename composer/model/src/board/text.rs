//! A board as its file writes it.

use composer_syntax::{
    Address, Decode, Diagnostics, Fields, Keyed, Size, Spanned, Value, Variant, wrong_type,
};
use ppc440::tlb::Attributes;

use crate::system::{Controller, Cpu};

/// `Board(…)`.
pub(super) struct BoardText {
    pub(super) name: Spanned<String>,
    pub(super) about: String,
    pub(super) package: Spanned<String>,
    pub(super) type_name: Spanned<String>,
    pub(super) cpu: Cpu,
    pub(super) cores: Spanned<u8>,
    pub(super) time_base: Spanned<u64>,
    pub(super) memory: Keyed<MemoryText>,
    pub(super) ram_attributes: Attributes,
    pub(super) reserved: Keyed<ReservedText>,
    pub(super) devices: Keyed<DeviceText>,
    pub(super) dcrs: Keyed<DcrsText>,
    pub(super) interrupts: Controller,
    pub(super) stand_ins: Keyed<StandInText>,
    pub(super) kernel: KernelText,
    pub(super) run: RunText,
}

/// A range of RAM.
pub(super) struct MemoryText {
    pub(super) at: u64,
    pub(super) size: u64,
    pub(super) larger: Vec<u64>,
}

/// A reserved range.
pub(super) struct ReservedText {
    pub(super) at: u64,
    pub(super) size: u64,
    pub(super) why: String,
}

/// A device.
pub(super) struct DeviceText {
    pub(super) compatible: String,
    pub(super) at: u64,
    pub(super) size: u64,
    pub(super) irq: Option<u16>,
    pub(super) attributes: Attributes,
    pub(super) grantable: bool,
}

/// A range of device control registers.
pub(super) struct DcrsText {
    pub(super) first: u16,
    pub(super) last: u16,
    pub(super) grantable: bool,
}

/// A component that takes another's place.
pub(super) struct StandInText {
    pub(super) component: Spanned<String>,
    pub(super) devices: Keyed<Spanned<String>>,
}

/// What the kernel is given.
pub(super) struct KernelText {
    pub(super) at: Spanned<Address>,
    pub(super) text: u64,
    pub(super) data: u64,
    pub(super) entry: Option<u64>,
    pub(super) console: Spanned<String>,
}

/// How an image runs.
pub(super) enum RunText {
    Qemu { program: String, machine: String, arguments: Vec<String> },
    Simulator { package: String, arguments: Vec<String> },
    Nowhere { why: String },
}

impl Decode for BoardText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Board", found)?;
        let name = fields.required("name");
        let about = fields.required("about");
        let package = fields.required("crate");
        let type_name = fields.required("type");
        let cpu = fields.required("cpu");
        let cores = fields.required("cores");
        let time_base = fields.required("time_base");
        let memory = fields.required("memory");
        let ram_attributes = fields.or("ram_attributes", AttributeList(Attributes::empty()));
        let reserved = fields.map("reserved");
        let devices = fields.required("devices");
        let dcrs = fields.map("dcrs");
        let interrupts = fields.required("interrupts");
        let stand_ins = fields.map("stand_ins");
        let kernel = fields.required("kernel");
        let run = fields.required("run");
        fields.close();
        Some(Self {
            name: name?,
            about: about?,
            package: package?,
            type_name: type_name?,
            cpu: cpu?,
            cores: cores?,
            time_base: time_base?,
            memory: memory?,
            ram_attributes: ram_attributes.0,
            reserved,
            devices: devices?,
            dcrs,
            interrupts: interrupts?,
            stand_ins,
            kernel: kernel?,
            run: run?,
        })
    }
}

impl Decode for Cpu {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "processor", &["Ppc440Ep", "Ppc450"], found)?;
        variant.unit(found)?;
        Some(if variant.name() == "Ppc450" { Self::Ppc450 } else { Self::Ppc440Ep })
    }
}

impl Decode for MemoryText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Memory", found)?;
        let (at, size) = (fields.required("at"), fields.required("size"));
        let larger: Vec<Size> = fields.or("larger", vec![]);
        fields.close();
        let (Address(at), Size(size)) = (at?, size?);
        Some(Self { at, size, larger: larger.into_iter().map(|Size(size)| size).collect() })
    }
}

impl Decode for ReservedText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Reserved", found)?;
        let (at, size, why) = (fields.required("at"), fields.required("size"), fields.required("why"));
        fields.close();
        let (Address(at), Size(size)) = (at?, size?);
        Some(Self { at, size, why: why? })
    }
}

impl Decode for DeviceText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Device", found)?;
        let compatible = fields.required("compatible");
        let (at, size) = (fields.required("at"), fields.required("size"));
        let irq = fields.optional("irq");
        let attributes: Option<AttributeList> = fields.required("attributes");
        let grantable = fields.or("grantable", true);
        fields.close();
        let (Address(at), Size(size)) = (at?, size?);
        Some(Self { compatible: compatible?, at, size, irq, attributes: attributes?.0, grantable })
    }
}

impl Decode for DcrsText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Dcrs", found)?;
        let (first, last) = (fields.required("first"), fields.required("last"));
        let grantable = fields.or("grantable", true);
        fields.close();
        Some(Self { first: first?, last: last?, grantable })
    }
}

impl Decode for Controller {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Interrupts", found)?;
        let (compatible, lines) = (fields.required("compatible"), fields.required("lines"));
        fields.close();
        Some(Self { compatible: compatible?, lines: lines? })
    }
}

impl Decode for StandInText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "StandIn", found)?;
        let component = fields.required("component");
        let devices = fields.map("devices");
        fields.close();
        Some(Self { component: component?, devices })
    }
}

impl Decode for KernelText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Kernel", found)?;
        let at = fields.required("at");
        let (text, data) = (fields.required("text"), fields.required("data"));
        let entry = fields.optional("entry");
        let console = fields.required("console");
        fields.close();
        let (Size(text), Size(data)) = (text?, data?);
        Some(Self { at: at?, text, data, entry: entry.map(|Address(entry)| entry), console: console? })
    }
}

impl Decode for RunText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "way to run", &["Qemu", "Simulator", "Nowhere"], found)?;
        let mut fields = variant.fields(found)?;
        if variant.name() == "Nowhere" {
            let why = fields.required("why");
            fields.close();
            return Some(Self::Nowhere { why: why? });
        }
        if variant.name() == "Simulator" {
            let package = fields.required("package");
            let arguments = fields.or("arguments", vec![]);
            fields.close();
            return Some(Self::Simulator { package: package?, arguments });
        }
        let program = fields.required("program");
        let machine = fields.required("machine");
        let arguments = fields.or("arguments", vec![]);
        fields.close();
        Some(Self::Qemu { program: program?, machine: machine?, arguments })
    }
}

/// `[I, G]`: storage attributes by the names that the processor's manual gives them.
struct AttributeList(Attributes);

const ATTRIBUTES: [&str; 9] = ["W", "I", "M", "G", "U0", "U1", "U2", "U3", "WL1"];

impl Decode for AttributeList {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let composer_syntax::ValueKind::List(items) = &value.kind else {
            return wrong_type(value, "a list such as `[I, G]`", found);
        };
        let mut all = Attributes::empty();
        for item in items {
            let variant = Variant::open(item, "storage attribute", &ATTRIBUTES, found)?;
            all |= Attributes::from_name(variant.name())?;
        }
        Some(Self(all))
    }
}
