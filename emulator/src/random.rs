//! Random IDs, names and keys.

use aws_lc_rs::rand;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The length of ConductorOne's object ids.
const ID_LENGTH: usize = 27;

const ADJECTIVES: [&str; 8] = [
    "brisk", "calm", "eager", "mellow", "plucky", "quiet", "sturdy", "witty",
];
const ANIMALS: [&str; 8] = [
    "badger", "crane", "heron", "ibex", "lynx", "marmot", "otter", "wren",
];

/// Returns random bytes. If the system's generator fails, the zeros only repeat IDs.
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let _ = rand::fill(&mut bytes);
    bytes
}

fn letters(length: usize) -> String {
    std::iter::repeat_with(|| u32::from_be_bytes(bytes()) as usize % ALPHABET.len())
        .filter_map(|index| ALPHABET.get(index).copied().map(char::from))
        .take(length)
        .collect()
}

/// A new object id.
pub(crate) fn id() -> String {
    letters(ID_LENGTH)
}

/// A new bearer token.
pub(crate) fn token() -> String {
    letters(48)
}

/// A new nonce of an assertion: 32 hexadecimal digits.
pub(crate) fn nonce() -> String {
    format!("{:032x}", u128::from_be_bytes(bytes()))
}

/// A client id in the service's form `{adjective}-{animal}-{number}@{host}/{kind}`.
pub(crate) fn client_id(host: &str, kind: &str) -> String {
    let [first, second, high, low] = bytes();
    let pick = |words: &[&'static str; 8], byte: u8| {
        words
            .get(usize::from(byte % 8))
            .copied()
            .unwrap_or_default()
    };
    let number = 10_000 + u32::from(u16::from_be_bytes([high, low]));
    format!(
        "{}-{}-{number}@{host}/{kind}",
        pick(&ADJECTIVES, first),
        pick(&ANIMALS, second)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_the_services() {
        let (one, other) = (id(), id());
        assert_eq!(one.len(), 27);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(one, other);
    }
}
