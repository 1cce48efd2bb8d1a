/** The label that stands for any digit. */
export const ANY = 10;

/** Whether an address names a class, or any. @param {number} label */
export const isLabel = (label) => Number.isInteger(label) && label >= 0 && label <= ANY;

/** Whether an address names a seed. @param {number} seed */
export const isSeed = (seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32;

/** A seed that nobody chose. */
export const otherSeed = () => Math.floor(Math.random() * 1e6);

/** Pixels as the server tells them while they form, 0..255, as 0..1. @param {ArrayLike<number>} bytes */
export const ofBytes = (bytes) => Float32Array.from(bytes, (byte) => byte / 255);
