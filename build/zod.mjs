// The parts of zod that the configuration is described with, and its English texts: all of it, with forty languages, takes
// longer to load than everything else that a command needs.
import {
  array,
  boolean,
  config,
  enum as enumeration,
  int,
  literal,
  record,
  strictObject,
  string,
  toJSONSchema,
  union,
} from "zod";
import { en } from "zod/locales";

// What it would compile for itself is asked once in a process.
config({ ...en(), jitless: true });

export const z = { array, boolean, enum: enumeration, int, literal, record, strictObject, string, toJSONSchema, union };
