// The parts of zod that the configuration is described with, in the form that takes least to load and to build, and its English texts.

import { en } from "zod/locales";
import { config } from "zod/mini";

// What it would compile for itself is asked once in a process.
config({ ...en(), jitless: true });

export {
  _default,
  array,
  boolean,
  enum,
  globalRegistry,
  gte,
  int,
  literal,
  lte,
  minLength,
  optional,
  pipe,
  prefault,
  record,
  refine,
  regex,
  strictObject,
  string,
  transform,
  union,
} from "zod/mini";
