// What a screen reader is told: structure and names, not looks. Read in review like any snapshot.
import { expect, test } from "../support/world";

test("home", async ({ world }) => {
  const page = (await world.actor("public", false)).page;
  await page.goto("/");
  await expect(page.getByRole("banner")).toMatchAriaSnapshot(`
    - banner:
      - group "字号":
        - button "标准字号" [pressed]
        - button "大字号"
        - button "特大字号"
      - button "高对比度显示"
      - button "English"
      - navigation "账户":
        - link "登录"
        - link "注册"
      - link /揭榜/
      - navigation "主导航":
        - list:
          - listitem:
            - link "首页"
          - listitem:
            - link "榜单"
          - listitem:
            - link "榜题"
          - listitem:
            - link "公示与结果"
  `);
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toHaveCount(1);
});

test("sign-in", async ({ world }) => {
  const page = (await world.actor("public", false)).page;
  await page.goto("/account/sign-in");
  const form = page.locator('form[action="/api/account/sign_in"]:has(input[type="password"])').first();
  await expect(form).toMatchAriaSnapshot(`
    - textbox /邮箱/
    - textbox /密码/
    - button "登录"
  `);
});

test("the race board is a picture with a table beneath", async ({ world }) => {
  const page = (await world.actor("public", false)).page;
  await page.goto("/");
  await page.locator('main a[href^="/race/"]').first().click();
  await expect(page.getByRole("img").first()).toBeVisible();
  const table = page.getByRole("table").first();
  await expect(table.getByRole("columnheader", { name: "累计得分" })).toBeVisible();
  await expect(table.getByRole("row")).not.toHaveCount(1);
});

test("the score sheet says its total while it is filled in", async ({ world, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "without JavaScript the total is told after saving");
  const okafor = await world.actor("okafor");
  await okafor.page.goto("/desk/reviews");
  await okafor.page.locator('a[data-sheet="assigned"]').first().click();
  for (const [key, score] of Object.entries({ innovation: "80", quality: "90", effect: "70", contribution: "60" })) {
    await okafor.fill({ [`scores.${key}`]: score });
  }
  // 0.30 x 80 + 0.30 x 90 + 0.25 x 70 + 0.15 x 60
  await expect(okafor.page.locator("output.sheet-total")).toContainText("77.5");
});
