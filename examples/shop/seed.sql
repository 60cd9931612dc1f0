-- What the sign-up code of the shop's platform has done so far: the list of tenants, the prototype, and a schema for each
-- of 25 shops. Migrations fill the schemas.
CREATE TABLE public.tenants (
  schema_name text PRIMARY KEY,
  display_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE SCHEMA prototype;

CREATE SCHEMA acme;
CREATE SCHEMA alpenrad;
CREATE SCHEMA blue_harbor;
CREATE SCHEMA borealis;
CREATE SCHEMA cafe_del_sol;
CREATE SCHEMA cedar_and_co;
CREATE SCHEMA delta_tools;
CREATE SCHEMA east_gate;
CREATE SCHEMA fjord_outdoor;
CREATE SCHEMA green_leaf;
CREATE SCHEMA hanami;
CREATE SCHEMA iron_works;
CREATE SCHEMA juniper;
CREATE SCHEMA kite_surf;
CREATE SCHEMA lantern;
CREATE SCHEMA maple_street;
CREATE SCHEMA north_star;
CREATE SCHEMA old_mill;
CREATE SCHEMA paper_trail;
CREATE SCHEMA quick_fix;
CREATE SCHEMA river_side;
CREATE SCHEMA stone_age;
CREATE SCHEMA tea_house;
CREATE SCHEMA urban_garden;
CREATE SCHEMA velo_city;

INSERT INTO public.tenants (schema_name, display_name)
VALUES
  ('acme', 'Acme'),
  ('alpenrad', 'Alpenrad'),
  ('blue_harbor', 'Blue Harbor'),
  ('borealis', 'Borealis'),
  ('cafe_del_sol', 'Cafe Del Sol'),
  ('cedar_and_co', 'Cedar And Co'),
  ('delta_tools', 'Delta Tools'),
  ('east_gate', 'East Gate'),
  ('fjord_outdoor', 'Fjord Outdoor'),
  ('green_leaf', 'Green Leaf'),
  ('hanami', 'Hanami'),
  ('iron_works', 'Iron Works'),
  ('juniper', 'Juniper'),
  ('kite_surf', 'Kite Surf'),
  ('lantern', 'Lantern'),
  ('maple_street', 'Maple Street'),
  ('north_star', 'North Star'),
  ('old_mill', 'Old Mill'),
  ('paper_trail', 'Paper Trail'),
  ('quick_fix', 'Quick Fix'),
  ('river_side', 'River Side'),
  ('stone_age', 'Stone Age'),
  ('tea_house', 'Tea House'),
  ('urban_garden', 'Urban Garden'),
  ('velo_city', 'Velo City');
