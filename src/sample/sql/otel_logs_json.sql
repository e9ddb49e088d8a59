-- The exporter's JSON schema (`json: true`): attributes are JSON, with their keys beside them.
CREATE TABLE IF NOT EXISTS {database:Identifier}.{table:Identifier}
(
    Timestamp DateTime64(9) CODEC(Delta, LZ4),
    TraceId String,
    SpanId String,
    TraceFlags UInt8,
    SeverityText LowCardinality(String),
    SeverityNumber UInt8,
    ServiceName LowCardinality(String),
    Body String,
    ResourceSchemaUrl LowCardinality(String),
    ResourceAttributes JSON,
    ResourceAttributesKeys Array(LowCardinality(String)),
    ScopeSchemaUrl LowCardinality(String),
    ScopeName String,
    ScopeVersion LowCardinality(String),
    ScopeAttributes JSON,
    ScopeAttributesKeys Array(LowCardinality(String)),
    LogAttributes JSON,
    LogAttributesKeys Array(LowCardinality(String)),
    EventName String
)
ENGINE = MergeTree
PARTITION BY toDate(Timestamp)
ORDER BY (toStartOfFiveMinutes(Timestamp), ServiceName, Timestamp)
