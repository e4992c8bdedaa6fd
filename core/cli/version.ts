/** The version of this program, as releases count. */
export const VERSION = "0.1.0";
