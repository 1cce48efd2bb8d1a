import { calm } from "./calm.js";

const MARGIN = "500px";

/**
 * Resolves once the element is on the screen, or close to it and the page waits for nothing else: what lies far below loads
 * later. Where the visitor saves data, what is on the screen alone counts.
 *
 * @param {Element} element
 * @returns {Promise<void>}
 */
export function whenNear(element) {
  const saving = /** @type {any} */ (navigator).connection?.saveData;
  return new Promise((resolve) => {
    within(element, "0px", resolve);
    if (!saving) within(element, MARGIN, () => calm().then(resolve));
  });
}

/** @param {Element} element @param {string} margin around the screen @param {() => void} come called once */
function within(element, margin, come) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      come();
    },
    { rootMargin: margin },
  );
  observer.observe(element);
}

/** Knows whether its element is on the screen or close to it, and has it rendered again once it is. */
export class Near {
  /** @param {import("vendor/lit").LitElement} host @param {() => void} [come] called first */
  constructor(host, come = () => {}) {
    this.host = host;
    this.come = come;
    this.watches = false;
    /** Whether the element has come near. */ this.here = false;
    host.addController(this);
  }

  hostUpdated() {
    if (this.watches) return;
    this.watches = true;
    whenNear(this.host).then(() => {
      this.here = true;
      this.come();
      this.host.requestUpdate();
    });
  }
}
