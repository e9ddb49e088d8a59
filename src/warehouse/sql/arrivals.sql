-- Rows: ArrivalsRow, exactly one, of events up to {now:Int64}. A week is told by how many weeks ago: 0 is the last seven days.
SELECT
    count() AS events,
    max(at_ms) AS newest_ms,
    countIf(at_ms >= {end:Int64}) AS since_end,
    -- A bit for each of the weeks 1 to 4.
    toUInt32(bitCount(bitAnd(groupBitOr(week_bit), 30))) AS weeks_with_events,
    toUInt32(bitCount(bitAnd(groupBitOrIf(week_bit, ago % 604800000 <= {now:Int64} - {end:Int64}), 30))) AS weeks_with_events_since
FROM (
    SELECT
        toUnixTimestamp64Milli(Timestamp) AS at_ms,
        {now:Int64} - at_ms AS ago,
        toUInt8(bitShiftLeft(1, intDiv(ago, 604800000))) AS week_bit
    FROM {% include "span.sql" %}
)
