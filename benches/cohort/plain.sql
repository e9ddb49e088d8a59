-- What a person would write by hand: sessions, cost and tokens per person, rows that were delivered twice counted once;
-- of prompts, which only show a session, one a day.
SELECT email, uniqExact(session) AS sessions, sum(cost) AS cost, sum(input) AS input, sum(output) AS output, sum(cache_read) AS cache_read, sum(cache_creation) AS cache_creation
FROM (
    SELECT max(email) AS email, max(session) AS session, max(cost) AS cost, max(input) AS input, max(output) AS output, max(cache_read) AS cache_read, max(cache_creation) AS cache_creation
    FROM (
        SELECT
            lower(LogAttributes['user.email']) AS email,
            LogAttributes['session.id'] AS session,
            toFloat64OrZero(LogAttributes['cost_usd']) AS cost,
            toFloat64OrZero(LogAttributes['input_tokens']) AS input,
            toFloat64OrZero(LogAttributes['output_tokens']) AS output,
            toFloat64OrZero(LogAttributes['cache_read_tokens']) AS cache_read,
            toFloat64OrZero(LogAttributes['cache_creation_tokens']) AS cache_creation,
            multiIf(Body = 'claude_code.user_prompt', sipHash128(LogAttributes['user.email'], LogAttributes['session.id'], toDate(Timestamp)),
                LogAttributes['request_id'] != '', sipHash128(LogAttributes['request_id']),
                sipHash128(LogAttributes['session.id'], LogAttributes['event.timestamp'], LogAttributes['event.sequence'],
                    LogAttributes['model'], LogAttributes['input_tokens'], LogAttributes['output_tokens'],
                    LogAttributes['cache_read_tokens'], LogAttributes['cache_creation_tokens'],
                    LogAttributes['duration_ms'], LogAttributes['cost_usd'], Timestamp)) AS row_key
        FROM otel_logs
        WHERE Timestamp >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND Timestamp < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
          AND startsWith(ServiceName, 'claude-code')
          AND (Body IN ('claude_code.user_prompt', 'claude_code.api_request')
               OR LogAttributes['event.name'] IN ('user_prompt', 'claude_code.user_prompt', 'api_request', 'claude_code.api_request'))
    )
    GROUP BY row_key
)
GROUP BY email
ORDER BY email
