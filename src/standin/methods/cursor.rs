//! Opaque cursors: base64 as Slack's are, so a client that forgets to encode `+`, `/` or `=` is found out.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The cursor that stands for `key:value`.
pub(super) fn write(key: &str, value: &str) -> String {
    let plain = format!("{key}:{value}");
    let mut cursor = String::new();
    for chunk in plain.as_bytes().chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, index| bits << 8 | usize::from(*chunk.get(index).unwrap_or(&0)));
        for index in 0..4 {
            let letter = ALPHABET[bits >> (18 - 6 * index) & 63];
            cursor.push(if index <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    cursor
}

/// The value of a cursor that [`write`] made for this key.
pub(super) fn read(key: &str, cursor: &str) -> Option<String> {
    let mut plain = Vec::new();
    for chunk in cursor.as_bytes().chunks(4) {
        let letters: Vec<_> = chunk.iter().take_while(|letter| **letter != b'=').collect();
        let bits = letters
            .iter()
            .try_fold(0_usize, |bits, letter| Some(bits << 6 | ALPHABET.iter().position(|known| known == *letter)?))?;
        let bits = bits << (6 * (4 - letters.len()));
        plain.extend((1..letters.len()).map(|index| u8::try_from(bits >> (24 - 8 * index) & 255).unwrap_or(0)));
    }
    let plain = String::from_utf8(plain).ok()?;
    plain.strip_prefix(key)?.strip_prefix(':').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_base64_and_comes_back() {
        assert_eq!(write("user", "U0G9WFXNZ"), "dXNlcjpVMEc5V0ZYTlo=");
        for value in ["", "U", "U1", "U12", "1512085861000543"] {
            assert_eq!(read("user", &write("user", value)).as_deref(), Some(value));
        }
    }

    #[test]
    fn a_cursor_of_another_kind_or_none_at_all_is_refused() {
        assert_eq!(read("user", &write("next_ts", "1")), None);
        for cursor in ["", "=", "!!!!", "dXNl", "dXNlcjpVMEc5V0ZYTlo "] {
            assert_eq!(read("user", cursor), None, "{cursor}");
        }
    }
}
