"""What a listing was each time it was rejected, so that it can be told what was changed between two attempts."""

STATEMENTS = (
    """
    CREATE TABLE attempt (                      -- compared with the next rejection of the same listing
        period_id INTEGER PRIMARY KEY REFERENCES status_period(id),
        store_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        number INTEGER NOT NULL,                -- status_period.attempt
        at TEXT NOT NULL,                       -- when the rejection was first seen
        modified_raw TEXT,                      -- the listing's gmt_modified then, as the list told it
        listed TEXT NOT NULL,                   -- JSON object of the columns of listing that the insert below names
        detail TEXT                             -- the same of listing_detail; null: not read before the next change
    ) STRICT
    """,
    "CREATE INDEX attempt_of_listing ON attempt (store_id, product_id, number)",
    # Of what is rejected now, only where what is kept of the listing is still what was rejected.
    """
    INSERT INTO attempt (period_id, store_id, product_id, number, at, modified_raw, listed, detail)
    SELECT p.id, p.store_id, p.product_id, p.attempt, p.started_at, l.modified_raw,
        json_object('title', l.title, 'image_urls', json(l.image_urls), 'price_min', l.price_min,
            'price_max', l.price_max, 'currency', l.currency, 'category_id', l.category_id,
            'sku_codes', json(l.sku_codes)),
        CASE WHEN d.read_at IS NOT NULL AND d.note = '' AND d.modified_raw IS l.modified_raw THEN
            json_object('titles', json(d.titles), 'attributes', json(d.attributes), 'skus', json(d.skus),
                'image_urls', json(d.image_urls), 'weight', d.weight, 'sides', json(d.sides),
                'eu_person', d.eu_person, 'qualifications', json(d.qualifications),
                'description_chars', d.description_chars, 'description_pictures', d.description_pictures)
        END
    FROM status_period AS p
    JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
    LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
    WHERE p.ended_at IS NULL AND p.status = 'rejected' AND l.changed_at <= p.started_at
    """,
)
