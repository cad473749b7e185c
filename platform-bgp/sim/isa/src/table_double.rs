//! The table, continued: the Double Hummer, IBM's pair of floating-point units, in opcodes 0, 4 and 31.
//!
//! Numbers are those of the published LLVM and ROSE tables. Where another decoder differs (opcode 4 with
//! 28 to 30; `fsmtp` and `fsmfp`) these two agree with each other and cite IBM's document; `stfssux` is 686,
//! which fits the distance of 32 of every other form with update.

/// Hands its rows, after those in the brackets, to the macro that is named first.
macro_rules! double_instructions {
    ($next:ident [$($collected:tt)*]) => { $next! {
        Lfssx      "lfssx"      x(31, 142),  "ft,ra0,rb",     Double;
        Lfssux     "lfssux"     x(31, 174),  "ft,ra,rb",      Double;
        Lfsdx      "lfsdx"      x(31, 206),  "ft,ra0,rb",     Double;
        Lfsdux     "lfsdux"     x(31, 238),  "ft,ra,rb",      Double;
        Lfxsx      "lfxsx"      x(31, 270),  "ft,ra0,rb",     Double;
        Lfxsux     "lfxsux"     x(31, 302),  "ft,ra,rb",      Double;
        Lfxdx      "lfxdx"      x(31, 334),  "ft,ra0,rb",     Double;
        Lfxdux     "lfxdux"     x(31, 366),  "ft,ra,rb",      Double;
        Lfpsx      "lfpsx"      x(31, 398),  "ft,ra0,rb",     Double;
        Lfpsux     "lfpsux"     x(31, 430),  "ft,ra,rb",      Double;
        Lfpdx      "lfpdx"      x(31, 462),  "ft,ra0,rb",     Double;
        Lfpdux     "lfpdux"     x(31, 494),  "ft,ra,rb",      Double;
        Stfpiwx    "stfpiwx"    x(31, 526),  "ft,ra0,rb",     Double;
        Stfssx     "stfssx"     x(31, 654),  "ft,ra0,rb",     Double;
        Stfssux    "stfssux"    x(31, 686),  "ft,ra,rb",      Double;
        Stfsdx     "stfsdx"     x(31, 718),  "ft,ra0,rb",     Double;
        Stfsdux    "stfsdux"    x(31, 750),  "ft,ra,rb",      Double;
        Stfxsx     "stfxsx"     x(31, 782),  "ft,ra0,rb",     Double;
        Stfxsux    "stfxsux"    x(31, 814),  "ft,ra,rb",      Double;
        Stfxdx     "stfxdx"     x(31, 846),  "ft,ra0,rb",     Double;
        Stfxdux    "stfxdux"    x(31, 878),  "ft,ra,rb",      Double;
        Stfpsx     "stfpsx"     x(31, 910),  "ft,ra0,rb",     Double;
        Stfpsux    "stfpsux"    x(31, 942),  "ft,ra,rb",      Double;
        Stfpdx     "stfpdx"     x(31, 974),  "ft,ra0,rb",     Double;
        Stfpdux    "stfpdux"    x(31, 1006), "ft,ra,rb",      Double;
        Fpsel      "fpsel"      an(0, 5),    "ft,fa,fc,fb",   Double;
        Fpmul      "fpmul"      an(0, 8),    "ft,fa,fc",      Double;
        Fxmul      "fxmul"      an(0, 9),    "ft,fa,fc",      Double;
        Fxpmul     "fxpmul"     an(0, 10),   "ft,fa,fc",      Double;
        Fxsmul     "fxsmul"     an(0, 11),   "ft,fa,fc",      Double;
        Fpadd      "fpadd"      an(0, 12),   "ft,fa,fb",      Double;
        Fpsub      "fpsub"      an(0, 13),   "ft,fa,fb",      Double;
        Fpre       "fpre"       an(0, 14),   "ft,fb",         Double;
        Fprsqrte   "fprsqrte"   an(0, 15),   "ft,fb",         Double;
        Fpmadd     "fpmadd"     an(0, 16),   "ft,fa,fc,fb",   Double;
        Fxmadd     "fxmadd"     an(0, 17),   "ft,fa,fc,fb",   Double;
        Fxcpmadd   "fxcpmadd"   an(0, 18),   "ft,fa,fc,fb",   Double;
        Fxcsmadd   "fxcsmadd"   an(0, 19),   "ft,fa,fc,fb",   Double;
        Fpnmadd    "fpnmadd"    an(0, 20),   "ft,fa,fc,fb",   Double;
        Fxnmadd    "fxnmadd"    an(0, 21),   "ft,fa,fc,fb",   Double;
        Fxcpnmadd  "fxcpnmadd"  an(0, 22),   "ft,fa,fc,fb",   Double;
        Fxcsnmadd  "fxcsnmadd"  an(0, 23),   "ft,fa,fc,fb",   Double;
        Fpmsub     "fpmsub"     an(0, 24),   "ft,fa,fc,fb",   Double;
        Fxmsub     "fxmsub"     an(0, 25),   "ft,fa,fc,fb",   Double;
        Fxcpmsub   "fxcpmsub"   an(0, 26),   "ft,fa,fc,fb",   Double;
        Fxcsmsub   "fxcsmsub"   an(0, 27),   "ft,fa,fc,fb",   Double;
        Fpnmsub    "fpnmsub"    an(0, 28),   "ft,fa,fc,fb",   Double;
        Fxnmsub    "fxnmsub"    an(0, 29),   "ft,fa,fc,fb",   Double;
        Fxcpnmsub  "fxcpnmsub"  an(0, 30),   "ft,fa,fc,fb",   Double;
        Fxcsnmsub  "fxcsnmsub"  an(0, 31),   "ft,fa,fc,fb",   Double;
        Fpmr       "fpmr"       x(0, 32),    "ft,fb",         Double;
        Fpabs      "fpabs"      x(0, 96),    "ft,fb",         Double;
        Fpneg      "fpneg"      x(0, 160),   "ft,fb",         Double;
        Fprsp      "fprsp"      x(0, 192),   "ft,fb",         Double;
        Fpnabs     "fpnabs"     x(0, 224),   "ft,fb",         Double;
        Fsmr       "fsmr"       x(0, 288),   "ft,fb",         Double;
        Fscmp      "fscmp"      x(0, 320),   "bf,fa,fb",      Double;
        Fsabs      "fsabs"      x(0, 352),   "ft,fb",         Double;
        Fsneg      "fsneg"      x(0, 416),   "ft,fb",         Double;
        Fsnabs     "fsnabs"     x(0, 480),   "ft,fb",         Double;
        Fxmr       "fxmr"       x(0, 544),   "ft,fb",         Double;
        Fpctiw     "fpctiw"     x(0, 576),   "ft,fb",         Double;
        Fpctiwz    "fpctiwz"    x(0, 704),   "ft,fb",         Double;
        Fsmtp      "fsmtp"      x(0, 800),   "ft,fb",         Double;
        Fsmfp      "fsmfp"      x(0, 928),   "ft,fb",         Double;
        Fxcpnpma   "fxcpnpma"   an(4, 24),   "ft,fa,fc,fb",   Double;
        Fxcsnpma   "fxcsnpma"   an(4, 25),   "ft,fa,fc,fb",   Double;
        Fxcpnsma   "fxcpnsma"   an(4, 26),   "ft,fa,fc,fb",   Double;
        Fxcsnsma   "fxcsnsma"   an(4, 27),   "ft,fa,fc,fb",   Double;
        Fxcxma     "fxcxma"     an(4, 28),   "ft,fa,fc,fb",   Double;
        Fxcxnpma   "fxcxnpma"   an(4, 29),   "ft,fa,fc,fb",   Double;
        Fxcxnsma   "fxcxnsma"   an(4, 30),   "ft,fa,fc,fb",   Double;
        Fxcxnms    "fxcxnms"    an(4, 31),   "ft,fa,fc,fb",   Double;
        $($collected)*
    } };
}
pub(crate) use double_instructions;
