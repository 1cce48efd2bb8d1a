const MARGIN = "500px";

/**
 * Resolves once the element is on the screen or close to it: what lies far below loads later.
 *
 * @param {Element} element
 * @returns {Promise<void>}
 */
export function whenNear(element) {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        resolve();
      },
      { rootMargin: MARGIN },
    );
    observer.observe(element);
  });
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
