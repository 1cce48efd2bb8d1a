const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];

/** Brings the part of the page that the address names into sight, which may come late, and keeps it there until a hand moves. */
export function goToPart() {
  const name = decodeURIComponent(location.hash.slice(1));
  if (!name) return;
  const growing = new ResizeObserver(() => document.getElementById(name)?.scrollIntoView({ behavior: "instant" }));
  growing.observe(document.body);
  for (const hand of HANDS) addEventListener(hand, () => growing.disconnect(), { once: true, passive: true });
}
