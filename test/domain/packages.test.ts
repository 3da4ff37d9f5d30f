import { expect, it } from 'vitest'
import { isKnownPackage, normaliseName, packageOf } from '../../src/domain/packages.ts'

it.each([
  ['cv2', 'opencv-python-headless'],
  ['PIL', 'pillow'],
  ['sklearn', 'scikit-learn'],
  ['yaml', 'PyYAML'],
  ['skimage', 'scikit-image'],
  ['einops', 'einops'],
  ['huggingface_hub', 'huggingface-hub'],
  ['six', 'six'],
  // Nobody knows whose these are.
  ['utils', null],
  ['google', null],
  ['toString', null],
])('%s comes from %s', (module, expected) => {
  expect(packageOf(module)).toBe(expected)
})

it('compares names as PyPI does', () => {
  expect(['Scikit_Learn', 'scikit.learn', 'scikit--learn'].map(normaliseName)).toEqual(
    Array(3).fill('scikit-learn'),
  )
  expect(['Scikit_Learn', 'numpy', 'libgcc-ng', 'mkl'].map(isKnownPackage)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
