"""Files that people take away: CSV and XLSX of the worklist, of fix sheets, of moves and of rejected feed rows.

`table` has the columns and cells, `csv_file` writes any table as CSV and `workbook` as XLSX; the other modules say
which columns one kind of export has. Knows the snapshot's read models and the words of reasons; opens no database.
Begin reading at `worklist`.
"""
