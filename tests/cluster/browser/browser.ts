/** A Chromium without a window, steered over its debugging protocol. */

/** How a page is looked at. */
export interface View {
  readonly width: number;
  readonly scheme: "light" | "dark";
  readonly media?: "screen" | "print";
}

/** A part of a page, in CSS pixels. */
export interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

const STARTED_WITHIN_MS = 30_000;
const HEIGHT = 900;

export class Browser {
  /** Errors, warnings and refused requests that the page had, since the last one was opened. */
  readonly complaints: string[] = [];
  /** What the page asked for, besides itself. */
  readonly requests: string[] = [];
  readonly #process: Deno.ChildProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  readonly #loaded: { done: () => void } = { done: () => {} };
  #url = "";
  #count = 0;

  private constructor(process: Deno.ChildProcess, folder: string, socket: WebSocket) {
    this.#process = process;
    this.#folder = folder;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
  }

  static async start(program: string): Promise<Browser> {
    const folder = await Deno.makeTempDir({ prefix: "sluice-browser-" });
    const process = new Deno.Command(program, {
      args: [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--force-color-profile=srgb",
        "--hide-scrollbars",
        "--remote-debugging-port=0",
        `--user-data-dir=${folder}`,
        "about:blank",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const port = await portOf(folder);
    const pages = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    const socket = new WebSocket(pages[0].webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const browser = new Browser(process, folder, socket);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) {
      await browser.#send(`${domain}.enable`);
    }
    return browser;
  }

  /** Opens a file and waits until all of it is there. */
  async open(path: string): Promise<void> {
    this.complaints.length = 0;
    this.requests.length = 0;
    this.#url = `file://${path}`;
    const loaded = new Promise<void>((resolve) => this.#loaded.done = resolve);
    await this.#send("Page.navigate", { url: this.#url });
    await loaded;
  }

  async look({ width, scheme, media = "screen" }: View): Promise<void> {
    await this.#send("Emulation.setDeviceMetricsOverride", {
      width,
      height: HEIGHT,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.#send("Emulation.setEmulatedMedia", {
      media,
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
  }

  /** The value of an expression in the page. */
  async read<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
      expression,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: Value }).value;
  }

  /** A picture of the whole page, or of a part of it, as PNG. */
  async picture(clip?: Clip): Promise<Uint8Array> {
    const { data } = await this.#send("Page.captureScreenshot", {
      captureBeyondViewport: true,
      ...(clip === undefined ? {} : { clip }),
    });
    return Uint8Array.fromBase64(String(data));
  }

  async stop(): Promise<void> {
    this.#socket.close();
    this.#process.kill("SIGTERM");
    await this.#process.status;
    await Deno.remove(this.#folder, { recursive: true });
  }

  #send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = ++this.#count;
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  }

  #hear({ id, method, params = {}, result = {}, error }: Answer): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error.message));
      return;
    }
    if (method === "Page.loadEventFired") this.#loaded.done();
    if (method === "Network.requestWillBeSent") {
      const { url } = params["request"] as { url: string };
      if (url !== this.#url) this.requests.push(url);
    }
    const isComplaint = method === "Runtime.exceptionThrown" || method === "Log.entryAdded" ||
      method === "Runtime.consoleAPICalled";
    if (isComplaint) this.complaints.push(JSON.stringify(params));
  }
}

/** The port that the browser has chosen, once it says so. */
async function portOf(folder: string): Promise<string> {
  const endMs = Date.now() + STARTED_WITHIN_MS;
  for (;;) {
    try {
      const [port] = (await Deno.readTextFile(`${folder}/DevToolsActivePort`)).split("\n");
      if (port !== undefined && port !== "") return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    if (Date.now() > endMs) throw new Error("Chromium did not start within 30 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
