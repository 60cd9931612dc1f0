/** The folder that holds the built files and their assets; set by the bundler, and by the test runner's configuration. */
declare const __DIST__: string;

/** Differs wherever the sources do, so that nothing is taken for right that another build has found. */
declare const __BUILD__: string;

declare namespace WebAssembly {
  /** Node.js has it, and its types don't say so. */
  function compile(code: Uint8Array): Promise<Module>;
}
