// Divides a page's scripts in two: what its first screen needs, and what it imports when that is wanted. Both are called by
// the import map "first" and "late"; what both need is in the first, which exports what the late one takes from it.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";

/** A part that is imported when it is wanted, as scripts write it; what goes on with a dot is a type in a comment. */
const WANTED = /(=>|await|\)) import\("(\.[^"]+)"\)(?!\.)/g;
const TAKEN = /import\s*\{([^}]*)\}\s*from\s*"first"/g;

/** @typedef {Map<string, [string, string][]>} Names what modules export, by path, each with a name that is no other's */

/** @param {string} path @returns {string} from here, as metafiles have it */
const nameOf = (path) => relative(process.cwd(), path).replaceAll("\\", "/");

/** Has what a script imports when it is wanted come with the late script. */
export const later = {
  name: "later",
  /** @param {import("esbuild").PluginBuild} building */
  setup(building) {
    building.onLoad({ filter: /[\\/]static[\\/]js[\\/].*\.js$/ }, async ({ path }) => ({
      contents: laterIn(await readFile(path, "utf8"), resolve(path, "..")),
    }));
  },
};

/** @param {string} text of a script @param {string} folder that it lies in */
export const laterIn = (text, folder = process.cwd()) =>
  text.replace(
    WANTED,
    (_, before, path) => `${before} import("late").then(({ parts }) => parts["${nameOf(resolve(folder, path))}"]())`,
  );

/**
 * Writes the late scripts of pages.
 *
 * @param {Record<string, string>} firsts by noun: what a page begins with
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<{metafiles: import("esbuild").Metafile[], exported: Record<string, string>}>} and what each page's first
 *   script has to export for them
 */
export async function writeLate(firsts, options) {
  const entryPoints = Object.fromEntries(Object.keys(firsts).map((noun) => [noun, `page:${noun}`]));
  const { outputs } = await asked(entryPoints, [later, ...options.plugins], options);
  const held = Object.fromEntries(Object.keys(firsts).map((noun) => [noun, heldIn(outputs[`${noun}.js`])]));
  const known = await exportsOf([...new Set(Object.values(held).flat())], options);
  const metafiles = [];
  const exported = {};
  for (const [noun, text] of Object.entries(firsts)) {
    let count = 0;
    /** @type {Names} */
    const names = new Map(held[noun].map((path) => [path, known[path].map((name) => [name, `s${count++}`])]));
    const plugins = [{ name: "late", setup: lateOf(await wantedIn(text, held[noun]), names) }, ...options.plugins];
    const late = await build({ ...options, entryPoints: { [`${noun}.late`]: `late:${noun}` }, plugins });
    metafiles.push(late.metafile);
    const [script] = Object.keys(late.metafile.outputs).filter((name) => late.metafile.outputs[name].entryPoint);
    exported[noun] = taken(await readFile(script, "utf8"), names);
  }
  return { metafiles, exported };
}

/** The modules that a script holds something of. @param {import("esbuild").Metafile["outputs"][string]} output */
const heldIn = ({ inputs }) => Object.keys(inputs).filter((path) => inputs[path].bytesInOutput && /\.m?js$/.test(path));

/** What esbuild tells of scripts that it does not write. */
async function asked(entryPoints, plugins, options) {
  const names = { outdir: ".", entryNames: "[name]" };
  const { metafile } = await build({ ...options, ...names, entryPoints, plugins, write: false, sourcemap: false });
  return metafile;
}

/** The parts that a page's first script imports when they are wanted. @param {string} text @param {string[]} held */
async function wantedIn(text, held) {
  const found = [...text.matchAll(WANTED)].map(([, , path]) => nameOf(resolve(path)));
  for (const path of held.filter((name) => name.startsWith("static/js/")))
    for (const [, , part] of (await readFile(path, "utf8")).matchAll(WANTED))
      found.push(nameOf(resolve(path, "..", part)));
  return [...new Set(found)].sort();
}

/**
 * What modules export.
 *
 * @param {string[]} paths
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<Record<string, string[]>>} by path
 */
async function exportsOf(paths, options) {
  const entryPoints = Object.fromEntries(paths.map((path, i) => [`m${i}`, resolve(path)]));
  const { outputs } = await asked(entryPoints, options.plugins, { ...options, minify: false });
  return Object.fromEntries(paths.map((path, i) => [path, outputs[`m${i}.js`].exports]));
}

/** @param {string[]} parts @param {Names} names of what the first script holds */
const lateOf = (parts, names) => (/** @type {import("esbuild").PluginBuild} */ building) => {
  const resolveDir = process.cwd();
  building.onResolve({ filter: /^late:/ }, ({ path }) => ({ path: path.slice(5), namespace: "late" }));
  building.onLoad({ filter: /./, namespace: "late" }, () => ({
    contents: `export const parts = { ${parts.map((path) => `"${path}": () => import("./${path}")`).join(", ")} };`,
    resolveDir,
  }));
  building.onResolve({ filter: /./ }, async ({ path, pluginData, ...more }) => {
    if (more.kind === "entry-point" || pluginData === names || path === "first") return null;
    const found = await building.resolve(path, { ...more, pluginData: names });
    return names.has(nameOf(found.path)) ? { path: nameOf(found.path), namespace: "first" } : found;
  });
  building.onLoad({ filter: /./, namespace: "first" }, ({ path }) => ({
    contents: `export { ${names
      .get(path)
      .map(([name, among]) => `${among} as ${name}`)
      .join(", ")} } from "first";`,
  }));
};

/** The lines with which the first script exports what the late one takes. @param {string} late @param {Names} names */
function taken(late, names) {
  const wanted = new Set(
    [...late.matchAll(TAKEN)].flatMap(([, list]) => list.split(",").map((one) => one.split(" as ")[0].trim())),
  );
  return [...names]
    .map(([path, all]) => [path, all.filter(([, among]) => wanted.has(among))])
    .filter(([, some]) => some.length)
    .map(
      ([path, some]) => `export { ${some.map(([name, among]) => `${name} as ${among}`).join(", ")} } from "./${path}";`,
    )
    .join("\n");
}
