-- Rows: Column, one per column of a table; none where the table does not exist.
SELECT name, type AS kind FROM system.columns WHERE database = {database:String} AND table = {table:String} ORDER BY position
