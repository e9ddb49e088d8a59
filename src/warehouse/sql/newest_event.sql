-- Rows: Newest, exactly one: the newest event of the span in milliseconds since the epoch (0: none), and how many.
SELECT toInt64(if(count() = 0, 0, toUnixTimestamp64Milli(max(Timestamp)))) AS newest_ms, count() AS events
FROM {% include "span.sql" %}
