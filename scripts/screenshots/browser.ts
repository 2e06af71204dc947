/** A headless Chromium on the Temporal UI: pages of workflows, the dialog for signals. Knows nothing of what the workflows do. */
import { accessSync, constants } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Browser, type Page } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const PATIENCE_MS = 60_000;
/** The UI draws in steps and tells nobody when it is done. */
const SETTLE_MS = 2500;
const SIZE = { width: 1560, height: 1300 };
/** Without the UI's own navigation at the left and the top. */
const SHOWN = { x: 262, y: 56, width: SIZE.width - 262 };
const COLUMNS = [
  "Status",
  "Type",
  "TocsinTicket",
  "TocsinCallout",
  "TocsinRule",
  "TocsinAttempt",
  "TocsinOutcome",
];

/** Throws one sentence when there is none. */
export function findChromium(given: string | undefined): string {
  const found = (given === undefined ? PLACES : [given]).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    given === undefined
      ? "No Chromium was found: install one, or set CHROMIUM_PATH to its executable."
      : `CHROMIUM_PATH is ${given}, which cannot be run.`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export class TemporalUi {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #url: string;
  readonly #folder: string;

  private constructor(browser: Browser, page: Page, url: string, folder: string) {
    this.#browser = browser;
    this.#page = page;
    this.#url = url;
    this.#folder = folder;
  }

  /** `url`: of the UI. `folder`: where pictures go. */
  static async open(executablePath: string, url: string, folder: string): Promise<TemporalUi> {
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--hide-scrollbars"] });
    const page = await browser.newPage({ viewport: SIZE, timezoneId: "UTC", locale: "en-GB" });
    page.setDefaultTimeout(PATIENCE_MS);
    // The columns that docs/temporal-ui.md tells an admin to choose.
    await page.addInitScript((columns) => {
      const shown = columns.map((label, index) => ({ label, pinned: index < 2 }));
      localStorage.setItem("namespace-workflow-table-columns", JSON.stringify({ default: shown }));
    }, COLUMNS);
    return new TemporalUi(browser, page, url, folder);
  }

  /** The list of what a query finds, once it shows the text. */
  async list(query: string, shows: string): Promise<void> {
    await this.#go(`/workflows?query=${encodeURIComponent(query)}`, shows);
  }

  async schedules(shows: string): Promise<void> {
    await this.#go("/schedules", shows);
    await this.#page.getByText(shows).first().click();
    await this.#page.getByText("Upcoming Runs").first().waitFor();
    await sleep(SETTLE_MS);
  }

  /** A tab of a workflow's page: `Timeline`, `User Metadata`, `Event History`. */
  async workflow(id: string, tab: string): Promise<void> {
    await this.#go(`/workflows/${encodeURIComponent(id)}`, tab);
    await this.#page
      .getByRole("link", { name: tab })
      .or(this.#page.getByRole("tab", { name: tab }))
      .first()
      .click();
    await sleep(SETTLE_MS);
  }

  /** Through the dialog, as a person does. The picture is of the dialog before it is sent. */
  async signal(id: string, name: string, picture: string | undefined): Promise<void> {
    await this.workflow(id, "User Metadata");
    const page = this.#page;
    await page.locator("button:visible", { hasText: "More Actions" }).click();
    await page.getByText("Send a Signal").locator("visible=true").first().click();
    await page.locator('[data-testid="signal-select-button"]:visible').click();
    const option = page.locator('[role="option"]:visible', { hasText: name }).first();
    await option.waitFor();
    await sleep(500);
    if (picture !== undefined) await this.picture(`${picture}-choice`, 760);
    await option.click();
    await sleep(500);
    if (picture !== undefined) await this.picture(picture);
    await page.locator("button:visible", { hasText: "Submit" }).click();
    await sleep(SETTLE_MS);
  }

  /** From now on nobody opens payloads for the UI. */
  async withoutCodec(): Promise<void> {
    await this.#page.route("**/temporal-codec/**", async (route) => await route.abort());
  }

  /** Of the top of the page, so many pixels. */
  async picture(name: string, height = 700): Promise<void> {
    await this.#page.screenshot({ path: `${this.#folder}/${name}.png`, clip: { ...SHOWN, height } });
    process.stdout.write(`${name}.png\n`);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #go(path: string, shows: string): Promise<void> {
    await this.#page.goto(`${this.#url}/namespaces/default${path}`);
    await this.#page.getByText(shows).locator("visible=true").first().waitFor();
    await sleep(SETTLE_MS);
  }
}
