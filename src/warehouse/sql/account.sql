-- Rows: Account, exactly one: what the account may set.
SELECT
    toUInt8OrZero(maxIf(value, name = 'readonly')) AS readonly_level,
    maxIf(readonly, name = 'max_execution_time') AS time_limit_fixed,
    toUInt64(toFloat64OrZero(maxIf(ifNull(max, ''), name = 'max_execution_time'))) AS time_limit_most
FROM system.settings
WHERE name IN ('readonly', 'max_execution_time')
