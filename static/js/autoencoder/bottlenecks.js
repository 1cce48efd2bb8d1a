/** Numbers in the codes of the autoencoders, each twice the one before: that with ten is there to stand beside a VAE. */
export const SIZES = [1, 2, 4, 8, 16, 32];

/** @param {number} size */
export const modelOf = (size) => `autoencoder_${size}d`;

/** The size that a name stands for; 0 where it is no autoencoder of the box. @param {string | undefined} model */
export const sizeOf = (model) => SIZES.find((size) => modelOf(size) === model) ?? 0;

/** How many numbers an encoder makes of a picture before the code. */
export const ENCODER = [784, 256, 128];
/** How many a decoder makes of a code. */
export const DECODER = [128, 128, 256, 784];
