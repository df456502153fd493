//! `unveil admin create`: the first organiser, who can invite everybody else.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};
use std::process::{Command, Stdio};

use app::catalogue;
use app::text::Locale;
use store::command::account::{Client, admin_create, request_reset};
use store::{Store, StoreError, secret};

use super::Fault;

#[derive(Debug, clap::Args)]
pub struct CreateArgs {
    /// Mail address to sign in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// The authority that organises competitions; made when there is none of this name
    #[arg(long)]
    organisation: String,
    /// Mail a link to choose the password instead of asking for one; it is sent when `unveil serve` runs
    #[arg(long)]
    link: bool,
}

/// Creates the organiser. The password is asked for, or is the first line of standard input.
///
/// # Errors
/// When a value is refused (each is named), or the database does not answer.
pub async fn create(store: &Store, args: &CreateArgs) -> Result<(), Fault> {
    let password = if args.link { secret::new_token() } else { ask()? };
    admin_create(store, &args.email, &args.name, &password, &args.organisation).await.map_err(refused)?;
    println!("{} can sign in as organiser of {}", args.email, args.organisation);
    if args.link {
        request_reset(store, &args.email, &Client::default()).await.map_err(refused)?;
        println!(
            "a letter with a link to choose the password is waiting; `unveil serve` sends it, the link holds 30 minutes"
        );
    }
    Ok(())
}

fn refused(fault: StoreError) -> Fault {
    let lines = fault.refusal().map(|refusal| {
        let fields = refusal
            .fields()
            .iter()
            .map(|error| format!("--{}: {}", error.field, catalogue::problem(Locale::En, &error.problem)));
        let fields: Vec<String> = fields.collect();
        if fields.is_empty() { catalogue::refusal(Locale::En, refusal) } else { fields.join("; ") }
    });
    match lines {
        Some(lines) => Fault::Failed(lines),
        None => fault.into(),
    }
}

fn ask() -> Result<String, Fault> {
    let unreadable = |fault: std::io::Error| Fault::Failed(format!("cannot read the password: {fault}"));
    let is_terminal = stdin().is_terminal();
    if is_terminal {
        let mut out = stderr();
        write!(out, "Password: ").and_then(|()| out.flush()).map_err(unreadable)?;
        show_typing(false);
    }
    let mut line = String::new();
    let read = stdin().lock().read_line(&mut line);
    if is_terminal {
        show_typing(true);
        super::ending::say("");
    }
    read.map_err(unreadable)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Fault::Failed(
            "no password given on standard input; --link mails a link instead".to_owned(),
        ));
    }
    Ok(password.to_owned())
}

/// Where `stty` is missing the password shows while it is typed, which is no reason to refuse it.
fn show_typing(shown: bool) {
    let mode = if shown { "echo" } else { "-echo" };
    let _set = Command::new("stty").arg(mode).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}
