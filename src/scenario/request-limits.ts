/** Blocks that the driver takes in one request (linux reference 5.12). */
export const MAX_BLOCKS = 190;
