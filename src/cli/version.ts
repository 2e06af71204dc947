/** Which version of the program this is: the one of package.json (test/cli holds them together). */
export const VERSION = "0.1.0";
