-- Rows: one 0 where the account may read these columns; an error that says why where not. No row of the table is read.
SELECT ignore(COLUMNS) FROM TABLE_NAME WHERE 0
