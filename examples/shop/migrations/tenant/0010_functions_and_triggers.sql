CREATE FUNCTION prototype.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TRIGGER customers_touch BEFORE UPDATE ON prototype.customers
FOR EACH ROW EXECUTE FUNCTION prototype.touch_updated_at();

CREATE TRIGGER products_touch BEFORE UPDATE ON prototype.products
FOR EACH ROW EXECUTE FUNCTION prototype.touch_updated_at();

CREATE TRIGGER orders_touch BEFORE UPDATE ON prototype.orders
FOR EACH ROW EXECUTE FUNCTION prototype.touch_updated_at();

CREATE FUNCTION prototype.order_total_cents(wanted_order bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(l.quantity * l.unit_price_cents), 0)
  FROM prototype.order_lines AS l
  WHERE l.order_id = wanted_order
$$;

-- Takes an order's goods out of stock when it is paid for.
CREATE FUNCTION prototype.take_from_stock() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  line prototype.order_lines%ROWTYPE;
BEGIN
  FOR line IN SELECT * FROM prototype.order_lines WHERE order_id = NEW.order_id LOOP
    UPDATE prototype.stock_levels
    SET quantity = quantity - line.quantity
    WHERE product_id = line.product_id
      AND warehouse_id = (SELECT min(w.warehouse_id) FROM prototype.warehouses AS w);
  END LOOP;
  RETURN NEW;
END
$$;

CREATE TRIGGER orders_take_from_stock AFTER UPDATE OF status ON prototype.orders
FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status = 'paid')
EXECUTE FUNCTION prototype.take_from_stock();
