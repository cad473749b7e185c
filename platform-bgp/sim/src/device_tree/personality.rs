//! What the boot loader copies out of the personality, and its environment.

use super::Tree;
use crate::personality::Description;
use vm_fdt::Error;

/// Fields of the personality: name, offset, bytes.
type Fields = &'static [(&'static str, usize, usize)];

const HEADER: Fields = &[("crc", 0x000, 2), ("version", 0x002, 1), ("size", 0x003, 1)];

const GROUPS: [(&str, Fields); 4] = [
    (
        "kernel",
        &[
            ("uci", 0x004, 4),
            ("mhz", 0x008, 4),
            ("policy", 0x00C, 4),
            ("process", 0x010, 4),
            ("trace", 0x014, 4),
            ("node", 0x018, 4),
            ("l1", 0x01C, 4),
            ("l2", 0x020, 4),
            ("l3", 0x024, 4),
            ("l3_select", 0x028, 4),
            ("shared_mem", 0x02C, 4),
            ("clockstop0", 0x030, 4),
            ("clockstop1", 0x034, 4),
        ],
    ),
    ("ddr", &[("flags", 0x038, 4), ("size", 0x08C, 2), ("chips", 0x08E, 1), ("cas", 0x08F, 1)]),
    (
        "net",
        &[
            ("blockid", 0x090, 4),
            ("xnodes", 0x094, 1),
            ("ynodes", 0x095, 1),
            ("znodes", 0x096, 1),
            ("xcoord", 0x097, 1),
            ("ycoord", 0x098, 1),
            ("zcoord", 0x099, 1),
            ("psetnum", 0x09A, 2),
            ("psetsize", 0x09C, 4),
            ("rankinpset", 0x0A0, 4),
            ("ionodes", 0x0A4, 4),
            ("rank", 0x0A8, 4),
            ("ionoderank", 0x0AC, 4),
            ("treeroutes", 0x0B0, 32),
        ],
    ),
    (
        "eth",
        &[
            ("mtu", 0x0D0, 2),
            ("emacid", 0x0D2, 6),
            ("ip", 0x0D8, 16),
            ("netmask", 0x0E8, 16),
            ("broadcast", 0x0F8, 16),
            ("gateway", 0x108, 16),
            ("nfsserver", 0x118, 16),
            ("servicenode", 0x128, 16),
            ("nfsexport", 0x138, 32),
            ("nfsmount", 0x158, 32),
            ("securitykey", 0x178, 32),
        ],
    ),
];

/// `/personality` and `/u-boot-env`.
pub(super) fn write(tree: &mut Tree, description: &Description) -> Result<(), Error> {
    let bytes = description.bytes();
    let copy = |tree: &mut Tree, fields: Fields| {
        fields.iter().try_for_each(|(name, at, length)| tree.bytes(name, &bytes[*at..at + length]))
    };
    tree.node("personality", |tree| {
        copy(tree, HEADER)?;
        GROUPS.iter().try_for_each(|(name, fields)| tree.node(name, |tree| copy(tree, fields)))
    })?;
    let [x, y, z] = description.torus.coordinates;
    let nodes: u32 = description.torus.size.iter().map(|nodes| u32::from(*nodes)).product();
    tree.node("u-boot-env", |tree| {
        tree.text("bgp_uci", &format!("{:#010x}", description.identifier()))?;
        for (name, number) in [
            ("bgp_rank", description.rank),
            ("bgp_ionoderank", description.io_node_rank),
            ("bgp_xcoord", x.into()),
            ("bgp_ycoord", y.into()),
            ("bgp_zcoord", z.into()),
            ("bgp_totalnodes", nodes),
        ] {
            tree.text(name, &number.to_string())?;
        }
        tree.text("ipaddr", &description.ethernet.address.to_string())
    })
}
