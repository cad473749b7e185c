//! The table: opcodes with a displacement or an immediate, branches, the condition register.
//!
//! Every other instruction stands in the two tables that this one continues with.

use crate::encoding::{Class, Row};
use crate::table_double::double_instructions;
use crate::table_extended::extended_instructions;

/// Turns the rows into [`Op`] and [`ROWS`], in the same order.
macro_rules! define {
    ($($op:ident $mnemonic:literal $encoding:expr, $operands:literal, $class:ident $(, $privileged:ident)?;)*) => {
        /// An instruction by name. Suffixes (`.`, `o`, `l`, `a`) are fields of the word, not names of their own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        #[allow(missing_docs, reason = "each is named by its mnemonic")]
        pub enum Op { $($op),* }

        impl Op {
            /// Every instruction, in the table's order.
            pub const ALL: &[Self] = &[$(Self::$op),*];

            /// What the table says about the instruction.
            #[inline]
            pub fn row(self) -> &'static Row {
                &ROWS[self as usize]
            }
        }

        pub(crate) static ROWS: &[Row] = &[$(Row {
            op: Op::$op,
            mnemonic: $mnemonic,
            encoding: { use crate::encoding::*; let encoding: Encoding = $encoding; encoding },
            operands: $operands,
            class: Class::$class,
            privileged: false $(|| stringify!($privileged).len() > 0)?,
        }),*];
    };
}

/// Hands the rows of this file and whatever has been collected to [`define`].
macro_rules! instructions {
    ($($collected:tt)*) => {
        define! {
            Twi     "twi"     d(3),        "to,ra,si",       Branch;
            Mulli   "mulli"   d(7),        "rt,ra,si",       Integer;
            Subfic  "subfic"  d(8),        "rt,ra,si",       Integer;
            Cmpli   "cmpli"   d(10),       "bf,l,ra,ui",     Integer;
            Cmpi    "cmpi"    d(11),       "bf,l,ra,si",     Integer;
            Addic   "addic"   d(12),       "rt,ra,si",       Integer;
            AddicRecord "addic." d(13),    "rt,ra,si",       Integer;
            Addi    "addi"    d(14),       "rt,ra0,si",      Integer;
            Addis   "addis"   d(15),       "rt,ra0,sis",     Integer;
            Bc      "bc"      b(16),       "bo,bi,bd",       Branch;
            Sc      "sc"      sc(),        "lev",           Branch;
            B       "b"       b(18),       "li",             Branch;
            Rlwimi  "rlwimi"  m(20),       "ra,rs,sh,mb,me", Integer;
            Rlwinm  "rlwinm"  m(21),       "ra,rs,sh,mb,me", Integer;
            Rlwnm   "rlwnm"   m(23),       "ra,rs,rb,mb,me", Integer;
            Ori     "ori"     d(24),       "ra,rs,ui",       Integer;
            Oris    "oris"    d(25),       "ra,rs,ui",       Integer;
            Xori    "xori"    d(26),       "ra,rs,ui",       Integer;
            Xoris   "xoris"   d(27),       "ra,rs,ui",       Integer;
            AndiRecord  "andi."  d(28),    "ra,rs,ui",       Integer;
            AndisRecord "andis." d(29),    "ra,rs,ui",       Integer;
            Lwz     "lwz"     d(32),       "rt,d",           Load;
            Lwzu    "lwzu"    d(33),       "rt,d",           Load;
            Lbz     "lbz"     d(34),       "rt,d",           Load;
            Lbzu    "lbzu"    d(35),       "rt,d",           Load;
            Stw     "stw"     d(36),       "rt,d",           Store;
            Stwu    "stwu"    d(37),       "rt,d",           Store;
            Stb     "stb"     d(38),       "rt,d",           Store;
            Stbu    "stbu"    d(39),       "rt,d",           Store;
            Lhz     "lhz"     d(40),       "rt,d",           Load;
            Lhzu    "lhzu"    d(41),       "rt,d",           Load;
            Lha     "lha"     d(42),       "rt,d",           Load;
            Lhau    "lhau"    d(43),       "rt,d",           Load;
            Sth     "sth"     d(44),       "rt,d",           Store;
            Sthu    "sthu"    d(45),       "rt,d",           Store;
            Lmw     "lmw"     d(46),       "rt,d",           Load;
            Stmw    "stmw"    d(47),       "rt,d",           Store;
            Lfs     "lfs"     d(48),       "ft,d",           Float;
            Lfsu    "lfsu"    d(49),       "ft,d",           Float;
            Lfd     "lfd"     d(50),       "ft,d",           Float;
            Lfdu    "lfdu"    d(51),       "ft,d",           Float;
            Stfs    "stfs"    d(52),       "ft,d",           Float;
            Stfsu   "stfsu"   d(53),       "ft,d",           Float;
            Stfd    "stfd"    d(54),       "ft,d",           Float;
            Stfdu   "stfdu"   d(55),       "ft,d",           Float;

            Mcrf    "mcrf"    x(19, 0),    "bf,bfa",         Condition;
            Bclr    "bclr"    xl(19, 16),  "bo,bi,bh",         Branch;
            Crnor   "crnor"   x(19, 33),   "bt,ba,bb",       Condition;
            Rfmci   "rfmci"   x(19, 38),   "",               System, supervisor;
            Rfi     "rfi"     x(19, 50),   "",               System, supervisor;
            Rfci    "rfci"    x(19, 51),   "",               System, supervisor;
            Crandc  "crandc"  x(19, 129),  "bt,ba,bb",       Condition;
            Isync   "isync"   x(19, 150),  "",               System;
            Crxor   "crxor"   x(19, 193),  "bt,ba,bb",       Condition;
            Crnand  "crnand"  x(19, 225),  "bt,ba,bb",       Condition;
            Crand   "crand"   x(19, 257),  "bt,ba,bb",       Condition;
            Creqv   "creqv"   x(19, 289),  "bt,ba,bb",       Condition;
            Crorc   "crorc"   x(19, 417),  "bt,ba,bb",       Condition;
            Cror    "cror"    x(19, 449),  "bt,ba,bb",       Condition;
            Bcctr   "bcctr"   xl(19, 528), "bo,bi,bh",         Branch;
            $($collected)*
        }
    };
}

/// Collects the rows of the two other files.
macro_rules! with_extended {
    ($($collected:tt)*) => { extended_instructions! { instructions [$($collected)*] } };
}

double_instructions! { with_extended [] }
