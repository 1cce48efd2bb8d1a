// Bundles each page of static/js/ with its style sheets into the folder named first: a script, a late script and a sheet for
// each page, under names that change with their content, compressed beforehand, and manifest.json, which says what belongs to
// which page, which messages its scripts say and what all of it was made of; called by bundle.py.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { later, laterIn, writeLate } from "./split.mjs";

const [outdir] = process.argv.slice(2);
const BARE = "frame"; // the page that says what went wrong has the frame alone
const SHEETS = ["tokens", "base", "controls", "print"];
/** Large libraries that come when they are asked for. */
const LATE = { "vendor/three": "bundles/three.js", "vendor/screenshot": "bundles/screenshot.js" };
const SAID = /\b(?:t|N_)\(\s*"((?:[^"\\]|\\.)*)"/g;
const NAMED = /import\s*\{([^}]*)\}\s*from\s*"(vendor\/\w+)"/g;

const nouns = readdirSync("static/js").filter((noun) => existsSync(`static/js/${noun}/page.js`));
const options = {
  outdir,
  bundle: true,
  preserveSymlinks: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  external: ["messages", "first", "late"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  sourcemap: "linked",
  legalComments: "linked",
  logLevel: "warning",
  metafile: true,
  plugins: [{ name: "pages", setup }],
};
const firsts = Object.fromEntries(nouns.map((noun) => [noun, scriptOf(noun)]));
/** @type {Record<string, string>} what the late scripts take from the first ones */
let exported = {};
const late = await writeLate(firsts, options);
({ exported } = late);
const entryPoints = Object.fromEntries(
  nouns.flatMap((noun) => [
    [noun, `page:${noun}`],
    [`${noun}.sheet`, `sheet:${noun}`],
  ]),
);
// What the first screen needs is compiled at once, where a browser knows the word, and beside the main thread.
const banner = { js: "//# allFunctionsCalledOnLoad" };
const first = await build({ ...options, entryPoints, banner, plugins: [later, ...options.plugins] });
const outputs = Object.assign({}, ...[...late.metafiles, first.metafile].map((each) => each.outputs));

/** @param {import("esbuild").PluginBuild} building */
function setup(building) {
  const here = process.cwd();
  building.onResolve({ filter: /^(page|sheet):/ }, ({ path }) => {
    const [namespace, noun] = path.split(":");
    return { path: noun, namespace };
  });
  building.onLoad({ filter: /./, namespace: "page" }, ({ path }) => ({
    contents: `${laterIn(firsts[path])}\n${exported[path] ?? ""}`,
    resolveDir: here,
  }));
  building.onLoad({ filter: /./, namespace: "sheet" }, ({ path }) => ({
    contents: sheetOf(path),
    loader: "css",
    resolveDir: here,
  }));
  building.onResolve({ filter: /^vendor\// }, ({ path, kind }) => {
    if (!(path in LATE)) return { path: resolve(`bundles/${basename(path)}.js`) };
    return kind === "dynamic-import" ? { path, external: true } : { path, namespace: "library" };
  });
  building.onLoad({ filter: /./, namespace: "library" }, ({ path }) => ({
    contents: `export const { ${namesOf(path).join(", ")} } = await import("${path}");`,
    resolveDir: here,
  }));
}

/** A page's scripts. */
function scriptOf(noun) {
  const own = noun === BARE ? "" : `import "./static/js/${noun}/page.js";`;
  return `import "./static/js/frame/page.js";
    ${own}
    const { embed, lesson } = document.documentElement.dataset;
    if (embed) import("./static/js/frame/embed.js");
    if (lesson) import("./static/js/lesson/lente-lesson-panel.js");`;
}

/** A page's sheets, the fonts first. */
function sheetOf(noun) {
  const names = [noun, `${noun}_studies`, `${noun}_editing`];
  const own = noun === BARE ? [] : names.filter((name) => existsSync(`static/css/${name}.css`));
  const sheets = [...SHEETS, ...own].map((name) => `./static/css/${name}.css`);
  return ["./bundles/fonts.css", ...sheets].map((sheet) => `@import "${sheet}";`).join("\n");
}

/** What the scripts take from a library that comes late. */
function namesOf(library) {
  const found = new Set();
  for (const file of readdirSync("static/js", { recursive: true }).filter((name) => name.endsWith(".js")))
    for (const [, names, from] of readFileSync(`static/js/${file}`, "utf8").matchAll(NAMED))
      if (from === library) for (const name of names.split(",").filter((one) => one.trim())) found.add(name.trim());
  return [...found].sort();
}

const licences = readFileSync("static/vendor/licences.txt", "utf8");
const manifest = { inputs: {}, fonts: {}, pages: {} };
for (const path of ["package-lock.json", "bundles/pages.mjs", "bundles/split.mjs"]) await remember(path);
for (const [path, { entryPoint, inputs }] of Object.entries(outputs)) {
  const name = basename(path);
  const [, family] = /-(next|mono)-latin-wght-normal-\w+\.woff2$/.exec(name) ?? [];
  if (family) manifest.fonts[family] = name;
  if (!entryPoint) continue;
  const [namespace, noun] = entryPoint.split(":");
  const page = (manifest.pages[noun] ??= { messages: [] });
  page[namespace] = name;
  for (const input of Object.keys(inputs)) {
    const [, library] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? [];
    if (library && !licences.includes(`${library} `)) throw new Error(`${library} is bundled without its licence`);
    if (!/^(static|bundles)\//.test(input)) continue;
    await remember(input);
    if (!input.endsWith(".js")) continue;
    for (const [, text] of readFileSync(input, "utf8").matchAll(SAID)) page.messages.push(JSON.parse(`"${text}"`));
  }
  page.messages = [...new Set(page.messages)].sort();
}
await writeFile(`${outdir}/manifest.json`, JSON.stringify(manifest));

/** Its digest tells whether the bundle is what it was made of. */
async function remember(path) {
  manifest.inputs[path] ??= createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

const level = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
for (const path of Object.keys(outputs).filter((name) => /\.(js|css)$/.test(name))) {
  const content = await readFile(path);
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, level));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
}
