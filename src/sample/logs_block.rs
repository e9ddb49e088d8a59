//! Gathers events into blocks of a log table.

use super::{
    attributes::{Sink, Writer},
    event::{Agent, Event},
    key::Key,
    native::{Block, Indexes, Numbers, Offsets, Texts},
    shape::{Plan, Shape},
};

/// Attributes of a column, as a map or as JSON.
#[derive(Debug, Default)]
struct Attributes {
    json: bool,
    offsets: Offsets,
    keys: Indexes,
    count: usize,
    values: Texts,
    row: Vec<u8>,
}

impl Sink for Attributes {
    fn put(&mut self, key: Key, value: &str) {
        self.keys.push(key as u8);
        self.count += 1;
        if self.json {
            self.row.extend_from_slice(if self.row.is_empty() { b"{\"" } else { b",\"" });
            self.row.extend_from_slice(key.name().as_bytes());
            self.row.extend_from_slice(b"\":");
            push_json(&mut self.row, key, value);
        } else {
            self.values.push(value);
        }
    }
}

impl Attributes {
    fn end_row(&mut self) {
        self.offsets.push(self.count);
        if self.json {
            self.row.push(b'}');
            self.values.push_bytes(&self.row);
            self.row.clear();
        }
    }

    fn write(&self, block: &mut Block, columns: &[(&str, &str)]) {
        let names = || Key::ALL.iter().map(|key| key.name());
        if self.json {
            block.json(columns[0], &self.values);
            block.names(columns[1], &self.offsets, names(), &self.keys);
        } else {
            block.map(columns[0], &self.offsets, names(), &self.keys, &self.values);
        }
    }
}

/// The client counts the sequence as a number; everything else it makes text of.
fn push_json(row: &mut Vec<u8>, key: Key, value: &str) {
    if key == Key::EventSequence {
        row.extend_from_slice(value.as_bytes());
        return;
    }
    row.push(b'"');
    for byte in value.bytes() {
        if matches!(byte, b'"' | b'\\') {
            row.push(b'\\');
        }
        row.push(byte);
    }
    row.push(b'"');
}

/// A growing block of a log table.
#[derive(Debug)]
pub(super) struct LogsBlock {
    plan: Plan,
    writer: Writer,
    json: bool,
    bytes: usize,
    timestamps: Numbers,
    services: Indexes,
    bodies: Texts,
    resource: Attributes,
    log: Attributes,
}

const SERVICES: [Agent; 2] = [Agent::ClaudeCode, Agent::Codex];

impl LogsBlock {
    pub fn new(shape: Shape) -> Self {
        let json = shape == Shape::Json;
        let attributes = || Attributes { json, ..Attributes::default() };
        Self {
            plan: shape.logs(),
            writer: Writer::new(shape == Shape::Zeude),
            json,
            bytes: 0,
            timestamps: Numbers::default(),
            services: Indexes::default(),
            bodies: Texts::default(),
            resource: attributes(),
            log: attributes(),
        }
    }

    pub fn push(&mut self, event: &Event) {
        let agent = event.session.agent;
        self.timestamps.push((event.at.timestamp_millis() * 1_000_000).to_le_bytes());
        self.services.push(agent as u8);
        self.bodies.push_parts(agent.prefix(), event.kind.name());
        self.writer.resource(&event.session, &mut self.resource);
        self.resource.end_row();
        self.writer.event(event, &mut self.log);
        self.log.end_row();
    }

    /// The bytes of the block, which holds `rows` rows; afterwards it is empty.
    pub fn take(&mut self, rows: usize) -> Vec<u8> {
        let columns = self.plan.columns;
        let mut block = Block::new(columns.len(), rows, self.bytes);
        block.numbers(columns[0], &self.timestamps);
        block.dictionary(columns[1], SERVICES.iter().map(|agent| agent.service()), &self.services);
        block.texts(columns[2], &self.bodies);
        self.resource.write(&mut block, &columns[3..]);
        self.log.write(&mut block, &columns[if self.json { 5 } else { 4 }..]);
        self.clear();
        let bytes = block.finish();
        self.bytes = bytes.len() + bytes.len() / 8;
        bytes
    }

    fn clear(&mut self) {
        self.timestamps.clear();
        self.services.clear();
        self.bodies.clear();
        for attributes in [&mut self.resource, &mut self.log] {
            attributes.offsets.clear();
            attributes.keys.clear();
            attributes.values.clear();
            attributes.count = 0;
        }
    }
}
