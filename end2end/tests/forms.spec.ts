// What people type is never lost, and what is not theirs does not exist.
import { expect, test } from "../support/world";

test("registering: every problem at its field, nothing typed is lost, the letter confirms", async ({ world }, info) => {
  const page = (await world.actor("public", false)).page;
  const form = page.locator('form[action="/api/account/register"]');
  await page.goto("/account/register");
  await form.locator('[name="name"]').fill("韩梅</textarea><script>");
  await form.locator('[name="email"]').fill("not an address");
  await form.locator('[name="password"]').fill("short");
  await form.locator('[name="repeat_password"]').fill("other");
  await form.locator('button[type="submit"]').click();
  await expect(page.locator(".error-summary li")).not.toHaveCount(0);
  await expect(form.locator('[name="name"]')).toHaveValue("韩梅</textarea><script>");
  await expect(form.locator('[name="email"]')).toHaveValue("not an address");
  await expect(form.locator('[name="password"]')).toHaveValue("");
  expect(page.url()).not.toContain("short");
  const email = `han-${info.project.name}@example.org`;
  await form.locator('[name="email"]').fill(email);
  await form.locator('[name="password"]').fill("一座很高的山上有一棵松树 42");
  await form.locator('[name="repeat_password"]').fill("一座很高的山上有一棵松树 42");
  await form.locator('button[type="submit"]').click();
  await expect(page).toHaveURL(/registered/);
  const letters = await world.letters();
  expect(letters).toContain(email);
});

test("a wrong password says the same for known and unknown addresses", async ({ world }) => {
  const page = (await world.actor("public", false)).page;
  const messages: string[] = [];
  for (const email of ["rui@unveil.example", "nobody@unveil.example"]) {
    await page.goto("/account/sign-in");
    const form = page.locator('form[action="/api/account/sign_in"]:has(input[type="password"])').first();
    await form.locator('[name="email"]').fill(email);
    await form.locator('[name="password"]').fill("certainly not this");
    await form.locator('button[type="submit"]').click();
    await expect(page.locator(".flash")).toBeVisible();
    messages.push((await page.locator(".flash").textContent()) ?? "");
    await expect(form.locator('[name="email"]')).toHaveValue(email);
  }
  expect(messages[0]).toBe(messages[1]);
});

test("somebody else's bid is a page that does not exist", async ({ world }) => {
  const chen = await world.actor("chen");
  await chen.page.goto("/desk/bids");
  const own = await chen.page.locator('main a[href^="/desk/bids/"]').first().getAttribute("href");
  const zhao = await world.actor("zhao");
  const foreign = await zhao.page.goto(own!);
  expect(foreign?.status()).toBe(404);
  const text = await zhao.page.locator("main").textContent();
  const absent = await zhao.page.goto("/desk/bids/01890000-0000-7000-8000-000000000001");
  expect(absent?.status()).toBe(404);
  expect(await zhao.page.locator("main").textContent()).toBe(text);
  world.noise.length = 0;
});

test("the look follows the reader: size, contrast, language", async ({ world }) => {
  const page = (await world.actor("public", false)).page;
  await page.goto("/lists");
  await page.locator('button[name="size"][value="larger"]').click();
  await expect(page.locator("html")).toHaveAttribute("data-size", "larger");
  await page.locator('button[name="contrast"]').click();
  await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
  await page.locator('button[name="locale"]').click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page).toHaveURL(/\/lists$/);
});

test("a draft saves itself while typing and survives a reload", async ({ world, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "the comfort needs JavaScript; without it there is the save button");
  const chen = await world.actor("chen");
  await chen.page.goto("/desk/bids");
  const draft = chen.page.locator('main tr:has-text("草稿") a[href^="/desk/bids/"], main article:has-text("草稿") a[href^="/desk/bids/"]').first();
  await draft.click();
  const route = chen.page.locator('main [name="route"]');
  await route.fill("自动保存的一段话");
  await expect(chen.page.locator("[data-draft-keeper]")).toHaveAttribute("data-draft-keeper", "saved", { timeout: 15_000 });
  await chen.page.reload();
  await expect(route).toHaveValue("自动保存的一段话");
});
