-- One row where the table holds something that this program did not make up.
SELECT count() FROM (
    SELECT 1 FROM {database:Identifier}.{table:Identifier}
    WHERE ResourceAttributes['recap.sample'] != 'true' LIMIT 1
)
