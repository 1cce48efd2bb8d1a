/** The letter A of the talk's slides, in grey: 0 is black, 1 would be white. */
export const LETTER = [
  [0, 0.6, 0.6, 0],
  [0.6, 0, 0, 0.6],
  [0.6, 0.6, 0.6, 0.6],
  [0.6, 0, 0, 0.6],
];

/** Their pixels as codes from 0 to 255. */
export const CODES = [
  [60, 113, 56, 139, 85],
  [73, 121, 54, 84, 128],
  [131, 99, 70, 129, 127],
  [80, 57, 115, 69, 134],
  [104, 126, 123, 95, 130],
];
