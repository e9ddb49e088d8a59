-- Rows: NewestRow, exactly one, of the span.
SELECT
    count() AS events,
    toUnixTimestamp64Milli(max(Timestamp)) AS newest_ms
FROM {% include "span.sql" %}
