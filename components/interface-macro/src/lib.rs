//! Derives client, adapter, server twin and dispatcher from an interface trait.
