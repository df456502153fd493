//! How a command that needs no database ends: each way has an exit code of its own, so that scripts can tell them
//! apart. The codes are documented in each command's help and in the README.

use std::io::Write as _;
use std::process::ExitCode;

/// The command did what it is for, and this came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// 0.
    Done,
    /// 4: bids tie down to the draw and no seed was given; everything else is there.
    DrawNeeded,
    /// 5: the recomputed result is not the one in the file.
    Differs,
    /// 6: the assignment is as full as it can be, and slots stay empty.
    SlotsMissing,
}

/// Why the command could not do what it is for, in words for the person who called it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// 1: a file cannot be read or written, or nothing can be computed from it.
    Failed(String),
    /// 2: the command line cannot be used.
    Usage(String),
    /// 3: the input has faults, one line each.
    Faults(Vec<String>),
}

impl Ending {
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::DrawNeeded => 4,
            Self::Differs => 5,
            Self::SlotsMissing => 6,
        }
    }
}

impl Stop {
    pub fn code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Faults(_) => 3,
        }
    }

    /// What goes to standard error.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Failed(line) | Self::Usage(line) => vec![format!("unveil: {line}")],
            Self::Faults(lines) => lines.clone(),
        }
    }
}

/// One line on standard error. Where that cannot be written, a full disk for one, the work goes on without it.
pub fn say(line: &str) {
    let _said = writeln!(std::io::stderr().lock(), "{line}");
}

/// Writes what is to be said to standard error and gives the exit code.
pub fn end(outcome: &Result<Ending, Stop>) -> ExitCode {
    match outcome {
        Ok(ending) => ExitCode::from(ending.code()),
        Err(stop) => {
            for line in stop.lines() {
                say(&line);
            }
            ExitCode::from(stop.code())
        }
    }
}
