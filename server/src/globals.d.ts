/** The folder that holds the built files and their assets; set by the bundler, and by the test runner's configuration. */
declare const __DIST__: string;
