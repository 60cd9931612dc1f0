/** A migration of some tables, each with what usually follows it, in twelve lines; one table of each is named without a schema. */
export function migrationText(first: number, tables: number): string {
  return Array.from({ length: tables }, (_, table) => {
    const n = first + table;
    const name = `orders_${n}`;
    return `-- The orders of part ${n}.
CREATE TABLE prototype.${name} (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ${name}_key PRIMARY KEY,
  customer_id bigint NOT NULL CONSTRAINT ${name}_customer REFERENCES prototype.customers (id),
  note text DEFAULT 'none',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ${name}_created ON prototype.${name} (created_at);
ALTER TABLE prototype.${name} ADD COLUMN total numeric(12, 2);
INSERT INTO prototype.${name} (customer_id, note) SELECT id, 'new' FROM customers;
UPDATE prototype.${name} SET note = NULL WHERE note = '';
`;
  }).join("\n");
}
