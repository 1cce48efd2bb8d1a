import { wholeFrom } from "../frame/accepted.js";

/** The label that stands for any digit. */
export const ANY = 10;

/** Whether an address names a class, or any. */
export const isLabel = wholeFrom(0, ANY);

/** Whether an address names a seed. */
export const isSeed = wholeFrom(0, 2 ** 32 - 1);

/** A seed that nobody chose. */
export const otherSeed = () => Math.floor(Math.random() * 1e6);

/** Pixels as the server tells them while they form, 0..255, as 0..1. @param {ArrayLike<number>} bytes */
export const ofBytes = (bytes) => Float32Array.from(bytes, (byte) => byte / 255);
