"""Files that people bring: reading them as tables, and telling which listings their rows are about.

`tables` reads a CSV, XLS or XLSX; `seller_center` and `feedonomics` find ids and texts in its rows. Knows no HTTP, no
SQL and no Streamlit. A file is read as it is, and nothing in it is trusted. Begin reading at `tables`.
"""
