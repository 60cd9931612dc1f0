import { loadProgram } from "./runtime/program";

void loadProgram("server")
  .languageServer()
  .then(({ serve }) => serve());
