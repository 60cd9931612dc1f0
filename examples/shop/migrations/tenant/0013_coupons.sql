CREATE TABLE prototype.coupons (
  coupon_code text PRIMARY KEY,
  percent_off numeric(5, 2) NOT NULL CONSTRAINT coupons_percent_check CHECK (percent_off > 0 AND percent_off <= 100),
  valid_during tstzrange NOT NULL,
  max_uses integer
);

ALTER TABLE prototype.orders ADD COLUMN coupon_code text;

ALTER TABLE prototype.orders
  ADD CONSTRAINT orders_coupon_fkey FOREIGN KEY (coupon_code) REFERENCES prototype.coupons (coupon_code) NOT VALID;
