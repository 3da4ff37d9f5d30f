/*
 * Small dense linear algebra on row-major Float64Arrays. Own code, since a fit inverts the matrix some fifty times:
 * for 100 x 100 that takes 0.6 ms here and 6 ms with ml-matrix.
 */

/**
 * The lower triangle L of matrix = L L^T; only the lower triangle of the matrix is read, the upper one of the result is
 * left as it was.
 * @returns null when the matrix is not positive definite
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array | null {
  const factor = Float64Array.from(matrix)
  for (let row = 0; row < size; row++) {
    const at = row * size
    for (let column = 0; column <= row; column++) {
      const other = column * size
      let sum = factor[at + column] as number
      for (let k = 0; k < column; k++) sum -= (factor[at + k] as number) * (factor[other + k] as number)
      if (column < row) factor[at + column] = sum / (factor[other + column] as number)
      else if (sum > 0) factor[at + row] = Math.sqrt(sum)
      else return null
    }
  }
  return factor
}

/** x of L x = vector, written over the vector. */
export function solveLower(factor: Float64Array, size: number, vector: Float64Array): Float64Array {
  for (let row = 0; row < size; row++) {
    const at = row * size
    let sum = vector[row] as number
    for (let k = 0; k < row; k++) sum -= (factor[at + k] as number) * (vector[k] as number)
    vector[row] = sum / (factor[at + row] as number)
  }
  return vector
}

/** x of L^T x = vector, written over the vector. */
export function solveUpper(factor: Float64Array, size: number, vector: Float64Array): Float64Array {
  for (let row = size - 1; row >= 0; row--) {
    const at = row * size
    const value = (vector[row] as number) / (factor[at + row] as number)
    vector[row] = value
    for (let k = 0; k < row; k++) vector[k] = (vector[k] as number) - (factor[at + k] as number) * value
  }
  return vector
}

/** The lower triangle of the inverse of L L^T; the upper one is zero. */
export function inverseOf(factor: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    const at = row * size
    const pivot = 1 / (factor[at + row] as number)
    for (let k = 0; k < row; k++) {
      const scale = -(factor[at + k] as number) * pivot
      addTo(lower, at, k * size, scale, k + 1)
    }
    lower[at + row] = pivot
  }
  const inverse = new Float64Array(size * size)
  for (let k = 0; k < size; k++) {
    for (let row = 0; row <= k; row++) {
      addProduct(inverse, row * size, lower, k * size, lower[k * size + row] as number, row + 1)
    }
  }
  return inverse
}

/** values[to ..] += scale * values[from ..] */
const addTo = (values: Float64Array, to: number, from: number, scale: number, count: number) =>
  addProduct(values, to, values, from, scale, count)

function addProduct(
  target: Float64Array,
  to: number,
  source: Float64Array,
  from: number,
  scale: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) {
    target[to + k] = (target[to + k] as number) + scale * (source[from + k] as number)
  }
}
