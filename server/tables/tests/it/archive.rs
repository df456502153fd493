//! Workbooks as no spreadsheet writes them: an archive of stored parts around a worksheet given as text.

/// A workbook whose sheet `s` has the headings, one sound row, and then `rows`.
pub fn packed(rows: &str) -> Vec<u8> {
    packed_sheet(&sheet_xml(rows))
}

pub fn sheet_xml(rows: &str) -> String {
    let cell = |text: &&str| format!(r#"<c t="str"><v>{text}</v></c>"#);
    let row = |texts: [&str; 5]| format!("<row>{}</row>", texts.iter().map(cell).collect::<String>());
    let head = row(["bid", "reviewer", "innovation", "quality", "scope"]);
    let first = row(["B1", "R1", "90", "80", "1"]);
    format!(r#"<worksheet><dimension ref="A1:E3"/><sheetData>{head}{first}{rows}</sheetData></worksheet>"#)
}

pub fn packed_sheet(sheet: &str) -> Vec<u8> {
    packed_parts(sheet, &[])
}

/// The same with shared texts, stored.
pub fn packed_texts(sheet: &str, texts: &str) -> Vec<u8> {
    packed_parts(sheet, &[Part::stored("xl/sharedStrings.xml", texts)])
}

pub struct Part<'a> {
    pub name: &'a str,
    /// 0: stored, 8: deflated.
    pub method: u8,
    pub unpacked_size: usize,
    /// Of what it unpacks to.
    pub check_sum: u32,
    pub bytes: &'a [u8],
}

impl<'a> Part<'a> {
    pub fn stored(name: &'a str, text: &'a str) -> Self {
        let bytes = text.as_bytes();
        Self { name, method: 0, unpacked_size: text.len(), check_sum: check_sum(bytes), bytes }
    }
}

pub fn packed_parts(sheet: &str, more: &[Part<'_>]) -> Vec<u8> {
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            r#"<Relationships><Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let workbook = format!(
        r#"<workbook xmlns:r="{RELATIONS}"><sheets><sheet name="s" sheetId="1" r:id="a"/></sheets></workbook>"#
    );
    let (links, workbook_links) = (
        relation("a", "officeDocument", "xl/workbook.xml"),
        relation("a", "worksheet", "worksheets/sheet1.xml"),
    );
    let parts = [
        Part::stored("_rels/.rels", &links),
        Part::stored("xl/workbook.xml", &workbook),
        Part::stored("xl/_rels/workbook.xml.rels", &workbook_links),
        Part::stored("xl/worksheets/sheet1.xml", sheet),
    ];
    archive(parts.iter().chain(more))
}

/// An archive (APPNOTE.TXT 6.3.10).
fn archive<'a>(parts: impl Iterator<Item = &'a Part<'a>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    let mut count: u16 = 0;
    for part in parts {
        count += 1;
        let name = part.name;
        let sizes =
            [part.bytes.len(), part.unpacked_size].map(|size| u32::try_from(size).unwrap().to_le_bytes());
        let mut shared = vec![20, 0, 0, 0, part.method, 0, 0, 0, 0, 0];
        shared.extend(part.check_sum.to_le_bytes());
        shared.extend(sizes.concat());
        shared.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        shared.extend([0, 0]);
        directory.extend(*b"PK\x01\x02\x14\x00");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        directory.extend(name.as_bytes());
        bytes.extend(*b"PK\x03\x04");
        bytes.extend(&shared);
        bytes.extend(name.as_bytes());
        bytes.extend(part.bytes);
    }
    let count = count.to_le_bytes();
    let place = [directory.len(), bytes.len()].map(|number| u32::try_from(number).unwrap().to_le_bytes());
    bytes.extend(directory);
    bytes.extend(*b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend(place.concat());
    bytes.extend([0, 0]);
    bytes
}

/// CRC-32 as ZIP uses it.
fn check_sum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 },
        )
    };
    !bytes.iter().fold(u32::MAX, step)
}
