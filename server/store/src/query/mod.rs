//! Reads for screens: bounded statements, always a LIMIT.
