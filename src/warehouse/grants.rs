//! The least privileges for the account, by the columns that shape detection asks for.

use super::shape::{LOGS_COLUMNS, LOGS_TABLES, PROMPTS_COLUMNS, PROMPTS_TABLE, Table, ZEUDE_LOGS_TABLE};
use crate::config;

/// What is asked of ClickHouse about itself; most servers show these to everybody.
const SYSTEM: [(&str, &[&str]); 2] = [
    ("columns", &["database", "table", "name", "type", "position"]),
    ("settings", &["name", "value", "readonly", "max"]),
];

/// The right to read what Recap reads of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Which installations need it, as a clause.
    pub purpose: &'static str,
    /// Quoted, with its database.
    pub table: String,
    /// All that is read of the table.
    pub columns: &'static [&'static str],
    /// Whether keys inside a column are read: ClickHouse, 26.7 at least, does not let the right to a column cover
    /// these (its issue 101423), so the right must be to the table.
    reads_keys: bool,
}

impl Grant {
    /// The statement that grants it to `user`.
    pub fn statement(&self, user: &str) -> String {
        if self.reads_keys {
            return format!("GRANT SELECT ON {} TO {};", self.table, quoted(user));
        }
        self.narrow_statement(user)
    }

    /// The statement for a server on which the right to a column covers its keys, where that makes a difference.
    pub fn narrower(&self, user: &str) -> Option<String> {
        self.reads_keys.then(|| self.narrow_statement(user))
    }

    fn narrow_statement(&self, user: &str) -> String {
        format!("GRANT SELECT({}) ON {} TO {};", self.columns.join(", "), self.table, quoted(user))
    }
}

/// What the account needs for the tables that `settings` name, or for those that are looked for by default.
pub fn grants(settings: &config::ClickHouse) -> Vec<Grant> {
    let mut grants: Vec<Grant> = SYSTEM
        .into_iter()
        .map(|(name, columns)| Grant {
            purpose: "what ClickHouse says of itself; only servers that hide it need the grant",
            table: Table::of(name, "system").quoted(),
            columns,
            reads_keys: false,
        })
        .collect();
    let logs: Vec<&str> = settings.logs_table.as_deref().map_or(LOGS_TABLES.to_vec(), |table| vec![table]);
    for name in &logs {
        let table = Table::of(name, &settings.database);
        let purpose = match (settings.logs_table.is_some(), table.name == ZEUDE_LOGS_TABLE) {
            (false, false) => "the exporter's events, Map or JSON schema",
            (_, true) => "zeude's events",
            (true, false) => "the events of `clickhouse.logs_table`, Map or JSON schema",
        };
        grants.push(Grant { purpose, table: table.quoted(), columns: &LOGS_COLUMNS, reads_keys: true });
    }
    let prompts = match &settings.prompts_table {
        Some(name) => Some(Table::of(name, &settings.database)),
        None => logs
            .iter()
            .map(|name| Table::of(name, &settings.database))
            .find(|table| table.name == ZEUDE_LOGS_TABLE)
            .map(|table| Table { name: PROMPTS_TABLE.into(), ..table }),
    };
    grants.extend(prompts.map(|table| Grant {
        purpose: "zeude's skills; not the text of its prompts",
        table: table.quoted(),
        columns: &PROMPTS_COLUMNS,
        reads_keys: false,
    }));
    grants
}

/// A name as an identifier of ClickHouse's SQL.
pub fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(settings: &[(&str, &str)]) -> Vec<String> {
        let environment =
            settings.iter().map(|(key, value)| (format!("RECAP__CLICKHOUSE__{key}"), (*value).to_owned()));
        let settings = config::Settings::load(None, environment).unwrap().clickhouse;
        grants(&settings).iter().skip(SYSTEM.len()).map(|grant| grant.statement("recap")).collect()
    }

    #[test]
    fn by_default_every_known_table_is_named_and_of_prompts_only_what_is_read() {
        insta::assert_snapshot!(statements(&[]).join("\n"), @r"
        GRANT SELECT ON `default`.`otel_logs` TO `recap`;
        GRANT SELECT ON `default`.`claude_code_logs` TO `recap`;
        GRANT SELECT(prompt_id, session_id, user_id, user_email, timestamp, prompt_type, invoked_name) ON `default`.`ai_prompts` TO `recap`;
        ");
    }

    #[test]
    fn named_tables_are_the_only_ones() {
        let named = statements(&[("LOGS_TABLE", "telemetry.events"), ("DATABASE", "other")]);
        assert_eq!(named.len(), 1);
        assert!(named[0].contains("ON `telemetry`.`events` TO"), "{named:?}");
        let zeude = statements(&[("LOGS_TABLE", "zeude.claude_code_logs")]);
        assert!(zeude[1].contains("ON `zeude`.`ai_prompts` TO"), "{zeude:?}");
        let prompts = statements(&[("PROMPTS_TABLE", "zeude.asked")]);
        assert!(prompts[2].contains("ON `zeude`.`asked` TO"), "{prompts:?}");
    }

    #[test]
    fn no_column_holds_a_prompts_text_and_no_name_breaks_out_of_its_quotes() {
        let all = statements(&[]).join("\n");
        assert!(!all.contains("prompt_text"), "{all}");
        assert_eq!(quoted("re`cap\\"), "`re\\`cap\\\\`");
    }
}
