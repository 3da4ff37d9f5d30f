/** A value as a person reads it. */
export const show = (value: number): string => String(Number(value.toPrecision(4)))
