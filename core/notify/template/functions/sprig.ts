/** All functions of sprig. */
import type { TemplateFunction } from "../template_function.ts";

export const SPRIG_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([]);
