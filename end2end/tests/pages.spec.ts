// Every page: reachable, in both languages, accessible, silent, nothing wider than the screen.
import { expectAccessible } from "../support/a11y";
import { expect, test, type Actor } from "../support/world";

const PUBLIC = ["/", "/lists", "/challenges", "/challenges?q=重晶石", "/challenges?q=zzzz", "/results", "/account/sign-in", "/account/register", "/account/reset", "/account/registered", "/account/confirm?token=x", "/account/reset/choose?token=x", "/nowhere"];
const DESKS: Record<string, string[]> = {
  rui: ["/desk", "/desk/lists", "/desk/lists/new", "/desk/challenges", "/desk/people", "/desk/letters", "/desk/audit", "/inbox", "/account", "/account/password"],
  ling: ["/desk", "/desk/needs", "/desk/needs/new", "/desk/bids"],
  chen: ["/desk", "/desk/bids", "/inbox", "/account"],
  okafor: ["/desk", "/desk/reviews"],
  wen: ["/desk", "/desk/audit"],
};

/** Links of the current page's main part that match, without duplicates. */
async function links(actor: Actor, pattern: RegExp, most: number): Promise<string[]> {
  const all = await actor.page.locator("main a[href]").evaluateAll((anchors) => anchors.map((a) => a.getAttribute("href") ?? ""));
  return [...new Set(all.filter((href) => pattern.test(href)))].slice(0, most);
}

async function look(actor: Actor, path: string, script: boolean) {
  const answer = await actor.page.goto(path);
  expect(answer?.status(), path).toBe(path === "/nowhere" ? 404 : 200);
  await expect(actor.page.locator("h1"), path).toHaveCount(1);
  const text = (await actor.page.locator("body").textContent()) ?? "";
  expect(text, path).not.toContain("⟦");
  const wide = await actor.page.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
  expect(wide, `${path} is wider than the screen`).toBeLessThanOrEqual(1);
  if (script) await expectAccessible(actor.page, path);
}

for (const locale of ["zh-CN", "en"]) {
  test(`public pages in ${locale}`, async ({ world, javaScriptEnabled }) => {
    test.setTimeout(180_000);
    const reader = await world.actor("public", false);
    await reader.page.context().addCookies([{ name: "locale", value: locale, url: (await base(reader)) }]);
    const paths = [...PUBLIC];
    await reader.page.goto("/lists");
    const lists = await links(reader, /^\/lists\/[0-9a-f]/, 3);
    expect(lists.length).toBe(3);
    paths.push(...lists);
    for (const list of lists) {
      await reader.page.goto(list);
      paths.push(...(await links(reader, /^\/challenges\/[0-9a-f-]+$/, 2)));
      paths.push(...(await links(reader, /^\/race\/[0-9a-f-]+$/, 1)));
    }
    for (const path of paths) {
      await look(reader, path, javaScriptEnabled !== false);
      if (locale === "en") await expect(reader.page.locator("html")).toHaveAttribute("lang", "en");
    }
    // A 404 is heard in the console of any browser; it is the only noise allowed.
    world.noise.splice(0, world.noise.length, ...world.noise.filter((line) => !line.includes("/nowhere")));
  });

  for (const [key, paths] of Object.entries(DESKS)) {
    test(`desk of ${key} in ${locale}`, async ({ world, javaScriptEnabled }) => {
      test.setTimeout(180_000);
      const actor = await world.actor(key);
      await actor.page.context().addCookies([{ name: "locale", value: locale, url: await base(actor) }]);
      const all = [...paths];
      await actor.page.goto("/desk");
      all.push(...(await links(actor, /^\/desk\/.+[0-9a-f]{8}-/, 8)));
      if (key === "rui") {
        await actor.page.goto("/desk/challenges");
        const some = await links(actor, /^\/desk\/challenges\/[0-9a-f-]+$/, 3);
        for (const path of some) {
          all.push(path, `${path}/rule`, `${path}/panel`, `${path}/eligibility`, `${path}/scores`, `${path}/decision`);
        }
      }
      all.push(...(await deeper(actor, key)));
      for (const path of [...new Set(all)]) await look(actor, path, javaScriptEnabled !== false);
    });
  }
}

/** Pages that only a page of the desk leads to: receipts, letters, readings, declarations, gates. */
async function deeper(actor: Actor, key: string): Promise<string[]> {
  const from: Record<string, [string, RegExp][]> = {
    chen: [["/desk/bids", /^\/desk\/bids\/[0-9a-f-]{36}$/]],
    okafor: [["/desk/reviews", /^\/desk\/reviews\/(declare\/)?[0-9a-f-]{36}$/]],
    rui: [["/desk/challenges?state=running", /^\/desk\/challenges\/[0-9a-f-]{36}$/]],
  };
  const found: string[] = [];
  for (const [path, pattern] of from[key] ?? []) {
    await actor.page.goto(path);
    const first = await links(actor, pattern, 4);
    found.push(...first);
    for (const step of first) {
      await actor.page.goto(step);
      found.push(...(await links(actor, /\/(receipt|letter|read|gates\/\d+|eligibility|declare\/[0-9a-f-]{36})$/, 4)));
    }
  }
  const expected: Record<string, RegExp> = { chen: /\/receipt$/, okafor: /\/desk\/reviews\/[0-9a-f-]{36}$/, rui: /\/gates\/\d+$/ };
  if (expected[key]) expect(found.filter((path) => expected[key].test(path)), found.join(" ")).not.toEqual([]);
  return found;
}

async function base(actor: Actor): Promise<string> {
  await actor.page.goto("/");
  return new URL(actor.page.url()).origin;
}
