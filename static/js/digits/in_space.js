import { fetchLate } from "../frame/fetch_late.js";
import { writeUrl } from "../frame/address.js";
import { onWindow } from "../frame/events.js";
import { t } from "../frame/i18n.js";
import { unitIndex, unitOf } from "../shared/units.js";
import { explainUnit } from "./explain_unit.js";
import { receptiveRegions } from "./receptive_regions.js";

/**
 * The switch between the flat network and the one in space, whose library is loaded when it is first asked for.
 *
 * @param {import("./session.js").DigitSession} session
 * @param {import("./flat/lente-network-2d.js").LenteNetwork2d} flat
 * @param {(event: Event) => void} onPin
 * @param {(event: Event) => void} onHover
 * @returns {{show: (view: string) => void}}
 */
export function showInSpace(session, flat, onPin, onHover) {
  const buttons = [...document.querySelectorAll("[data-view]")].map(
    (element) => /** @type {HTMLButtonElement} */ (element),
  );
  /** @type {import("./space/lente-network-3d.js").LenteNetwork3d | null} */
  let space = null;
  /** On its way or there: one, however often it is asked for. @type {ReturnType<typeof make> | null} */
  let coming = null;
  /** The last view that was asked for. */ let latest = "2d";

  /** @param {string} view */
  async function show(view) {
    latest = view;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    for (const tool of document.querySelectorAll("[data-flat]")) tool.toggleAttribute("hidden", view === "3d");
    if (view === "3d") {
      space = await (coming ??= make());
      if (!space) coming = null;
      if (space && latest !== view) space.hidden = true;
      if (latest !== view) return;
      if (!space) return show("2d");
    }
    if (view === "3d" && space?.missing) return stayFlat();
    flat.hidden = view === "3d";
    if (space) space.hidden = view !== "3d";
    follow();
  }

  async function make() {
    if (!(await fetchLate(() => import("./space/lente-network-3d.js")))) return null;
    const made = /** @type {import("./space/lente-network-3d.js").LenteNetwork3d} */ (
      document.createElement("lente-network-3d")
    );
    made.layers = flat.shapes;
    made.classes = Array.from("0123456789");
    made.label = t("The network in space");
    made.maps = { input: "grey" };
    made.ranges = { input: { low: 0, high: 1 } };
    made.edges = (layer, unit) => {
      if (!session.activations) return null;
      const { terms } = explainUnit(session.layers, session.weights, session.activations, layer, unit);
      return terms.map((term) => ({ layer: term.layer, unit: term.unit, contribution: term.product }));
    };
    made.regions = (layer, unit) => receptiveRegions(session.layers, [1, 28, 28], layer, unit);
    made.addEventListener("unit-pin", onPin);
    made.addEventListener("unit-hover", (event) => {
      const place = /** @type {CustomEvent<{layer: string, unit: number[]} | null>} */ (event).detail;
      const shape = place && flat.shapes.find(({ name }) => name === place.layer)?.shape;
      flat.touched = place && shape ? { layer: place.layer, index: unitIndex(shape, place.unit) } : null;
      onHover(event);
    });
    flat.after(made);
    await made.updateComplete;
    return made;
  }

  /** Without WebGL: the notice that says so stays, under the flat network. */
  function stayFlat() {
    for (const button of buttons) if (button.dataset.view === "3d") button.disabled = true;
    show("2d");
    space?.removeAttribute("hidden");
  }

  function follow() {
    if (!space || space.hidden || !session.activations) return;
    space.activations = session.activations;
    const place = flat.selected;
    const shape = place && flat.shapes.find(({ name }) => name === place.layer)?.shape;
    space.selected = place && shape ? { layer: place.layer, unit: unitOf(shape, place.index) } : null;
  }

  /** What is touched in the explanation or in the answer is touched in space too. @param {{layer: string, unit: number[]} | null} place */
  function touch(place) {
    if (space) space.touched = place;
  }

  for (const button of buttons)
    button.addEventListener("click", () => {
      show(button.dataset.view ?? "2d");
      writeUrl({ view: button.dataset.view === "3d" ? "3d" : undefined });
    });
  session.addEventListener("read", follow);
  onWindow("digit-pinned", follow);
  addEventListener("unit-touch", (event) => touch(/** @type {CustomEvent<any>} */ (event).detail));
  addEventListener("digit-touch", (event) => {
    const digit = /** @type {CustomEvent<number | null>} */ (event).detail;
    touch(digit === null ? null : { layer: "softmax", unit: [digit] });
  });
  return { show };
}
