//! A challenge brought to a state through real commands.
