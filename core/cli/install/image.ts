/** Where the image of this version is: what the release workflow pushes. */
import { VERSION } from "../version.ts";

export const IMAGE_REGISTRY = "ghcr.io";
export const IMAGE_REPOSITORY = "sluice-rollouts/sluice";
export const IMAGE_TAG = `v${VERSION}`;
export const DEFAULT_IMAGE = `${IMAGE_REGISTRY}/${IMAGE_REPOSITORY}:${IMAGE_TAG}`;
