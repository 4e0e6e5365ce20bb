"""The texts of listed listings in a form in which any part of them is found: an index of every three letters.

It is of the listings that the worklist shows now, and so a fiftieth of all or less. What changes a period or a listing
changes it too, whoever writes: triggers keep it, in the transaction of the change.

`fold` is a function of ours that folds the case of a text; every connection that writes has it
(`aexdash.storage.file`).
"""

IS_LISTED = "({row}.listed = 1 AND {row}.ended_at IS NULL)"
"""The condition that a period can be in the worklist of now."""

TEXTS = """
    SELECT {period}, fold(title), fold(sku_codes), CAST(product_id AS TEXT) FROM listing
    WHERE store_id = {row}.store_id AND product_id = {row}.product_id
"""

NEW, OLD = IS_LISTED.format(row="NEW"), IS_LISTED.format(row="OLD")

PUT = f"INSERT INTO listing_text (rowid, title, sku_codes, product_id) {TEXTS.format(period='NEW.id', row='NEW')}"

TAKE_OUT = "DELETE FROM listing_text WHERE rowid = OLD.id"

STATEMENTS = (
    # rowid: the id of the status period. Ranks are never asked for, so no lengths of texts are kept.
    """
    CREATE VIRTUAL TABLE listing_text
        USING fts5(title, sku_codes, product_id, tokenize = 'trigram case_sensitive 1', columnsize = 0)
    """,
    """
    INSERT INTO listing_text (rowid, title, sku_codes, product_id)
    SELECT p.id, fold(l.title), fold(l.sku_codes), CAST(p.product_id AS TEXT)
    FROM store AS st
    CROSS JOIN status_period AS p INDEXED BY period_open_listed ON p.store_id = st.id
    CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
    WHERE p.listed = 1 AND p.ended_at IS NULL
    ORDER BY p.id
    """,
    f"CREATE TRIGGER listing_text_opened AFTER INSERT ON status_period WHEN {NEW} BEGIN {PUT}; END",
    f"""
    CREATE TRIGGER listing_text_listed AFTER UPDATE OF listed, ended_at ON status_period WHEN {NEW} AND NOT {OLD}
    BEGIN {PUT}; END
    """,
    f"""
    CREATE TRIGGER listing_text_closed AFTER UPDATE OF listed, ended_at ON status_period WHEN {OLD} AND NOT {NEW}
    BEGIN {TAKE_OUT}; END
    """,
    f"CREATE TRIGGER listing_text_deleted AFTER DELETE ON status_period WHEN {OLD} BEGIN {TAKE_OUT}; END",
    """
    CREATE TRIGGER listing_text_edited AFTER UPDATE OF title, sku_codes ON listing
    WHEN NEW.title <> OLD.title OR NEW.sku_codes <> OLD.sku_codes
    BEGIN
        UPDATE listing_text SET title = fold(NEW.title), sku_codes = fold(NEW.sku_codes) WHERE rowid = (
            SELECT id FROM status_period INDEXED BY period_open
            WHERE store_id = NEW.store_id AND product_id = NEW.product_id AND ended_at IS NULL AND listed = 1
        );
    END
    """,
)
