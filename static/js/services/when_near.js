const MARGIN = "500px";

/**
 * Resolves once the element is on the screen or close to it: what lies far below loads later.
 *
 * @param {Element} element
 * @returns {Promise<void>}
 */
export function whenNear(element) {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      resolve();
    }, { rootMargin: MARGIN });
    observer.observe(element);
  });
}
