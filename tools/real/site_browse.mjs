// Opens every page of a site in Chromium: it renders, says nothing on the console, asks for nothing outside
// itself, every link resolves, and what its program offers works. Usage: site_browse.mjs SITE [SHOTS]
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createRequire } from "node:module";

const { chromium } = createRequire(join(process.cwd(), "x.js"))("playwright-core");
const site = resolve(process.argv[2]);
const shots = process.argv[3];
const pages = [];
const walk = (folder) => {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else if (name.endsWith(".html")) pages.push(path);
  }
};
walk(site);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
let failures = 0;
const fail = (page, what) => {
  failures += 1;
  console.log(`${relative(site, page)}: ${what}`);
};

const ids = new Map();
const idsOf = async (path) => {
  if (!ids.has(path)) {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path).href);
    ids.set(path, new Set(await page.evaluate(() => [...document.querySelectorAll("[id]")].map((node) => node.id))));
    await page.close();
  }
  return ids.get(path);
};

for (const path of pages) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.on("console", (message) => fail(path, `console: ${message.text()}`));
  page.on("pageerror", (error) => fail(path, `error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:") && url !== pathToFileURL(path).href) fail(path, `asks for ${url}`);
  });
  await page.goto(pathToFileURL(path).href);
  const seen = await page.evaluate(() => ({
    landmarks: ["header", "main", "footer"].filter((name) => document.querySelectorAll(name).length === 1).length,
    titles: document.querySelectorAll("h1").length,
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    links: [...document.querySelectorAll("a[href]")].map((a) => a.href.baseVal ? new URL(a.href.baseVal, location.href).href : a.href),
    unnamed: [...document.querySelectorAll("main svg")].filter((svg) => !svg.querySelector("title")).length,
  }));
  if (seen.landmarks !== 3) fail(path, "header, main and footer do not stand there once each");
  if (seen.titles !== 1) fail(path, `${seen.titles} first headings`);
  if (seen.wide) fail(path, "is wider than the window");
  if (seen.unnamed > 0) fail(path, "a picture has no title");
  for (const link of new Set(seen.links)) {
    const url = new URL(link);
    if (url.protocol !== "file:") continue;
    const target = fileURLToPath(new URL(url.pathname, "file://"));
    if (!existsSync(target)) fail(path, `link to nowhere: ${link}`);
    else if (url.hash && !(await idsOf(target)).has(decodeURIComponent(url.hash.slice(1)))) fail(path, `no such place: ${link}`);
  }

  // What the program offers.
  const search = await page.$("#search");
  if (search) {
    await page.keyboard.press("/");
    const word = await page.evaluate(() => (document.querySelector("main h2, main h3") || {}).textContent || "");
    await page.keyboard.type(word.slice(0, 12));
    if (word && (await page.$$("#found a")).length === 0) fail(path, `the search does not find "${word}"`);
    await page.keyboard.press("Escape");
  }
  const card = await page.$("main svg a[href^='#element-']");
  if (card) {
    await card.scrollIntoViewIfNeeded();
    await card.hover();
    const hint = await page.$eval(".hint", (node) => (node.hidden ? "" : node.textContent));
    if (!hint) fail(path, "a card says nothing where the pointer is");
    const before = await page.$eval("main svg", (svg) => svg.getAttribute("viewBox"));
    await page.click("figure.picture .zoom button");
    const after = await page.$eval("main svg", (svg) => svg.getAttribute("viewBox"));
    if (before === after) fail(path, "the picture does not zoom");
    await page.click("figure.picture .zoom button:nth-child(3)");
    await card.click();
    if (!page.url().includes("#element-")) fail(path, "a click on a card leads nowhere");
  }
  if (await page.$("#scenario")) {
    const values = await page.$$eval("#scenario option", (options) => options.map((option) => option.value));
    await page.selectOption("#scenario", values.at(-1));
    const said = await page.$eval(".case", (node) => node.textContent);
    if (!said) fail(path, "the scenario switch says nothing");
    await page.selectOption("#scenario", "");
    if ((await page.$$("td.changed")).length > 0) fail(path, "numbers of the scenario stay");
  }
  await page.close();

  // Without its program the page says the same.
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const bare = await plain.newPage();
  await bare.goto(pathToFileURL(path).href);
  if (!(await bare.isVisible("main h1"))) fail(path, "nothing is seen without its program");
  await plain.close();

  if (shots) {
    mkdirSync(shots, { recursive: true });
    for (const scheme of ["light", "dark"]) {
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1400, height: 1000 } });
      const shot = await context.newPage();
      await shot.goto(pathToFileURL(path).href);
      const name = relative(site, path).replace(/[/\\]/g, "_").replace(/\.html$/, "");
      await shot.screenshot({ path: join(shots, `${name}_${scheme}.png`), fullPage: false });
      await context.close();
    }
  }
}
await browser.close();
console.log(failures === 0 ? `${pages.length} pages browsed` : `${failures} faults on ${pages.length} pages`);
process.exit(failures === 0 ? 0 : 1);
