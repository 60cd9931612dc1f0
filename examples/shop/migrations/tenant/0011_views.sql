CREATE VIEW prototype.open_orders AS
SELECT o.order_id, o.order_number, c.full_name, o.status, prototype.order_total_cents(o.order_id) AS total_cents
FROM prototype.orders AS o
JOIN prototype.customers AS c USING (customer_id)
WHERE o.status IN ('placed', 'paid');

CREATE VIEW prototype.stock_overview AS
WITH totals AS (
  SELECT product_id, sum(quantity) AS quantity
  FROM prototype.stock_levels
  GROUP BY product_id
)
SELECT p.sku, p.title, coalesce(t.quantity, 0) AS quantity
FROM prototype.products AS p
LEFT JOIN totals AS t USING (product_id);
