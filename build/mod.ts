/**
 * What makes releases of the program: bundle, executables, npm package, licences. Start at
 * `bundle.ts`; everything else packs what it wrote. Nothing here is part of the program.
 *
 * @module
 */
export { bundle } from "./bundle.ts";
export { CONTROLLER_FLAGS } from "./controller_flags.ts";
export { licencesText, sbom } from "./licences.ts";
export { packagesInside } from "./packages.ts";
export { RUNTIME_PERMISSIONS } from "./permissions.ts";
