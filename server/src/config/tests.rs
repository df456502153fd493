use super::network::{Network, counted};
use super::*;

fn resolve(change: impl FnOnce(&mut Args)) -> Result<Config, ConfigFault> {
    let mut args = Args::default();
    change(&mut args);
    Config::resolve(&args)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn nothing_given_is_a_program_on_a_laptop() {
    let config = resolve(|_| ()).unwrap();
    assert_eq!(config.http.addr.to_string(), "127.0.0.1:3000");
    assert_eq!(config.http.base_url, "http://127.0.0.1:3000");
    assert!(!config.http.is_secure);
    assert_eq!(config.database.sqlite_file().to_str(), Some("data/unveil.sqlite"));
    assert!(config.mail.smtp.is_none());
    assert_eq!(config.mail.from.to_string(), "Unveil <no-reply@localhost>");
}

#[test]
fn a_wrong_value_is_one_line_that_names_it() {
    type Spoil = fn(&mut Args);
    let cases: [(&str, Spoil); 14] = [
        ("UNVEIL_ADDR", |args| args.http.addr = some("3000")),
        ("UNVEIL_ADDR", |args| args.http.addr = some("localhost\n:x")),
        ("UNVEIL_BASE_URL", |args| args.http.base_url = some("unveil.example.org")),
        ("UNVEIL_BASE_URL", |args| args.http.base_url = some("https://unveil.example.org/path")),
        ("UNVEIL_BASE_URL", |args| args.http.base_url = some("ftp://unveil.example.org")),
        ("UNVEIL_TRUSTED_PROXIES", |args| args.http.trusted_proxies = some("10.0.0.0/8, proxy")),
        ("UNVEIL_TRUSTED_PROXIES", |args| args.http.trusted_proxies = some("10.0.0.0/33")),
        ("UNVEIL_DATA", |args| args.database.data = some("/dev/null")),
        ("DATABASE_URL", |args| args.database.database_url = some("mysql://x")),
        ("DATABASE_URL_FILE", |args| args.database.database_url_file = some("/nowhere/at/all")),
        ("SMTP_URL", |args| args.mail.smtp_url = some("http://mail.example.org")),
        ("SMTP_URL", |args| args.mail.smtp_url = some("smtp://mail.example.org?tls=none")),
        ("UNVEIL_MAIL_FROM", |args| args.mail.mail_from = some("nobody")),
        ("UNVEIL_REQUEST_SECS", |args| args.limits.request_secs = some("0")),
    ];
    for (setting, change) in cases {
        let fault = resolve(change).unwrap_err();
        assert_eq!(fault.setting, setting);
        assert_eq!(fault.to_string().lines().count(), 1, "{fault}");
    }
}

#[test]
fn a_blank_value_is_none() {
    let config = resolve(|args| {
        args.database.database_url = some("");
        args.mail.smtp_url = some(" ");
    });
    let config = config.unwrap();
    assert!(config.database.url.is_none() && config.mail.smtp.is_none());
}

#[test]
fn a_secret_in_a_file_is_read_and_two_sources_are_refused() {
    let file = temporary_file("postgres://unveil:geheim@db/unveil\n");
    let config = resolve(|args| args.database.database_url_file = some(&file)).unwrap();
    let url = config.database.url.unwrap();
    assert_eq!(url.reveal(), "postgres://unveil:geheim@db/unveil");
    assert_eq!(url.masked_url(), "postgres://unveil:***@db/unveil");
    assert_eq!(format!("{url:?}"), "***");
    let both = resolve(|args| {
        args.database.database_url = some("postgres://x/y");
        args.database.database_url_file = some(&file);
    });
    assert_eq!(both.unwrap_err().setting, "DATABASE_URL");
    std::fs::remove_file(file).unwrap();
}

fn temporary_file(text: &str) -> String {
    let path = std::env::temp_dir().join(format!("unveil-secret-{}", uuid::Uuid::new_v4().simple()));
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn only_this_machine_gets_mail_without_encryption() {
    let url = |text: &str| {
        resolve(|args| args.mail.smtp_url = some(text)).unwrap().mail.smtp.unwrap().url.reveal().to_owned()
    };
    assert_eq!(url("smtp://mail.example.org:587"), "smtp://mail.example.org:587?tls=required");
    assert_eq!(url("smtps://u:p%40@mail.example.org/"), "smtps://u:p%40@mail.example.org");
    assert_eq!(url("smtp://127.0.0.1:2525"), "smtp://127.0.0.1:2525");
    assert_eq!(url("smtp://[::1]:2525"), "smtp://[::1]:2525");
}

#[test]
fn a_mask_leaves_neither_password_nor_query() {
    let masked = |text: &str| Secret::new(text).masked_url();
    assert_eq!(masked("postgres://u:p:q@h/db?password=x"), "postgres://u:***@h/db?…");
    assert_eq!(masked("postgres://u@h/db"), "postgres://u@h/db");
    assert_eq!(masked("smtp://u:p@ss@h"), "smtp://u:***@h");
}

#[test]
fn networks_hold_their_addresses() {
    let check = |network: &str, address: &str, expected: bool| {
        let network: Network = network.parse().unwrap();
        assert_eq!(network.contains(address.parse().unwrap()), expected, "{network} {address}");
    };
    check("10.0.0.0/8", "10.1.2.3", true);
    check("10.0.0.0/8", "11.1.2.3", false);
    check("10.0.0.7", "10.0.0.7", true);
    check("10.0.0.7", "::ffff:10.0.0.7", true);
    check("0.0.0.0/0", "1.2.3.4", true);
    check("fd00::/8", "fd12::1", true);
    check("::/0", "1.2.3.4", false);
    assert_eq!(counted("2001:db8:1:2:3:4:5:6".parse().unwrap()), "2001:db8:1:2::/64");
    assert_eq!(counted("::ffff:10.0.0.7".parse().unwrap()), "10.0.0.7");
}
