-- The columns of the table that is to be written, none where it does not exist.
SELECT name, type FROM system.columns
WHERE database = {database:String} AND table = {table:String}
