-- zeude's prompts. An update is a second row with the same `prompt_id`, for the engine replaces nothing.
CREATE TABLE IF NOT EXISTS {database:Identifier}.{table:Identifier}
(
    prompt_id UUID DEFAULT generateUUIDv4(),
    session_id String,
    user_id String,
    user_email LowCardinality(String),
    team LowCardinality(String),
    timestamp DateTime64(3),
    prompt_text String,
    prompt_length UInt32,
    prompt_type LowCardinality(String) DEFAULT 'natural',
    invoked_name String DEFAULT '',
    source LowCardinality(String) DEFAULT 'claude',
    project_path String,
    working_directory String
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(timestamp)
ORDER BY (user_id, timestamp)
