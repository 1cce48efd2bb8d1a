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
  {
    files: ["static/js/lib/**/*.js"],
    rules: {
      "no-restricted-globals": ["error", "document", "window", "localStorage", "fetch"],
      "no-restricted-imports": ["error", { patterns: ["vendor/*", "../elements/*", "../services/*", "../pages/*"] }],
    },
  },
];
