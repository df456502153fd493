import { defineConfig, devices } from "@playwright/test";
import { existsSync } from "node:fs";

// One server per project: each moves its own clock and writes its own database.
const binary = process.env.UNVEIL_BIN ?? "../target/debug/unveil";
const chromium = process.env.CHROMIUM ?? (existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined);
const run = process.env.UNVEIL_E2E_DATA ?? "../target/end2end";

const launchOptions = {
  executablePath: chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

const houses = [
  { name: "chromium", port: 3101, use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 900 } } },
  {
    name: "chromium-no-js",
    port: 3102,
    use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
  },
  { name: "mobile", port: 3103, use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } } },
];

export default defineConfig({
  testDir: "tests",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: 0,
  forbidOnly: !!process.env.CI,
  reporter: [["list"]],
  outputDir: "test-results",
  use: { actionTimeout: 10_000, navigationTimeout: 15_000, locale: "zh-CN", timezoneId: "Asia/Shanghai", launchOptions, trace: "retain-on-failure" },
  projects: houses.map(({ name, port, use }) => ({
    name,
    use: { ...use, baseURL: `http://127.0.0.1:${port}`, launchOptions },
  })),
  webServer: houses.map(({ name, port }) => ({
    // The folder is emptied here, so that each run starts from the same story.
    command: `rm -rf ${run}/${name} && mkdir -p ${run}/${name} && exec ${binary} serve --demo`,
    url: `http://127.0.0.1:${port}/readyz`,
    env: {
      UNVEIL_ADDR: `127.0.0.1:${port}`,
      UNVEIL_BASE_URL: `http://127.0.0.1:${port}`,
      UNVEIL_DATA: `${run}/${name}`,
      UNVEIL_LOG: "warn",
    },
    timeout: 120_000,
    reuseExistingServer: false,
    stdout: "ignore" as const,
    stderr: "pipe" as const,
  })),
});
