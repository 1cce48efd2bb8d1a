// Bundles the entries named on the command line into the folder named first, with the licences of all that went into
// them; called by bundle.py.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";

const [outdir, ...entryPoints] = process.argv.slice(2);
const { metafile } = await build({
  entryPoints,
  outdir,
  bundle: true,
  minify: true,
  format: "esm",
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  legalComments: "linked",
  logLevel: "warning",
  metafile: true,
});
const bundled = Object.keys(metafile.inputs).flatMap(
  (path) => path.match(/^node_modules\/((@[^/]+\/)?[^/]+)/)?.[1] ?? [],
);
const packages = new Map();
for (const name of bundled) await add(name, true);
const texts = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
await writeFile(`${outdir}/licences.txt`, texts.join(`\n${"-".repeat(80)}\n\n`));

/** A package's name, version, licence and its text, and those of what it stands on: it may have bundled that itself. */
async function add(name, isBundled) {
  if (packages.has(name)) return;
  const folder = `node_modules/${name}`;
  const { version, license, dependencies = {} } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  if (isBundled && !files.length) throw new Error(`${name} ${version} comes without the text of its licence`);
  const parts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
  packages.set(name, `${name} ${version} (${license})\n\n${parts.map((part) => part.trim()).join("\n\n")}\n`);
  for (const needed of Object.keys(dependencies)) await add(needed, false);
}
