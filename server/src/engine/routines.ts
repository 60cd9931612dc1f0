import { blueprintFunction } from "./provision/blueprint";
import { definitionFunctions } from "./provision/definitions";
import { schemaPrivileges } from "./provision/possession";
import { proofFunctions } from "./provision/proof";
import { provisionFunction } from "./provision/provisionFunction";
import { rareFunction } from "./provision/rareObjects";
import { originalFunction, readFunction } from "./provision/reading";
import { renameSchema } from "./provision/renameSchema";
import { shapeFunctions } from "./shape/functions";

/** The functions of the schema `tenantry`, in an order in which each finds what it needs; made again, they replace what was there. */
export const routines = [
  definitionFunctions,
  shapeFunctions,
  renameSchema,
  schemaPrivileges,
  rareFunction,
  blueprintFunction,
  proofFunctions,
  originalFunction,
  readFunction,
  provisionFunction,
].join("\n");
