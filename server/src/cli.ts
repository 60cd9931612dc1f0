#!/usr/bin/env node
import { loadProgram } from "./runtime/program";

const [verb = "help"] = process.argv.slice(2);
void loadProgram(verb)
  .commandLine()
  .then(({ main }) => main(process));
