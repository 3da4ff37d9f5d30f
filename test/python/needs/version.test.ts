import { describe, expect, it } from 'vitest'
import { linuxEnvironment, markerHolds } from '../../../src/python/needs/markers.ts'
import { compareVersions, parseVersion, satisfies, type Version } from '../../../src/python/needs/version.ts'

describe('versions', () => {
  it('are ordered as PEP 440 says', () => {
    const rising =
      '1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a2 1.0b1.dev456 1.0b2 1.0rc1.dev456 1.0rc1 1.0 1.0.post456.dev34 1.0.post456 1.1.dev1 1!0.5'
    const versions = rising.split(' ').map((text) => parseVersion(text) as Version)
    const shuffled = versions.toReversed().toSorted(compareVersions)
    expect(shuffled).toEqual(versions)
  })

  it.each([
    ['2.6.0+debian', '==2.6.0', true],
    ['2.6.0+debian', '==2.6.0+cpu', false],
    ['2.6.0+debian', '', true],
    ['2.6', '==2.6.0', true],
    ['2.6.1', '==2.6.*', true],
    ['2.61', '==2.6.*', false],
    ['2.6.1', '!=2.6.*', false],
    ['2.6.1', '!=2.6.0', true],
    ['1.4.2', '~=1.4', true],
    ['1.5.0', '~=1.4.1', false],
    ['2.2.4', '>=1.20,<2', false],
    ['2.2.4', ' >= 1.20 , < 3', true],
    ['1.0rc1', '>=1.0', false],
    ['1.0.post1', '>1.0', true],
    ['v1.0', '<=1.0.0', true],
    ['2025.2', '>=2024', true],
    ['1.0', '===1.0', null],
    ['1.0', '>=1.*', null],
    ['1.0', '~=1', null],
    ['1.0', '1.0', null],
    ['of today', '>=1', null],
  ])('%s and %j: %s', (version, specifier, expected) => {
    expect(satisfies(version, specifier)).toBe(expected)
  })
})

describe('markers', () => {
  const environment = linuxEnvironment('3.13.5', 'x86_64')
  it.each([
    ['python_version < "3.8"', false],
    ["python_version >= '3.10'", true],
    ['python_version>="3.8" and python_version<"4"', true],
    ["sys_platform == 'win32' or platform_system == 'Linux'", true],
    ["sys_platform == 'darwin' and (os_name == 'posix' or extra == 'x')", false],
    ["platform_machine in 'x86_64 AMD64'", true],
    ["platform_machine not in 'x86_64 AMD64'", false],
    ["python_full_version == '3.13.*'", true],
    ["'linux' == sys_platform", true],
    // pip is asked about what is not understood.
    ['sys_platform == ', true],
    ["platform_moon == 'full'", true],
    ['???', true],
  ])('%s: %s', (marker, expected) => {
    expect(markerHolds(marker, environment)).toBe(expected)
  })
})
