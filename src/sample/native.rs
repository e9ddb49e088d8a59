//! Columns in ClickHouse's Native format, which the server takes in without parsing rows.
//!
//! Layout after `NativeWriter`, `SerializationLowCardinality` and `SerializationMap` in ClickHouse's source:
//! number of columns and of rows, then each column's name, type, prefix and data.

/// One column's data as it grows.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<u8>);

impl Texts {
    /// Adds a value of type `String`.
    pub fn push(&mut self, text: &str) {
        push_text(&mut self.0, text.as_bytes());
    }

    pub fn push_bytes(&mut self, text: &[u8]) {
        push_text(&mut self.0, text);
    }

    /// Adds a value that is `first` and `second` joined.
    pub fn push_parts(&mut self, first: &str, second: &str) {
        push_number(&mut self.0, first.len() + second.len());
        self.0.extend_from_slice(first.as_bytes());
        self.0.extend_from_slice(second.as_bytes());
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// Numbers that index into a dictionary of names, one byte each.
#[derive(Debug, Default)]
pub(super) struct Indexes(Vec<u8>);

impl Indexes {
    pub fn push(&mut self, index: u8) {
        self.0.push(index);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// Where each row's elements of an array or a map end.
#[derive(Debug, Default)]
pub(super) struct Offsets(Vec<u8>);

impl Offsets {
    pub fn push(&mut self, end: usize) {
        self.0.extend_from_slice(&(end as u64).to_le_bytes());
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// Numbers of a fixed width.
#[derive(Debug, Default)]
pub(super) struct Numbers(Vec<u8>);

impl Numbers {
    pub fn push<const N: usize>(&mut self, bytes: [u8; N]) {
        self.0.extend_from_slice(&bytes);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// The version of the dictionary's layout: shared dictionaries with additional keys.
const DICTIONARY_VERSION: u64 = 1;
/// One-byte indexes, and keys that come with the block.
const DICTIONARY_FLAGS: u64 = 1 << 9;
/// JSON whose rows are text.
const JSON_AS_TEXT: u64 = 1;

/// A block under construction: columns are appended in the order of the `INSERT`'s list.
#[derive(Debug)]
pub(super) struct Block(Vec<u8>);

impl Block {
    pub fn new(columns: usize, rows: usize, capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        push_number(&mut bytes, columns);
        push_number(&mut bytes, rows);
        Self(bytes)
    }

    pub fn numbers(&mut self, header: (&str, &str), numbers: &Numbers) {
        self.header(header);
        self.0.extend_from_slice(&numbers.0);
    }

    pub fn texts(&mut self, header: (&str, &str), texts: &Texts) {
        self.header(header);
        self.0.extend_from_slice(&texts.0);
    }

    pub fn json(&mut self, header: (&str, &str), texts: &Texts) {
        self.header(header);
        self.word(JSON_AS_TEXT);
        self.0.extend_from_slice(&texts.0);
    }

    pub fn dictionary<'a>(
        &mut self,
        header: (&str, &str),
        names: impl ExactSizeIterator<Item = &'a str>,
        of: &Indexes,
    ) {
        self.header(header);
        self.word(DICTIONARY_VERSION);
        self.indexes(names, of);
    }

    pub fn names<'a>(
        &mut self,
        header: (&str, &str),
        offsets: &Offsets,
        names: impl ExactSizeIterator<Item = &'a str>,
        of: &Indexes,
    ) {
        self.header(header);
        self.word(DICTIONARY_VERSION);
        self.0.extend_from_slice(&offsets.0);
        self.indexes(names, of);
    }

    pub fn map<'a>(
        &mut self,
        header: (&str, &str),
        offsets: &Offsets,
        names: impl ExactSizeIterator<Item = &'a str>,
        of: &Indexes,
        values: &Texts,
    ) {
        self.names(header, offsets, names, of);
        self.0.extend_from_slice(&values.0);
    }

    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn header(&mut self, (name, kind): (&str, &str)) {
        push_text(&mut self.0, name.as_bytes());
        push_text(&mut self.0, kind.as_bytes());
    }

    fn indexes<'a>(&mut self, names: impl ExactSizeIterator<Item = &'a str>, of: &Indexes) {
        if of.len() == 0 {
            return;
        }
        self.word(DICTIONARY_FLAGS);
        self.word(names.len() as u64);
        for name in names {
            push_text(&mut self.0, name.as_bytes());
        }
        self.word(of.len() as u64);
        self.0.extend_from_slice(&of.0);
    }

    fn word(&mut self, word: u64) {
        self.0.extend_from_slice(&word.to_le_bytes());
    }
}

fn push_text(bytes: &mut Vec<u8>, text: &[u8]) {
    push_number(bytes, text.len());
    bytes.extend_from_slice(text);
}

/// A number in LEB128.
fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(low_byte(number) | 0x80);
        number >>= 7;
    }
    bytes.push(low_byte(number));
}

fn low_byte(number: usize) -> u8 {
    number.to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_in_leb128() {
        let mut bytes = Vec::new();
        for number in [0, 127, 128, 300] {
            push_number(&mut bytes, number);
        }
        assert_eq!(bytes, [0, 127, 0x80, 1, 0xAC, 2]);
    }
}
