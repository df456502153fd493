//! The beginning of what a deflated part unpacks to (RFC 1951), so that it can be looked at before the workbook reader
//! believes it. Deliberately absent: whole parts, check sums, speed; unpacking for real is the reader's.

/// Bits of one code at most (section 3.2.7).
const CODE_MAX: usize = 15;
/// The order in which the lengths of the codes for code lengths stand (section 3.2.7).
const LENGTHS_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// Shortest copy and number of further bits for the symbols 257 to 285, and the same for distances (section 3.2.5).
const COPIES: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];

/// At most `max` bytes of what `packed` unpacks to; fewer where it ends or is damaged.
pub(crate) fn beginning(packed: &[u8], max: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bits = Bits { rest: packed, held: 0, count: 0 };
    while out.len() < max {
        let Some(is_last) = bits.take(1) else { break };
        let unpacked = match bits.take(2) {
            Some(0) => as_it_is(&mut bits, &mut out, max),
            Some(1) => fixed_codes().and_then(|codes| coded(&mut bits, &codes, &mut out, max)),
            Some(2) => own_codes(&mut bits).and_then(|codes| coded(&mut bits, &codes, &mut out, max)),
            _ => None,
        };
        if unpacked.is_none() || is_last == 1 {
            break;
        }
    }
    out
}

/// Bits from the lowest of each byte up.
struct Bits<'a> {
    rest: &'a [u8],
    held: u32,
    count: u8,
}

impl Bits<'_> {
    /// The next `wanted` bits, at most 16.
    fn take(&mut self, wanted: u8) -> Option<u16> {
        while self.count < wanted {
            let (byte, rest) = self.rest.split_first()?;
            self.held |= u32::from(*byte) << self.count;
            self.count += 8;
            self.rest = rest;
        }
        let taken = self.held & ((1 << wanted) - 1);
        self.held >>= wanted;
        self.count -= wanted;
        u16::try_from(taken).ok()
    }
}

/// Symbols by canonical codes (section 3.2.2).
struct Codes {
    /// How many codes have each length.
    counts: [u16; CODE_MAX + 1],
    /// In the order of their codes.
    symbols: Vec<u16>,
}

impl Codes {
    /// From the length of each symbol's code, 0 for none.
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; CODE_MAX + 1];
        let mut symbols = Vec::new();
        for (length, count) in (0_u8..).zip(&mut counts).skip(1) {
            let before = symbols.len();
            let of_length = (0_u16..).zip(lengths).filter(|(_, other)| **other == length);
            symbols.extend(of_length.map(|(symbol, _)| symbol));
            *count = u16::try_from(symbols.len() - before).unwrap_or(u16::MAX);
        }
        Self { counts, symbols }
    }

    fn next(&self, bits: &mut Bits<'_>) -> Option<u16> {
        // Of the codes of one length: this one, the first, and where the first one's symbol stands.
        let (mut code, mut first, mut index): (u32, u32, u32) = (0, 0, 0);
        for count in self.counts.iter().skip(1).map(|count| u32::from(*count)) {
            code |= u32::from(bits.take(1)?);
            if code < first + count {
                let place = index + code.checked_sub(first)?;
                return self.symbols.get(place as usize).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

/// Codes for bytes and copies, and for distances.
type BlockCodes = (Codes, Codes);

fn fixed_codes() -> Option<BlockCodes> {
    let lengths = [[8].repeat(144), [9].repeat(112), [7].repeat(24), [8].repeat(8)].concat();
    Some((Codes::new(&lengths), Codes::new(&[5; 30])))
}

fn own_codes(bits: &mut Bits<'_>) -> Option<BlockCodes> {
    let symbols = usize::from(bits.take(5)?) + 257;
    let distances = usize::from(bits.take(5)?) + 1;
    let given = usize::from(bits.take(4)?) + 4;
    let mut of_lengths = [0; LENGTHS_ORDER.len()];
    for place in LENGTHS_ORDER.iter().take(given) {
        *of_lengths.get_mut(*place)? = u8::try_from(bits.take(3)?).ok()?;
    }
    let codes = Codes::new(&of_lengths);
    let mut lengths: Vec<u8> = Vec::with_capacity(symbols + distances);
    while lengths.len() < symbols + distances {
        let (length, times) = match codes.next(bits)? {
            16 => (*lengths.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (u8::try_from(length).ok()?, 1),
        };
        lengths.extend(std::iter::repeat_n(length, usize::from(times)));
    }
    let (symbols, distances) = lengths.get(..symbols + distances)?.split_at_checked(symbols)?;
    Some((Codes::new(symbols), Codes::new(distances)))
}

fn as_it_is(bits: &mut Bits<'_>, out: &mut Vec<u8>, max: usize) -> Option<()> {
    // Fewer than eight bits are held: the rest of a byte, which is skipped.
    (bits.held, bits.count) = (0, 0);
    let (length, rest) = bits.rest.split_first_chunk()?;
    let (complement, rest) = rest.split_first_chunk()?;
    let length = u16::from_le_bytes(*length);
    if length != !u16::from_le_bytes(*complement) {
        return None;
    }
    let (bytes, rest) = rest.split_at(usize::from(length).min(rest.len()));
    out.extend(bytes.iter().take(max.saturating_sub(out.len())));
    bits.rest = rest;
    (bytes.len() == usize::from(length)).then_some(())
}

fn coded(
    bits: &mut Bits<'_>,
    (symbols, distances): &BlockCodes,
    out: &mut Vec<u8>,
    max: usize,
) -> Option<()> {
    while out.len() < max {
        let symbol = symbols.next(bits)?;
        if let Ok(byte) = u8::try_from(symbol) {
            out.push(byte);
            continue;
        }
        let Some(copy) = usize::from(symbol).checked_sub(257) else { return Some(()) };
        let (length, more) = COPIES.get(copy)?;
        let length = length + bits.take(*more)?;
        let (distance, more) = DISTANCES.get(usize::from(distances.next(bits)?))?;
        let distance = usize::from(*distance) + usize::from(bits.take(*more)?);
        for _ in 0..length {
            let byte = *out.get(out.len().checked_sub(distance)?)?;
            out.push(byte);
        }
    }
    Some(())
}
