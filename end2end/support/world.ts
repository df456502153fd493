// The cast and what they do, in the words of the product. Fields are found by the names the forms post.
import { test as base, expect, type Page, type BrowserContext, type Browser } from "@playwright/test";

export const PASSWORD = "揭榜-demo-2026!";
export const EXPERTS = ["okafor", "sato", "he", "lin", "ma"];

/** A browser of one's own, signed in; silent: any console message or page error fails the test. */
export class Actor {
  constructor(
    readonly key: string,
    readonly page: Page,
    readonly noise: string[],
  ) {}

  async signIn() {
    await this.page.goto("/account/sign-in");
    const form = this.page.locator('form[action="/api/account/sign_in"]:has(input[type="password"])').first();
    await form.locator('input[name="email"]').fill(`${this.key}@unveil.example`);
    await form.locator('input[name="password"]').fill(PASSWORD);
    await form.locator('button[type="submit"]').click();
    await expect(this.page.locator(".account-name")).toBeVisible();
  }

  /** Fills a form by field names; a tick by `true`. */
  async fill(fields: Record<string, string | boolean>) {
    for (const [name, value] of Object.entries(fields)) {
      const control = this.page.locator(`main [name="${name}"]`).first();
      if (typeof value === "boolean") {
        await control.setChecked(value);
      } else if ((await control.evaluate((element) => element.tagName)) === "SELECT") {
        await control.selectOption(value);
      } else {
        await control.fill(value);
      }
    }
  }

  /** Presses the button that posts to an endpoint; `having` (`:has(…)`) tells one form from several. */
  async press(endpoint: string, having = "") {
    const action = `/api/${endpoint}`;
    const plain = `main form[action="${action}"]${having} button[type="submit"]:not([formaction])`;
    const button = this.page.locator(`${plain}, main form${having} button[formaction="${action}"]`).first();
    await Promise.all([this.page.waitForEvent("load"), button.click()]);
  }

  /** The page says it was done. */
  async sees(text: string | RegExp) {
    await expect(this.page.locator("body")).toContainText(text);
  }

  /** Nothing was refused. */
  async accepted() {
    await expect(this.page.locator(".error-summary")).toHaveCount(0);
    await expect(this.page.locator(".flash .notice-bad")).toHaveCount(0);
  }
}

export class World {
  private contexts: BrowserContext[] = [];
  readonly noise: string[] = [];

  constructor(
    private browser: Browser,
    private options: object,
    private baseURL: string,
  ) {}

  async actor(key: string, signIn = true): Promise<Actor> {
    const context = await this.browser.newContext(this.options);
    this.contexts.push(context);
    const page = await context.newPage();
    listen(page, this.noise);
    const actor = new Actor(key, page, this.noise);
    if (signIn) await actor.signIn();
    return actor;
  }

  /** Moves the server's clock and runs what is due. */
  async days(days: number) {
    const context = await this.browser.newContext(this.options);
    const answer = await context.request.post(`${this.baseURL}/dev/clock`, { form: { days: String(days) } });
    expect(answer.ok()).toBeTruthy();
    await context.close();
  }

  /** Subjects of all letters so far, newest first. */
  async letters(): Promise<string> {
    const context = await this.browser.newContext(this.options);
    await context.request.post(`${this.baseURL}/dev/clock`, { form: { days: "0" } });
    const page = await (await context.request.get(`${this.baseURL}/dev/mail`)).text();
    await context.close();
    return page;
  }

  async leave() {
    for (const context of this.contexts) await context.close();
  }
}

/** Console messages and errors of a page; the console must be silent. */
export function listen(page: Page, noise: string[]) {
  page.on("console", (message) => noise.push(`${message.type()}: ${message.text()} (${page.url()})`));
  page.on("pageerror", (error) => noise.push(`error: ${error.message} (${page.url()})`));
}

/** `in` days from now at six in the evening, as a datetime-local field wants it. */
export function beijing(days: number, offsetDays = 0): string {
  const at = new Date(Date.now() + (days + offsetDays) * 86_400_000 + 8 * 3_600_000);
  return `${at.toISOString().slice(0, 10)}T18:00`;
}

export const test = base.extend<{ world: World }>({
  world: async ({ browser, baseURL, javaScriptEnabled, viewport, locale, timezoneId, userAgent, hasTouch, isMobile }, use) => {
    const options = { baseURL, javaScriptEnabled, viewport, locale, timezoneId, userAgent, hasTouch, isMobile };
    const world = new World(browser, options, baseURL!);
    await use(world);
    await world.leave();
    expect(world.noise, "the console must be silent").toEqual([]);
  },
});
export { expect };
