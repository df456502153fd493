//! The folder `site` in the target folder: everything a browser may fetch as a file, named by its content and
//! compressed beside. The server's build script takes it into the program.
//! Deliberately absent: pages, and any file a person could upload.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;

use crate::sh::{self, Flavour, Outcome, Place};
use crate::{style, wasm};

/// The most a first visit may cost, in bytes of brotli (product figure: 100 KB and 15 KB).
const WASM_BUDGET: usize = 100_000;
const STYLE_BUDGET: usize = 15_000;

/// Hexadecimal digits of the content hash in a name: 64 bits, so two builds never share a name by chance.
const HASH_DIGITS: usize = 16;

/// brotli's best, and its largest window: the files are small and compressed once.
const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;
const BROTLI_BUFFER: usize = 4096;

/// Kinds of files that are compressed already.
const PACKED: [&str; 6] = ["png", "jpg", "webp", "avif", "ico", "woff2"];

/// What came out; sizes in bytes.
pub struct Built {
    /// The name that script and wasm file share.
    pub client_name: String,
    pub wasm: usize,
    pub wasm_brotli: usize,
    pub style: usize,
    pub style_brotli: usize,
}

impl Built {
    /// An error where a first visit costs more than the product allows.
    pub fn within_budget(&self) -> Outcome {
        let over = [("wasm", self.wasm_brotli, WASM_BUDGET), ("style", self.style_brotli, STYLE_BUDGET)]
            .into_iter()
            .filter(|(_, size, budget)| size > budget)
            .map(|(what, size, budget)| format!("{what} is {size} bytes in brotli, the budget is {budget}"))
            .collect::<Vec<_>>();
        if over.is_empty() { Ok(()) } else { Err(over.join("; ")) }
    }
}

/// Builds the site. Files whose content did not change keep their time stamps.
pub fn build(place: &Place, flavour: Flavour) -> Outcome<Built> {
    let _lock = lock(place)?;
    let client = wasm::build(place, flavour)?;
    let style = style::bundle(place)?.into_bytes();
    let mut site = Site { place, written: BTreeSet::new() };
    let client_name = site.add_client(&client)?;
    let style_name = format!("main-{}.css", short_hash(&[&style]));
    let style_brotli = site.add(&format!("pkg/{style_name}"), &style)?;
    let wasm_brotli = site.add(&format!("pkg/{client_name}_bg.wasm"), &client.wasm)?;
    let public = place.root.join("style/public");
    for name in sh::files_below(&public, &[])? {
        site.add(&name, &sh::read(&public.join(&name))?)?;
    }
    site.finish(&client_name, &style_name)?;
    let built = Built { client_name, wasm: client.wasm.len(), wasm_brotli, style: style.len(), style_brotli };
    println!(
        "site: wasm {} bytes, {} in brotli; style {} bytes, {} in brotli",
        built.wasm, built.wasm_brotli, built.style, built.style_brotli
    );
    Ok(built)
}

/// Two builds at once would remove each other's files.
fn lock(place: &Place) -> Outcome<File> {
    sh::make_folder(&place.target)?;
    let path = place.target.join("site.lock");
    let file = File::create(&path).map_err(|fault| format!("cannot make {}: {fault}", path.display()))?;
    file.lock().map_err(|fault| format!("cannot lock {}: {fault}", path.display()))?;
    Ok(file)
}

fn short_hash(parts: &[&[u8]]) -> String {
    sh::sha256(&parts.concat()).chars().take(HASH_DIGITS).collect()
}

struct Site<'a> {
    place: &'a Place,
    written: BTreeSet<String>,
}

impl Site<'_> {
    /// Adds script and snippets, all but the wasm file; gives back the name both files share.
    ///
    /// Leptos names the pair by one word: `<name>.js` and `<name>_bg.wasm`.
    fn add_client(&mut self, client: &wasm::Client) -> Outcome<String> {
        let mut parts = vec![client.script.as_slice(), client.wasm.as_slice()];
        parts.extend(client.snippets.iter().map(|(_, content)| content.as_slice()));
        let name = format!("client-{}", short_hash(&parts));
        let script =
            String::from_utf8_lossy(&client.script).replace("./snippets/", &format!("./{name}-snippets/"));
        self.add(&format!("pkg/{name}.js"), script.as_bytes())?;
        for (path, content) in &client.snippets {
            self.add(&format!("pkg/{name}-snippets/{path}"), content)?;
        }
        Ok(name)
    }

    /// Writes a file and its compressed forms, and gives back its size in brotli.
    fn add(&mut self, path: &str, content: &[u8]) -> Outcome<usize> {
        let file = self.place.site().join(path);
        let changed = sh::write_changed(&file, content)?;
        self.written.insert(path.to_owned());
        if path.rsplit('.').next().is_some_and(|kind| PACKED.contains(&kind)) {
            return Ok(content.len());
        }
        let mut brotli_size = content.len();
        for (ending, compress) in [("br", brotli as fn(&[u8]) -> Outcome<Vec<u8>>), ("gz", gzip)] {
            let packed_path = format!("{path}.{ending}");
            let packed_file = self.place.site().join(&packed_path);
            let kept = if changed { None } else { std::fs::read(&packed_file).ok() };
            let packed = match kept {
                Some(packed) => packed,
                None => compress(content)?,
            };
            sh::write_changed(&packed_file, &packed)?;
            self.written.insert(packed_path);
            if ending == "br" {
                brotli_size = packed.len();
            }
        }
        Ok(brotli_size)
    }

    /// Removes what an earlier build left and writes `manifest.json`, one entry a line: the server's build script has
    /// no JSON parser.
    fn finish(mut self, client: &str, style: &str) -> Outcome {
        let manifest = format!("{{\n  \"client\": \"{client}\",\n  \"css\": \"{style}\"\n}}\n");
        sh::write_changed(&self.place.site().join("manifest.json"), manifest.as_bytes())?;
        self.written.insert("manifest.json".to_owned());
        for path in sh::files_below(&self.place.site(), &[])? {
            if !self.written.contains(&path) {
                let file = self.place.site().join(&path);
                std::fs::remove_file(&file)
                    .map_err(|fault| format!("cannot remove {}: {fault}", file.display()))?;
            }
        }
        Ok(())
    }
}

fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, BROTLI_BUFFER, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(content).and_then(|()| writer.flush()).map_err(|fault| format!("brotli: {fault}"))?;
    drop(writer);
    Ok(packed)
}

fn gzip(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content).and_then(|()| writer.finish()).map_err(|fault| format!("gzip: {fault}"))
}
