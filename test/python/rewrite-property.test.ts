import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Distribution, Hyperparameter } from '../../src/domain/detection.ts'
import type { ParameterValue } from '../../src/domain/trial.ts'
import { parseNumber, parseString } from '../../src/python/literal.ts'
import { rewriteFiles } from '../../src/python/rewrite.ts'
import { openSource } from '../../src/python/source.ts'

interface Slot {
  literal: string
  from: ParameterValue
  to: ParameterValue
  type: Distribution['type']
}

const filler = fc.constantFrom(
  '# é lr = 0.1',
  "x = 'µ # lr = 3'  # it's",
  '',
  'seed = 42',
  '\f',
  'def f(a, b=1):\n\tpass',
  's = """\n# 0.1\n"""',
  'y = a \\\n  + 0.1',
  "url = 'https://x#0.1'",
)
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => Number(value.toPrecision(6)))
const usual = fc
  .tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: -14, max: 4 }))
  .map(([digits, power]) => Number(`${digits}e${power}`))
const word = fc.string({ unit: fc.constantFrom(...'abé\'"\\{} #\n'), maxLength: 6 })
const slot: fc.Arbitrary<Slot> = fc.oneof(
  fc.record({
    literal: fc.constantFrom('1e-3', '1E-3', '0.001', '1.0e-03', '.001', '1_0e-4', '10.00e-4'),
    from: fc.constant(0.001),
    to: fc.oneof(number, usual),
    type: fc.constant('float' as const),
  }),
  fc.record({
    literal: fc.constantFrom('10', '1_0', '0xA', '1e1', '10.', '10.0'),
    from: fc.constant(10),
    to: fc.integer({ min: -5, max: 100_000 }),
    type: fc.constant('int' as const),
  }),
  fc.record({
    literal: fc.constantFrom('1', '1.', '1e0'),
    from: fc.constant(1),
    to: usual,
    type: fc.constantFrom('float' as const, 'categorical' as const),
  }),
  fc.record({
    literal: fc.constantFrom("'ab'", '"ab"', 'r"ab"', "u'ab'", "'''ab'''", "'\\x61b'", 'f"ab"'),
    from: fc.constant('ab'),
    to: word,
    type: fc.constant('categorical' as const),
  }),
  fc.record({
    literal: fc.constant('True'),
    from: fc.constant(true),
    to: fc.boolean(),
    type: fc.constant('categorical' as const),
  }),
)

const KINDS: Record<string, (text: string) => { path: string; bytes: Buffer }> = {
  utf8: (text) => ({ path: 'a.py', bytes: Buffer.from(text) }),
  crlf: (text) => ({ path: 'a.py', bytes: Buffer.from(text.replaceAll('\n', '\r\n')) }),
  mac: (text) => ({ path: 'a.py', bytes: Buffer.from(text.replaceAll('\n', '\r')) }),
  mark: (text) => ({ path: 'a.py', bytes: Buffer.from(`\ufeff${text}`) }),
  latin1: (text) => ({ path: 'a.py', bytes: Buffer.from(`# coding: latin-1\n${text}`, 'latin1') }),
  notebook: (text) => {
    const cells = [{ cell_type: 'code', source: text.split(/(?<=\n)/) }]
    return { path: 'a.ipynb', bytes: Buffer.from(JSON.stringify({ cells, nbformat: 4 }, null, 1)) }
  },
}

function distributionOf(type: Distribution['type']): Distribution {
  return type === 'categorical' ? { type, choices: [] } : { type, low: -1e300, high: 1e300, log: false }
}

/** The slots of a file: what stands in each and where. */
function slotsOf(path: string, bytes: Buffer) {
  const source = openSource(path, bytes)
  expect(source.problem).toBeNull()
  return [...source.text.matchAll(/<(\d+)>\(([\s\S]*?)\)<\/\1>/g)].map((match) => {
    const start = match.index + (match[1]?.length ?? 0) + 3
    const literal = match[2] ?? ''
    return { literal, ...source.place(start, start + literal.length) }
  })
}

const read = (literal: string): ParameterValue | undefined =>
  literal === 'True' || literal === 'False'
    ? literal === 'True'
    : (parseNumber(literal)?.value ?? parseString(literal)?.value)

function outside(bytes: Buffer, sites: { start: number; end: number }[]): string[] {
  let at = 0
  const parts = sites.map(({ start, end }) => {
    const part = bytes.subarray(at, start).toString('latin1')
    at = end
    return part
  })
  return [...parts, bytes.subarray(at).toString('latin1')]
}

test('changes exactly the literals, whatever stands around them, and back again', () => {
  const line = fc.oneof(filler, slot)
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(KINDS)), fc.array(line, { maxLength: 12 }), (kind, lines) => {
      const slots = lines.filter((part) => typeof part !== 'string')
      let count = 0
      const text = lines.map((part) =>
        // Marks that are found again; Python sees comparisons.
        typeof part === 'string' ? part : `\tx = a <${count}>(${part.literal})</${count++}> é`,
      )
      const { path, bytes } = (KINDS[kind] as (text: string) => { path: string; bytes: Buffer })(
        text.join('\n'),
      )
      const run = (
        file: Buffer,
        from: (slot: Slot) => ParameterValue,
        to: (slot: Slot) => ParameterValue,
      ) => {
        const sites = slotsOf(path, file)
        expect(sites).toHaveLength(slots.length)
        const found = slots.map(
          (slot, index): Hyperparameter => ({
            ...(sites[index] as (typeof sites)[number]),
            name: `p${index}`,
            value: from(slot),
            distribution: distributionOf(slot.type),
            source: '',
            influence: 1,
            ties: [],
            condition: null,
            variants: null,
          }),
        )
        const values = Object.fromEntries(slots.map((slot, index) => [`p${index}`, to(slot)]))
        const rewritten = rewriteFiles({ [path]: file }, found, values)[path] ?? file
        expect(outside(rewritten, slotsOf(path, rewritten))).toEqual(outside(file, sites))
        return rewritten
      }
      const there = run(
        bytes,
        ({ from }) => from,
        ({ to }) => to,
      )
      for (const [index, { literal }] of slotsOf(path, there).entries()) {
        const { to, from, type, literal: before } = slots[index] as Slot
        expect(read(literal)).toBe(to === 0 ? 0 : to)
        if (to === from) expect(literal).toBe(before)
        const wasFloat = parseNumber(before)?.float === true
        if (to !== from && (type === 'float' || wasFloat)) expect(parseNumber(literal)?.float).toBe(true)
        if (type === 'int' && !wasFloat) expect(parseNumber(literal)?.float).toBe(false)
        if (typeof to === 'string') expect(parseString(literal)?.quote).toBe(parseString(before)?.quote)
      }
      const back = run(
        there,
        ({ to }) => to,
        ({ from }) => from,
      )
      expect(slotsOf(path, back).map(({ literal }) => read(literal))).toEqual(slots.map(({ from }) => from))
    }),
    { numRuns: 300 },
  )
})
