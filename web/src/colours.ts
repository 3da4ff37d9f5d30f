/** Can be told apart in both schemes, and by most who see colours otherwise. */
const COLOURS = 6

/** The colour of the nth of several things that are compared. Pure. */
export const colourOf = (index: number) => `var(--series-${(index % COLOURS) + 1})`
