/** The tables that each tenant of the bench has: twelve, with keys among them. */
const tables = [
  "customers (id int primary key, name text not null, email text)",
  "addresses (id int primary key, customer int references SCHEMA.customers, street text, city text)",
  "products (id int primary key, title text not null, price numeric(10, 2) not null)",
  "stock (product int primary key references SCHEMA.products, amount int not null default 0)",
  "orders (id int primary key, customer int references SCHEMA.customers, total numeric(10, 2) not null default 0)",
  "order_lines (order_id int references SCHEMA.orders, line int, product int references SCHEMA.products, primary key (order_id, line))",
  "invoices (id int primary key, order_id int references SCHEMA.orders, issued date)",
  "payments (id int primary key, invoice int references SCHEMA.invoices, amount numeric(10, 2))",
  "shipments (id int primary key, order_id int references SCHEMA.orders, sent timestamptz)",
  "users (id int primary key, login text unique, created timestamptz default now())",
  "sessions (id int primary key, user_id int references SCHEMA.users, token text)",
  "events (id int primary key, user_id int references SCHEMA.users, what jsonb)",
];

export function createTenant(schema: string, count = tables.length): string {
  const create = tables.slice(0, count).map((table) => `create table SCHEMA.${table};`);
  const rows =
    count < 5 ? [] : ["insert into SCHEMA.orders (id, total) select n, n * 10 from generate_series(1, 20) n;"];
  return [`create schema SCHEMA;`, ...create, ...rows].join("\n").replaceAll("SCHEMA", schema);
}

/** A column, a table with a foreign key, an index, a check that is validated, a backfill. */
export const migrations: Readonly<Record<string, string>> = {
  "V1__column.sql": "alter table prototype.orders add column note text;\n",
  "V2__table.sql":
    "create table prototype.refunds (\n  id int primary key,\n  order_id int not null references prototype.orders,\n  amount numeric(10, 2) not null\n);\n",
  "V3__index.sql": "create index orders_customer on prototype.orders (customer);\n",
  "V4__check.sql":
    "alter table prototype.orders add constraint orders_total check (total >= 0) not valid;\nalter table prototype.orders validate constraint orders_total;\n",
  "V5__backfill.sql": "update prototype.orders set note = 'order ' || id where note is null;\n",
};

/** The same for one tenant as one message for psql. */
export function psqlMessage(schema: string): string {
  const body = Object.values(migrations).join("").replaceAll("prototype.", `"${schema}".`);
  const statements = body.split(";\n").filter((statement) => statement.trim() !== "");
  return `${["begin", `set local search_path = "${schema}", public`, ...statements, "commit"].join(" \\; ")};\n`;
}
