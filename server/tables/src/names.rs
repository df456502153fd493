//! From a name in a table to the id the engine works with. Deliberately absent: knowing whether a name exists.

use domain::id::{BidId, PersonId};
use sha2::{Digest, Sha256};

/// A bid's id: the text of a UUID is that UUID, any other name is the first sixteen bytes of
/// SHA-256(`unveil:bid:` and the name, UTF-8). The same name gives the same id on every machine.
pub fn bid_id(name: &str) -> BidId {
    BidId(uuid_of("unveil:bid:", name))
}

/// A reviewer's id: as [`bid_id`], with `unveil:reviewer:`.
pub fn reviewer_id(name: &str) -> PersonId {
    PersonId(uuid_of("unveil:reviewer:", name))
}

fn uuid_of(prefix: &str, name: &str) -> uuid::Uuid {
    if let Ok(id) = name.parse() {
        return id;
    }
    let digest: [u8; 32] = Sha256::new().chain_update(prefix).chain_update(name).finalize().into();
    let (head, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
    uuid::Uuid::from_bytes(*head)
}
