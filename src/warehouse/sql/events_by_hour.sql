-- Rows: HourRow, one per hour with an event, newest first: how many events, and the newest in milliseconds since the epoch.
SELECT
    intDiv(toUnixTimestamp64Milli(Timestamp), 3600000) * 3600000 AS hour_ms,
    count() AS events,
    max(toUnixTimestamp64Milli(Timestamp)) AS newest_ms
FROM {% include "span.sql" %}
GROUP BY hour_ms
ORDER BY hour_ms DESC
