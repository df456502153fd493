//! One throw-away PostgreSQL cluster for the whole test process.
//!
//! A small shell owns it: it makes the cluster, starts it, says `ready`, and waits for its standard input to close,
//! which happens whenever and however the test process ends; then it stops the server and removes the folder.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// `initdb` and the server refuse to run as root; these accounts exist for such work.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// $1 folder, $2 folder of the programs ("" when on PATH). Durability is of no use to a test.
const KEEPER: &str = r#"
folder=$1
[ -z "$2" ] || PATH="$2:$PATH"
cd "$folder" || exit 1
stop() {
    pg_ctl stop -D "$folder/cluster" -m immediate >/dev/null 2>&1 </dev/null
    cd / && rm -rf "$folder"
}
initdb -D "$folder/cluster" -U unveil -A trust --locale=C.UTF-8 -E UTF8 --no-sync >"$folder/log" 2>&1 </dev/null \
    && pg_ctl start -w -t 60 -D "$folder/cluster" -l "$folder/log" -o "-c listen_addresses='' -k $folder \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 \
        -c shared_buffers=64MB -c autovacuum=off" >/dev/null 2>&1 </dev/null \
    || { cat "$folder/log" >&2; stop; exit 1; }
echo ready
cat >/dev/null
stop
"#;

/// Address of the server that tests use; started on first use.
pub fn url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("TEST_POSTGRES_URL") {
        Ok(url) if !url.is_empty() => url,
        _ => start(),
    })
}

fn start() -> String {
    static KEEPING: OnceLock<Child> = OnceLock::new();
    let folder = crate::test_db::new_folder("pg");
    let programs = programs();
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEPER, "keeper"]).arg(&folder).arg(&programs);
    keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    // A group of its own: Ctrl-C in the terminal must reach the tests, and only their end the server.
    keeper.process_group(0);
    if std::fs::metadata(&folder).expect("the folder just made").uid() == 0 {
        let (uid, gid) = unprivileged();
        chown(&folder, Some(uid), Some(gid)).expect("root may give a folder away");
        keeper.uid(uid).gid(gid);
    }
    let mut keeping = keeper.spawn().expect("sh");
    let output = keeping.stdout.take().expect("piped");
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("readable");
    assert_eq!(
        line.trim(),
        "ready",
        "PostgreSQL did not start: install it (Debian: apt install postgresql) or set TEST_POSTGRES_URL"
    );
    KEEPING.set(keeping).expect("started once");
    format!("postgres://unveil@localhost/postgres?host={}", folder.display())
}

/// The folder of `initdb`, empty when it is on PATH; the newest of Debian's otherwise.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&path).any(|folder| folder.join("initdb").is_file()) {
        return PathBuf::new();
    }
    let debian = Path::new("/usr/lib/postgresql");
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(debian)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, folder)| folder).unwrap_or_default()
}

fn unprivileged() -> (u32, u32) {
    let accounts = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let ids = |name: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    UNPRIVILEGED.iter().find_map(|name| ids(name)).expect("an account `postgres` or `nobody`")
}
