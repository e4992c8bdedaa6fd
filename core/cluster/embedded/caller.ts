/** Who writes; what a trusted caller hands over is not copied, and must not change afterwards. */
export interface Caller {
  readonly userAgent: string;
  readonly isTrusted: boolean;
}

/** How the server signs what it writes of its own accord. */
export const API_SERVER: Caller = Object.freeze({ userAgent: "kube-apiserver", isTrusted: true });
