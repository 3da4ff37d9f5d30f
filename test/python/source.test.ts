import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSource, sourceOf } from '../../src/python/source.ts'

const bytesOf = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
const latin1 = (text: string) => Buffer.from(text, 'latin1')

/** The bytes that a file says are those of a part of its text. */
function bytesFor(path: string, bytes: Buffer, part: string): string {
  const source = openSource(path, bytes)
  const at = source.text.indexOf(part)
  expect(at).toBeGreaterThanOrEqual(0)
  const { start, end } = source.place(at, at + part.length)
  expect(source.locate(start, end)).toEqual({ start: at, end: at + part.length })
  return bytes.subarray(start, end).toString('latin1')
}

describe('places', () => {
  it('gives line, column and bytes', () => {
    const source = sourceOf('train.py', "# é 😀\nlr = 0.1\n\tx = 'µ', 3\n")
    const place = (part: string) => {
      const at = source.text.indexOf(part)
      return source.place(at, at + part.length)
    }
    expect(place('0.1')).toEqual({ file: 'train.py', line: 2, column: 6, start: 15, end: 18 })
    expect(place('3')).toEqual({ file: 'train.py', line: 3, column: 11, start: 30, end: 31 })
    expect(place('# é 😀')).toMatchObject({ line: 1, column: 1, start: 0, end: 9 })
  })

  it.each(['\n', '\r\n', '\r'])('counts lines that end with %j', (newline) => {
    const text = ['a = 1', '\fb = 2', '', 'c = 3', ''].join(newline)
    const source = sourceOf('train.py', text)
    expect(source.problem).toBeNull()
    expect(source.text).toHaveLength(text.length)
    expect(source.text.replaceAll('\r\n', '\n').split('\n')).toHaveLength(5)
    const at = source.text.indexOf('3')
    expect(source.place(at, at + 1)).toMatchObject({ line: 4, column: 5, start: at, end: at + 1 })
  })

  it('keeps a byte order mark in the file and out of the text', () => {
    const bytes = bytesOf([0xef, 0xbb, 0xbf], 'é = 0.1\n')
    expect(openSource('train.py', bytes).text).toBe('é = 0.1\n')
    expect(bytesFor('train.py', bytes, '0.1')).toBe('0.1')
  })

  it('finds the bytes of every part of a text in UTF-8, and the part of these bytes', () => {
    const unit = fc.constantFrom('a', 'é', '€', '😀', '\n', '\r\n', '0.1', 'x'.repeat(300), 'é'.repeat(200))
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), fc.nat(), fc.nat(), (units, a, b) => {
        const [first, last] = [a % (units.length + 1), b % (units.length + 1)].sort((x, y) => x - y)
        const before = units.slice(0, first).join('')
        const part = units.slice(first, last).join('')
        const source = sourceOf('train.py', units.join(''))
        const range = { start: before.length, end: before.length + part.length }
        const { start, end, line } = source.place(range.start, range.end)
        expect([start, end]).toEqual([Buffer.byteLength(before), Buffer.byteLength(before + part)])
        expect(line).toBe(before.split('\n').length)
        expect(source.locate(start, end)).toEqual(range)
      }),
    )
  })

  it('refuses bytes inside a character', () => {
    const source = sourceOf('train.py', 'é = 1')
    expect(source.locate(1, 2)).toBeNull()
    expect(source.locate(2, 99)).toBeNull()
    expect(source.locate(0, 2)).toEqual({ start: 0, end: 1 })
  })
})

describe('encodings', () => {
  it.each([
    ['# -*- coding: latin-1 -*-\n', 'latin1'],
    ['#!/usr/bin/python\n# vim: set fileencoding=ISO-8859-1 :\n', 'latin1'],
    ['# coding=cp1252\n', 'cp1252'],
    ['\n# coding: iso8859-15\n', 'iso8859-15'],
  ])('reads %j', (head) => {
    const bytes = Buffer.concat([latin1(head), latin1("name = 'caf\xe9'  # \xe0\nlr = 0.1\n")])
    const source = openSource('train.py', bytes)
    expect(source.problem).toBeNull()
    expect(source.text).toContain("name = 'café'  # à\n")
    expect(bytesFor('train.py', bytes, '0.1')).toBe('0.1')
    expect(bytesFor('train.py', bytes, "'café'")).toBe("'caf\xe9'")
    expect(source.encode("'é'")?.toString('latin1')).toBe("'\xe9'")
    expect(source.encode('\u4e2d')).toBeNull()
  })

  it('tells the code pages apart as Python does', () => {
    const text = (coding: string) =>
      openSource('a.py', latin1(`# coding: ${coding}\n'\x80\xa4'`)).text.slice(-4)
    expect(text('latin-1')).toBe("'\x80\xa4'")
    expect(text('cp1252')).toBe("'€¤'")
    expect(text('iso-8859-15')).toBe("'\x80€'")
    expect(text('koi8-r')).toBe("'─╓'")
  })

  it.each([
    ['gbk', [0xd1, 0xa7, 0xcf, 0xb0], '学习'],
    ['shift_jis', [0x8a, 0x77, 0xb1], '学ｱ'],
    ['euc-kr', [0xc7, 0xd0], '학'],
  ])('reads %s', (coding, word, text) => {
    const bytes = bytesOf(`# coding: ${coding}\nx = '`, word, "'\nlr = 0.1\n")
    expect(openSource('train.py', bytes).text).toContain(`x = '${text}'\n`)
    expect(bytesFor('train.py', bytes, '0.1')).toBe('0.1')
    expect(bytesFor('train.py', bytes, text)).toBe(Buffer.from(word).toString('latin1'))
  })

  it.each([
    ['no coding line', latin1("x = 1\ny = '\xe9'\n"), 2, 'UTF-8'],
    ['a coding line that is too late', latin1("x = 1\n# coding: latin-1\ny = '\xe9'\n"), 3, 'UTF-8'],
    ['ASCII that is none', latin1('# coding: ascii\n\n# \xe9\n'), 3, 'ASCII'],
    ['an unknown codec', latin1('# coding: klingon\n# \xe9\n'), 1, 'klingon'],
    ['a mark that the coding line denies', bytesOf([0xef, 0xbb, 0xbf], '# coding: latin-1\n'), 1, 'latin-1'],
    ['a byte that a code page lacks', latin1('# coding: cp1252\n# \x81\n'), 2, 'cp1252'],
    ['half a character', bytesOf('# coding: gbk\n# ', [0xd1, 0x0a]), 2, 'gbk'],
    ['UTF-16', Buffer.from('\ufeffx = 1\n', 'utf16le'), 1, 'UTF-16'],
  ])('says what is wrong with %s', (_, bytes, line, word) => {
    const { problem, text, place } = openSource('src/train.py', bytes)
    expect(problem?.failure).toMatchObject({ code: 'source-encoding', file: 'src/train.py', line })
    expect(problem?.message).toContain(word)
    expect(problem?.failure.remedy).toContain('UTF-8')
    // What can be looked at nonetheless has its places.
    expect(text === '' || text.length >= bytes.length - 3).toBe(true)
    expect(place(0, text.length).end).toBe(text === '' ? 0 : bytes.length)
  })

  it('takes no coding line from what is no Python source', () => {
    for (const path of ['a.yaml', 'README.md']) {
      expect(openSource(path, Buffer.from('# coding: latin-1\nx: é\n')).text).toContain('é')
    }
  })
})

describe('limits', () => {
  it.each([
    ['NUL', Buffer.from('x = 1\ny = "\0"\n'), 'source-nul', 2],
    ['1 MiB', Buffer.alloc(2 ** 20 + 1, '#'), 'source-too-large', null],
    ['50,000 lines', Buffer.alloc(50_001, '\n'), 'source-too-long', 50_000],
    ['lines of old Macs', Buffer.alloc(50_001, '\r'), 'source-too-long', 50_000],
  ])('refuses %s', (_, bytes, code, line) => {
    const source = openSource('train.py', bytes)
    expect(source.problem?.failure).toMatchObject({ code, kind: 'user', file: 'train.py' })
    expect(source.problem?.failure.line ?? null).toBe(line)
    expect(source.text).toBe('')
    expect(source.place(3, 9)).toMatchObject({ file: 'train.py' })
    expect(source.locate(0, 1)).toBeNull()
  })

  it('takes what is just within', () => {
    expect(openSource('train.py', Buffer.alloc(2 ** 20, '#')).problem).toBeNull()
    expect(openSource('train.py', Buffer.alloc(50_000, '\n')).problem).toBeNull()
    expect(openSource('train.py', Buffer.alloc(0))).toMatchObject({ text: '', problem: null })
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '# coding: gbk\n', '# coding: shift_jis\n', '# coding: big5\n', '{"cells": ['),
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom('a.py', 'a.ipynb', 'a.json'),
        (head, tail, path) => {
          const source = openSource(path, bytesOf(head, [...tail]))
          const { start, end } = source.place(0, source.text.length)
          expect(start).toBeLessThanOrEqual(end)
          expect(end).toBeLessThanOrEqual(head.length + tail.length)
        },
      ),
    )
  })
})
