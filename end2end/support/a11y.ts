// axe on a page; any violation of WCAG 2.2 AA fails with its element.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function expectAccessible(page: Page, where: string) {
  await page.evaluate(source);
  const found = await page.evaluate(async () => {
    // @ts-expect-error axe was put into the page just now
    const result = await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return result.violations.map((violation: { id: string; nodes: { target: string[]; failureSummary: string }[] }) => ({
      id: violation.id,
      nodes: violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} — ${node.failureSummary}`),
    }));
  });
  expect(found, `axe at ${where}`).toEqual([]);
}
