//! The program as an operator meets it.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::Folder;

fn unveil(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unveil"));
    command.env_clear().env("UNVEIL_DATA", data).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_wrong_value_stops_the_start_with_one_line() {
    let data = Folder::new();
    for (name, value) in [
        ("UNVEIL_ADDR", "everywhere"),
        ("DATABASE_URL", "mysql://x"),
        ("SMTP_URL_FILE", "/nowhere"),
        ("UNVEIL_LOG", "loud=="),
    ] {
        let (code, out, err) = run(unveil(&data).arg("serve").env(name, value));
        assert_eq!(code, Some(2), "{name}: {err}");
        assert_eq!((out.as_str(), err.lines().count()), ("", 1), "{name}: {err}");
        assert!(err.starts_with(&format!("unveil: {name}: ")), "{err}");
    }
    assert!(!data.join("unveil.sqlite").exists(), "nothing was touched");
    let (code, _, err) = run(unveil(&data).args(["serve", "--port", "1"]));
    assert_eq!(code, Some(2), "{err}");
}

#[test]
fn every_command_explains_itself_and_the_first_page_is_in_the_readers_language() {
    let data = Folder::new();
    let (code, out, err) = run(unveil(&data).arg("--help").env("LANG", "zh_CN.UTF-8"));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("揭榜"), "{out}");
    let is_english = |line: &&str| line.is_ascii() && line.contains(' ');
    assert_eq!(out.lines().filter(is_english).collect::<Vec<_>>(), Vec::<&str>::new());
    let named = out.lines().skip_while(|line| *line != "命令：").skip(1).take_while(|line| !line.is_empty());
    let mut commands: Vec<Vec<&str>> =
        named.map(|line| vec![line.trim().split(' ').next().unwrap()]).collect();
    assert!(commands.len() > 10, "{out}");
    commands.extend([vec!["import", "challenges"], vec!["export", "scores"], vec!["admin", "create"]]);
    commands.extend([vec!["config", "show"], vec!["rules", "promise"], vec!["verify", "result"]]);
    for line in [&["--bogus"][..], &["--lang", "zh-CN", "rank"], &["rankk"]] {
        let (code, out, err) = run(unveil(&data).args(line).env("UNVEIL_LANG", "zh-CN"));
        assert_eq!((code, out.as_str()), (Some(2), ""));
        assert!(!err.contains("error:") && err.contains("unveil --help"), "{err}");
    }
    for command in &commands {
        let (code, out, err) = run(unveil(&data).args(command).arg("--help"));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{command:?}");
        let is_of_the_server =
            !["rank", "rules", "assign", "draw", "package", "verify"].contains(&command[0]);
        assert_eq!(out.contains("UNVEIL_DATA"), is_of_the_server, "{command:?}: {out}");
        assert!(out.contains("--help"), "{command:?}: {out}");
    }
    assert!(!data.join("unveil.sqlite").exists(), "nothing was touched");
}

#[test]
fn settings_are_shown_with_their_origin_and_without_secrets() {
    let data = Folder::new();
    let (code, out, err) = run(unveil(&data)
        .args(["config", "show", "--addr", "127.0.0.1:4000"])
        .env("UNVEIL_ADDR", "127.0.0.1:5000")
        .env("DATABASE_URL", "postgres://unveil:geheim@db.example.org/unveil?password=geheim")
        .env("SMTP_URL", "smtps://post:geheim@mail.example.org"));
    assert_eq!(code, Some(0), "{err}");
    assert!(!out.contains("geheim"), "{out}");
    let line =
        |name: &str| out.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap().to_owned();
    assert!(line("UNVEIL_ADDR").contains("127.0.0.1:4000") && line("UNVEIL_ADDR").ends_with("flag --addr"));
    assert!(
        line("UNVEIL_BASE_URL").contains("http://127.0.0.1:4000")
            && line("UNVEIL_BASE_URL").ends_with("default")
    );
    assert!(line("DATABASE_URL").ends_with("environment DATABASE_URL"));
    assert!(line("SMTP_URL").contains("smtps://post:***@mail.example.org"));
}

#[test]
fn an_empty_folder_becomes_a_site_with_an_organiser() {
    let folder = Folder::new();
    let data = folder.join("new").join("folder");
    let (code, out, err) = run(unveil(&data).arg("migrate"));
    assert_eq!(code, Some(0), "{err}");
    assert!(!out.starts_with('0'), "{out}");
    assert_eq!(run(unveil(&data).arg("migrate")).1, "0 migrations applied\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let create = |password: &str, email: &str| {
        let mut command = unveil(&data);
        command.args([
            "admin",
            "create",
            "--name",
            "秦瑞",
            "--organisation",
            "市科学技术局",
            "--email",
            email,
        ]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        running.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        let output = running.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(create("12345\n", "rui@office.example").0, Some(1));
    assert_eq!(create("", "rui@office.example").0, Some(1));
    let (code, err) = create("barite lifts the heaviest mud 72\n", "rui@office.example");
    assert_eq!(code, Some(0), "{err}");
    let (code, err) = create("barite lifts the heaviest mud 72\n", "rui@office.example");
    assert_eq!(code, Some(1));
    assert!(err.contains("--email: "), "{err}");
    let (code, out, err) = run(unveil(&data).arg("check"));
    assert_eq!(code, Some(0), "{out}{err}");
}

#[test]
fn a_file_that_cannot_be_imported_is_named() {
    let data = Folder::new();
    let (code, _, err) = run(unveil(&data).args(["import", "challenges", "/nowhere.json"]));
    assert_eq!(code, Some(1));
    assert!(err.contains("/nowhere.json"), "{err}");
}

#[test]
fn it_serves_until_told_to_stop() {
    let data = Folder::new();
    run(unveil(&data).arg("migrate"));
    let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut running =
        unveil(&data).args(["serve", "--addr", &addr.to_string()]).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while std::net::TcpStream::connect(addr).is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "does not listen");
        std::thread::sleep(Duration::from_millis(10));
    }
    let killed = Command::new("kill").args(["-TERM", &running.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let status = running.wait().unwrap();
    assert!(status.success());
}
