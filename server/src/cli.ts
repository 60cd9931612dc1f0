#!/usr/bin/env node
import { join } from "node:path";
import { loadCompiled } from "./cli/compiled";

const { main } = loadCompiled(join(__DIST__, "commands.js")) as typeof import("./cli/main");
void main(process);
