//! Consecutive numbers for identifiers. Deliberately absent: removal, and any order but that of arrival.

/// Numbers keys from 0 in the order in which they are added; finds the number of a key in constant time on average.
///
/// Keys are taken to be mixed already, as identifiers are: one multiplication spreads them. Whoever makes keys up to
/// collide slows down the ranking of them.
pub(super) struct Numbering {
    keys: Vec<u128>,
    /// Open addressing: a power of two of slots, at most half of them taken, each with a number or [`FREE`].
    slots: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Numbering {
    /// Room for that many keys; more may come.
    pub(super) fn for_about(keys: usize) -> Self {
        Self { keys: Vec::with_capacity(keys), slots: vec![FREE; (2 * keys).max(16).next_power_of_two()] }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether `number` is the key's.
    pub(super) fn has(&self, number: u32, key: u128) -> bool {
        self.keys.get(number as usize) == Some(&key)
    }

    pub(super) fn number(&self, key: u128) -> Option<u32> {
        let (_, found) = self.slot_of(key);
        (found != FREE).then_some(found)
    }

    /// The key's number, and whether it is new.
    #[expect(clippy::indexing_slicing, reason = "slot_of gives a place within slots")]
    pub(super) fn add(&mut self, key: u128) -> (u32, bool) {
        let (slot, found) = self.slot_of(key);
        if found != FREE {
            return (found, false);
        }
        let number = super::count(self.keys.len());
        self.slots[slot] = number;
        self.keys.push(key);
        if 2 * self.keys.len() > self.slots.len() {
            self.grow();
        }
        (number, true)
    }

    #[expect(clippy::indexing_slicing, reason = "slot_of gives a place within slots")]
    fn grow(&mut self) {
        self.slots = vec![FREE; 2 * self.slots.len()];
        for number in 0..self.keys.len() {
            let (slot, _) = self.slot_of(self.keys[number]);
            self.slots[slot] = super::count(number);
        }
    }

    /// Where the key is or would be, and what is there.
    #[expect(clippy::indexing_slicing, reason = "masked to the slots; they hold positions of keys")]
    fn slot_of(&self, key: u128) -> (usize, u32) {
        let mask = self.slots.len() - 1;
        let (low, high) = (key as u64, (key >> 64) as u64);
        let spread = (low ^ high.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut slot = (spread >> 32) as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == FREE || self.keys[found as usize] == key {
                return (slot, found);
            }
            slot = (slot + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_order_and_stay() {
        let mut numbering = Numbering::for_about(1);
        let key = |number: u32| u128::from(number / 2) << (64 * (number % 2));
        for number in 1..2_000 {
            assert_eq!(numbering.number(key(number + 2)), None);
            assert_eq!(numbering.add(key(number + 2)), (number - 1, true));
        }
        for number in 1..2_000 {
            assert_eq!(numbering.number(key(number + 2)), Some(number - 1));
            assert_eq!(numbering.add(key(number + 2)), (number - 1, false));
        }
        assert_eq!(numbering.len(), 1_999);
        assert_eq!(numbering.number(u128::MAX), None);
    }
}
