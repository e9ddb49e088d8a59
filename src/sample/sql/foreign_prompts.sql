-- One row where the table holds something that this program did not make up.
SELECT count() FROM (
    SELECT 1 FROM {database:Identifier}.{table:Identifier}
    WHERE NOT startsWith(project_path, '/recap-sample/') LIMIT 1
)
