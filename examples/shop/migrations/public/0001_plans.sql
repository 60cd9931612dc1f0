-- What a shop pays us, and what it gets for it.
CREATE TYPE public.billing_period AS ENUM ('month', 'year');

CREATE TABLE public.plans (
  plan_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  period public.billing_period NOT NULL DEFAULT 'month',
  price_cents integer NOT NULL CHECK (price_cents >= 0),
  max_products integer
);

INSERT INTO public.plans (name, price_cents, max_products)
VALUES ('Starter', 0, 100), ('Growth', 4900, 5000), ('Scale', 19900, NULL);
