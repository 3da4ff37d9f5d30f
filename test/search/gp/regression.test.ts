import { describe, expect, test } from 'vitest'
import { cholesky, inverseOf, solveLower, solveUpper } from '../../../src/search/gp/cholesky.ts'
import { covariance, matern52 } from '../../../src/search/gp/kernel.ts'
import { negativeLogPosterior, priorsOf } from '../../../src/search/gp/likelihood.ts'
import { minimise } from '../../../src/search/gp/minimise.ts'
import { condition, fitGaussianProcess, fitHyperparameters } from '../../../src/search/gp/regression.ts'
import { createRandom } from '../../../src/search/random.ts'

const random = createRandom(7)
const points = (count: number, columns: number) =>
  Array.from({ length: count }, () => Array.from({ length: columns }, () => random()))

describe('linear algebra', () => {
  const size = 9
  const root = points(size, size)
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size]
    const product = root.reduce((sum, line) => sum + (line[row] ?? 0) * (line[column] ?? 0), 0)
    return product + (row === column ? 0.1 : 0)
  })
  const factor = cholesky(matrix, size) as Float64Array
  const times = (vector: Float64Array) =>
    Float64Array.from({ length: size }, (_, row) =>
      vector.reduce((sum, value, column) => sum + value * (matrix[row * size + column] ?? 0), 0),
    )

  test('solves what it was asked', () => {
    const right = Float64Array.from({ length: size }, (_, at) => at - 3)
    const solution = solveUpper(factor, size, solveLower(factor, size, right.slice()))
    times(solution).forEach((value, at) => {
      expect(value).toBeCloseTo(right[at] ?? 0, 9)
    })
  })

  test('the inverse times the matrix is one', () => {
    const inverse = inverseOf(factor, size)
    for (let column = 0; column < size; column++) {
      const line = Float64Array.from(
        { length: size },
        (_, row) => inverse[Math.max(row, column) * size + Math.min(row, column)] ?? 0,
      )
      times(line).forEach((value, row) => {
        expect(value).toBeCloseTo(row === column ? 1 : 0, 8)
      })
    }
  })

  test('tells a matrix that is not positive definite', () => {
    expect(cholesky(Float64Array.of(1, 0, 2, 1), 2)).toBeNull()
    expect(cholesky(Float64Array.of(Number.NaN), 1)).toBeNull()
  })
})

test('finds the minimum of the Rosenbrock function', () => {
  const { point } = minimise(
    ([x = 0, y = 0]) => ({
      value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      gradient: [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    }),
    [-1.2, 1],
    200,
    1e-12,
  )
  expect(point[0]).toBeCloseTo(1, 4)
  expect(point[1]).toBeCloseTo(1, 4)
})

describe('the kernel', () => {
  test('is the published Matern formula with nu = 5/2', () => {
    expect(matern52(0)).toBe(1)
    // r = 1: (1 + sqrt 5 + 5/3) exp(-sqrt 5)
    expect(matern52(1)).toBeCloseTo(0.5239941088318203, 12)
  })

  test('categories are equal or not; numbers are near or far', () => {
    const parameters = { lengthScales: [0.5, 2], signal: 3, noise: 0 }
    const nominal = [false, true]
    expect(covariance([0.1, 0.2], [0.6, 0.2], parameters, nominal)).toBeCloseTo(3 * matern52(1))
    expect(covariance([0.1, 0.2], [0.1, 0.3], parameters, nominal)).toBeCloseTo(3 * matern52(0.25))
    expect(covariance([0.1, 0.2], [0.1, 0.9], parameters, nominal)).toBeCloseTo(3 * matern52(0.25))
  })
})

describe('the posterior of the hyperparameters', () => {
  const observations = {
    points: points(12, 3).map(([a = 0, b = 0, c = 0]) => [a, b, c < 0.5 ? 0.25 : 0.75]),
    targets: Array.from({ length: 12 }, () => 2 * random() - 1),
    nominal: [false, false, true],
    repeats: Array.from({ length: 12 }, (_, at) => 1 + (at % 3)),
    extraVariance: Array.from({ length: 12 }, (_, at) => (at % 2) * 0.1),
  }
  const evaluate = negativeLogPosterior(observations, priorsOf(3))

  test.each([[[0, 0, 0, 0, 0]], [[0.7, -1.1, 0.4, 0.9, -0.6]], [[-2, 2, 1, -1, 2]]])(
    'has the gradient of its finite differences at %j',
    (point) => {
      const { gradient } = evaluate(point)
      point.forEach((_, at) => {
        const moved = (by: number) => evaluate(point.map((x, k) => (k === at ? x + by : x))).value
        expect(gradient[at]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 5)
      })
    },
  )

  test('is that of one observation by hand', () => {
    const one = negativeLogPosterior({ points: [[0.5]], targets: [1.5], nominal: [false] }, priorsOf(1))
    const variance = Math.exp(0.5 * 0.2) + 1e-3
    expect(one([0, 0.2, 0]).value).toBeCloseTo(1.5 ** 2 / variance / 2 + Math.log(variance) / 2 + 0.02, 10)
  })
})

describe('a Gaussian process', () => {
  const parameters = { lengthScales: [0.5], signal: 2, noise: 0.1 }

  test('predicts what the formula of one observation says', () => {
    const process = condition({ points: [[0.2]], targets: [1.5], nominal: [false] }, parameters)
    const [prediction] = process.predict([[0.7]])
    const k = 2 * matern52(1)
    expect(prediction?.mean).toBeCloseTo((k / 2.1) * 1.5, 8)
    expect(prediction?.variance).toBeCloseTo(2 - (k * k) / 2.1, 8)
  })

  test('predicts what the formula of two observations says', () => {
    const observations = {
      points: [[0.2], [0.6]],
      targets: [1, -1],
      nominal: [false],
      repeats: [1, 4],
      extraVariance: [0.3, 0],
    }
    const [k1, k2, k12] = [0.5, 0.3, 0.8].map((distance) => 2 * matern52(distance ** 2)) as [
      number,
      number,
      number,
    ]
    // Points 0.2 and 0.6, asked at 0.45, in length-scales of 0.5.
    const [a, b] = [2 + 0.1 + 0.3, 2 + 0.1 / 4]
    const determinant = a * b - k12 * k12
    const [prediction] = condition(observations, parameters).predict([[0.45]])
    const mean = (k1 * (b * 1 - k12 * -1) + k2 * (a * -1 - k12 * 1)) / determinant
    const explained = (k1 * (b * k1 - k12 * k2) + k2 * (a * k2 - k12 * k1)) / determinant
    expect(prediction?.mean).toBeCloseTo(mean, 7)
    expect(prediction?.variance).toBeCloseTo(2 - explained, 7)
  })

  test('the joint distribution agrees with the single ones and between equal points', () => {
    const process = condition(
      { points: points(6, 1), targets: [1, 0, -1, 1, 0.5, 0], nominal: [false] },
      parameters,
    )
    const asked = [[0.3], [0.9], [0.3]]
    const { means, covariance: joint } = process.joint(asked)
    process.predict(asked).forEach(({ mean, variance }, at) => {
      expect(means[at]).toBeCloseTo(mean, 10)
      expect(joint[at]?.[at]).toBeCloseTo(variance, 10)
    })
    expect(joint[0]?.[2]).toBeCloseTo(joint[0]?.[0] as number, 10)
    expect(joint[0]?.[1]).toBeCloseTo(joint[1]?.[0] as number, 10)
  })

  test('without observations it is its prior', () => {
    const process = fitGaussianProcess({ points: [], targets: [], nominal: [false] })
    expect(process.predict([[0.5]])[0]?.mean).toBe(0)
    expect(process.predict([[0.5]])[0]?.variance).toBeCloseTo(process.signal)
    expect(process.lengthScales[0]).toBeCloseTo(0.5)
  })

  test('learns which column matters, and how much noise there is', () => {
    const seen = points(40, 3)
    const targets = (noise: number) => seen.map(([x = 0]) => 1.5 * Math.sin(7 * x) + noise * (random() - 0.5))
    const nominal = [false, false, false]
    const clean = fitHyperparameters({ points: seen, targets: targets(0), nominal })
    const noisy = fitHyperparameters({ points: seen, targets: targets(2), nominal })
    const [first, ...others] = clean.lengthScales as [number, number, number]
    expect(Math.min(...others)).toBeGreaterThan(3 * first)
    expect(noisy.noise).toBeGreaterThan(30 * clean.noise)
    const process = condition({ points: seen, targets: targets(0), nominal }, clean)
    for (const { mean } of process.predict([[0.22, 0.5, 0.5]]))
      expect(mean).toBeCloseTo(1.5 * Math.sin(1.54), 1)
  })

  test('equal points with equal and different targets are borne', () => {
    const same = Array.from({ length: 20 }, () => [0.5, 0.5])
    for (const targets of [same.map(() => 0), same.map((_, at) => at % 2)]) {
      const process = fitGaussianProcess({ points: same, targets, nominal: [false, true] })
      for (const { mean, variance } of process.predict([[0.5, 0.5]])) {
        expect(Number.isFinite(mean) && variance >= 0).toBe(true)
      }
    }
  })

  test('refuses what is not finite', () => {
    expect(() => condition({ points: [[Number.NaN]], targets: [1], nominal: [false] }, parameters)).toThrow(
      RangeError,
    )
  })
})
