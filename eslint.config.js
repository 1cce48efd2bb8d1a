import { dirname, relative, resolve } from "node:path";
import { configs as lit } from "eslint-plugin-lit";

/**
 * The arithmetic, by room: files that know no document, ask no server and import nothing but each other, so that Node can
 * test them and nothing but their arguments decides what they answer.
 */
const ARITHMETIC = Object.entries({
  autoencoder: ["pca"],
  convolution: ["arithmetic", "examples", "kernels", "model", "painting", "pointing", "run", "state", "window"],
  diffusion: ["apart", "plane", "rubbed", "schedule", "turns"],
  digits: [
    "ascent",
    "centre_digit",
    "explain_unit",
    "forward",
    "kernel_sheet",
    "occlusion",
    "shift",
    "receptive_regions",
    "samples",
    "flat/layout",
    "flat/paint_cells",
    "space/camera",
    "space/layout",
  ],
  features: [
    "cubes",
    "edits",
    "maps",
    "model",
    "move_crop",
    "reliability",
    "shown",
    "sheet_plan",
    "state",
    "terms",
    "wiring",
  ],
  frame: ["accepted", "address_table", "drawing_codec", "edit_codec", "embed_code", "typeset", "written_numbers"],
  image: ["painting", "pan_frames", "state"],
  learning: ["came_in", "loss_plane", "one_kernel"],
  latent: ["bells", "between", "dense_network", "geometry", "plane/view"],
  lesson: ["steps"],
  shared: [
    "colours",
    "losses",
    "newest",
    "resample",
    "safetensors",
    "statistics",
    "tensors",
    "units",
    "worked",
    "pictures/stroke",
    "ui/grid_keys",
    "ui/slider_rows",
  ],
}).flatMap(([room, names]) => names.map((name) => `static/js/${room}/${name}.js`));

/** Where each room may import from, beside itself: what is not named here, from the frame and from what is shared. */
const BELOW = {
  frame: [],
  shared: ["frame"],
  autoencoder: ["frame", "shared", "digits", "latent"], // the digits' reader, the codes' spaces and their plane
  learning: ["frame", "shared", "convolution", "digits"], // kernels and their editor; the digit network
  latent: ["frame", "shared", "digits"], // what the digit network reads in a decoded picture
  diffusion: ["frame", "shared", "digits", "latent", "autoencoder"], // the digits' source and reader, the codes and their plane
  lesson: ["frame", "shared", "convolution"], // its steps are states and examples of the convolution
};

/** The files that know the server's addresses; elements ask them. */
const SERVER = ["static/js/*/server.js", "static/js/shared/server/*.js", "static/js/shared/pictures/pictures.js"];

/** Where an import leads, from the repository's root; null for a bare name such as vendor/lit. */
const targetOf = (context, { value }) =>
  value.startsWith(".") ? relative(context.cwd, resolve(dirname(context.filename), value)) : null;

const onlyArithmetic = {
  create: (context) => ({
    ImportDeclaration({ source }) {
      if (!ARITHMETIC.includes(targetOf(context, source)))
        context.report({ node: source, message: "arithmetic imports nothing but arithmetic" });
    },
  }),
};

const onlyDown = {
  create: (context) => {
    const [, , room] = relative(context.cwd, context.filename).split("/");
    const allowed = [room, ...(BELOW[room] ?? ["frame", "shared"])];
    return {
      ImportDeclaration({ source }) {
        const [, , other] = targetOf(context, source)?.split("/") ?? [];
        if (other && !allowed.includes(other))
          context.report({ node: source, message: `${room} imports from ${allowed.join(", ")} alone` });
      },
    };
  },
};

const noAddresses = {
  create: (context) => {
    const report = (node, text) => {
      if (text.includes("/api/")) context.report({ node, message: "addresses of the API are in the room's server.js" });
    };
    return {
      Literal: (node) => typeof node.value === "string" && report(node, node.value),
      TemplateElement: (node) => report(node, node.value.raw),
    };
  },
};

/** Rules that find mistakes; the layout is prettier's. */
export default [
  {
    files: ["static/js/**/*.js", "tests/js/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    rules: {
      "no-unused-vars": ["error", { args: "after-used" }],
      "no-undef": "off", // tsc knows better
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-shadow": "error",
      "no-self-compare": "error",
      "no-unreachable": "error",
      "no-dupe-keys": "error",
      "no-constant-condition": "error",
      "no-implicit-globals": "error",
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "name what you export" }],
    },
  },
  { files: ["static/js/**/*.js"], ...lit["flat/recommended"] },
  {
    files: ["static/js/**/*.js"],
    plugins: {
      lente: { rules: { "only-down": onlyDown, "only-arithmetic": onlyArithmetic, "no-addresses": noAddresses } },
    },
    rules: { "lente/only-down": "error" },
  },
  { files: ["static/js/**/*.js"], ignores: SERVER, rules: { "lente/no-addresses": "error" } },
  {
    // What a room asks of the server, its server.js knows how to ask.
    files: ["static/js/features/**/*.js"],
    ignores: ["**/server.js"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "name what you export" },
        { selector: "Literal[value=/^\\/api\\//]", message: "addresses of the API are in server.js" },
        { selector: "TemplateElement[value.raw=/\\/api\\//]", message: "addresses of the API are in server.js" },
      ],
    },
  },
  {
    files: ARITHMETIC,
    rules: {
      "no-restricted-globals": ["error", "document", "window", "localStorage", "fetch"],
      "lente/only-arithmetic": "error",
    },
  },
];
