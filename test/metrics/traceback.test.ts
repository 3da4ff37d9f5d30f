import { expect, test } from 'vitest'
import { classifyException, readTraceback } from '../../src/metrics/traceback.ts'

const isUserFile = (path: string) => path.startsWith('/workspace/')
const read = (text: string) => readTraceback(text.split('\n'), isUserFile)

const VALUE_ERROR = `Epoch 1
Traceback (most recent call last):
  File "/workspace/train.py", line 30, in <module>
    main()
    ~~~~^^
  File "/workspace/train.py", line 12, in main
    model.fit(X, y)
  File "/usr/lib/python3/dist-packages/sklearn/base.py", line 1389, in wrapper
    return fit_method(estimator, *args, **kwargs)
sklearn.utils.ValueError: Input X contains NaN.
SVC does not accept missing values`

test('finds the deepest frame of the user', () => {
  expect(read(VALUE_ERROR)).toEqual({
    error: 'ValueError',
    message: 'Input X contains NaN.',
    file: '/workspace/train.py',
    line: 12,
    code: 'model.fit(X, y)',
    traceback: expect.stringMatching(/^Traceback[\s\S]*Input X contains NaN\.$/),
  })
})

test('takes the last of chained exceptions', () => {
  const text = `Traceback (most recent call last):
  File "/workspace/a.py", line 1, in <module>
    f()
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/workspace/b.py", line 2, in <module>
    g()
RuntimeError`
  expect(read(text)).toMatchObject({ error: 'RuntimeError', message: '', file: '/workspace/b.py', line: 2 })
})

test('reads a syntax error, which has no heading', () => {
  const text = `  File "/workspace/train.py", line 3
    x = = 3
        ^
SyntaxError: invalid syntax`
  expect(read(text)).toMatchObject({
    error: 'SyntaxError',
    file: '/workspace/train.py',
    line: 3,
    code: 'x = = 3',
  })
})

test('falls back to the deepest frame of all, and to nothing', () => {
  const text = 'Traceback (most recent call last):\n  File "<frozen runpy>", line 1, in f\nImportError: no'
  expect(read(text)).toMatchObject({ file: '<frozen runpy>', line: 1, code: null })
  expect(read('all is well')).toBeNull()
  expect(read('Traceback (most recent call last):\n  File "/workspace/a.py", line 1, in f')).toBeNull()
  expect(read('')).toBeNull()
})

test.each([
  ['ModuleNotFoundError', 'source'],
  ['SyntaxError', 'source'],
  ['FileNotFoundError', 'source'],
  ['NameError', 'source'],
  ['ValueError', 'values'],
  ['RuntimeError', 'values'],
  ['sklearn.exceptions.NotFittedError', 'values'],
  ['MemoryError', 'memory'],
  ['torch.OutOfMemoryError', 'memory'],
  ['URLError', 'data'],
  ['KeyError', 'data'],
])('%s lies at the %s', (error, cause) => {
  expect(classifyException(error)).toBe(cause)
})

test("an allocator's RuntimeError is about memory", () => {
  expect(classifyException('RuntimeError', 'CUDA out of memory. Tried to allocate 2 GiB')).toBe('memory')
})

test.each([
  ['DataLoader worker (pid 7) is killed by signal: Bus error. Out of shared memory', 'shared-memory'],
  ['unable to write to file </torch_12_34_0>: No space left on device (28)', 'shared-memory'],
  ['unable to resize file </torch_1> to the right size: Resource temporarily unavailable', 'shared-memory'],
  ["[Errno 28] No space left on device: '/dev/shm/psm_1234'", 'shared-memory'],
  ["[Errno 28] No space left on device: '/workspace/model.pt'", 'values'],
  ['/torch_1: No space left on device, unable to resize', 'values'],
  ['unable to write to file </torch_12_34_0>: Permission denied', 'values'],
])('%s is about %s', (message, cause) => {
  expect(classifyException('RuntimeError', message)).toBe(cause)
})

test.each([
  ['RuntimeError', 'unable to resize torch_ '],
  ['RuntimeError', 'No space left on device '],
  ['Connection', ''],
])('a megabyte of %s: %s is told in no time', (error, message) => {
  const megabyte = (text: string) => text.repeat(Math.ceil(1024 ** 2 / (text.length || 1)))
  expect(classifyException(message ? error : megabyte(error), megabyte(message))).toBe('values')
})
