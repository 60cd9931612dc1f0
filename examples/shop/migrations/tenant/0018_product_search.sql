ALTER TABLE prototype.products
  ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || description)) STORED;

CREATE INDEX products_search_idx ON prototype.products USING gin (search);

CREATE FUNCTION prototype.search_products(words text) RETURNS SETOF prototype.products
LANGUAGE sql STABLE AS $$
  SELECT p.*
  FROM prototype.products AS p
  WHERE p.active AND p.search @@ plainto_tsquery('simple', words)
  ORDER BY ts_rank(p.search, plainto_tsquery('simple', words)) DESC
$$;
