ALTER TYPE prototype.order_status ADD VALUE IF NOT EXISTS 'returned' AFTER 'shipped';

ALTER TABLE prototype.orders ADD COLUMN returned_at timestamptz;
