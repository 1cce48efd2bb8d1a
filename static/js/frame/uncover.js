/**
 * Shows what follows an element of the page once that has come, so that nothing is seen and then pushed away: until the
 * scripts run the style sheet sees to that, but looks at the whole page again whenever a part of it becomes another.
 *
 * @param {HTMLElement} main
 */
export async function uncover(main) {
  const coming = [...main.querySelectorAll(":not(:defined)")];
  main.dataset.coming = "late";
  for (const element of coming) {
    // What said why it cannot be shown has taken the place of others meanwhile.
    if (customElements.get(element.localName) || !main.contains(element)) continue;
    const after = following(element, main);
    for (const each of after) each.toggleAttribute("data-waits", true);
    await customElements.whenDefined(element.localName);
    for (const each of after) each.removeAttribute("data-waits");
  }
  main.removeAttribute("data-coming");
}

/** All that stands after an element: what follows it, and what follows those around it. @param {Element} element @param {Element} main */
function following(element, main) {
  const found = [];
  for (let around = element; around !== main; around = /** @type {Element} */ (around.parentElement))
    for (let next = around.nextElementSibling; next; next = next.nextElementSibling) found.push(next);
  return found;
}
