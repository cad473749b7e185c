//! Where everything lies: the interval map, allocation before and after linking, the lowered tables.
