/**
 * How a function that reads the catalog is declared: the server's estimates of a catalog with thousands of like schemas lead it to read all of it for
 * one of them, and each plan would be made anew per schema.
 */
export const catalogReader = `language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off`;
