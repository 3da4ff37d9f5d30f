import { describe, expect, it } from 'vitest'
import { load } from './load.ts'

const { hostOf, installable, installCommands, missing, startCommands } = await load('host')
const { describeProblem } = await load('problem')

const DEBIAN =
  'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nID=debian\n'
const UBUNTU = 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nID_LIKE=debian\n'
const MINT = 'NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n'
const ROCKY = 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\n'
const ALPINE = "NAME='Alpine Linux'\nID=alpine\n"

const on = (osRelease: string | null, uid: number, platform = 'linux') => hostOf({ platform, osRelease, uid })

describe('which system this is', () => {
  it.each([
    [DEBIAN, 'debian', 'Debian GNU/Linux 13 (trixie)'],
    [UBUNTU, 'ubuntu', 'Ubuntu 24.04.1 LTS'],
    [MINT, 'ubuntu', 'linuxmint'],
    [ROCKY, 'fedora', 'rocky'],
    [ALPINE, 'alpine', 'alpine'],
    ['ID=nixos\n', 'other', 'nixos'],
    [null, 'other', 'linux'],
  ])('%j is %s', (text, family, name) => {
    expect(on(text, 1000)).toEqual({ family, name, root: false })
  })

  it('is macOS whatever files say', () => {
    expect(on(DEBIAN, 501, 'darwin').family).toBe('macos')
  })
})

describe('what set-up installs by itself', () => {
  it('is docker.io with iptables on Debian and Ubuntu as root', () => {
    expect(installable(on(DEBIAN, 0), 'docker')).toEqual(['docker.io', 'iptables'])
    expect(installable(on(UBUNTU, 0), 'docker')).toEqual(['docker.io', 'iptables'])
  })

  it('is nothing for another user, and nothing on other systems', () => {
    expect(installable(on(DEBIAN, 1000), 'docker')).toBeNull()
    expect(installable(on(ROCKY, 0), 'docker')).toBeNull()
    expect(installable(on(null, 501, 'darwin'), 'git')).toBeNull()
  })

  it('is Chromium on Debian, but not on Ubuntu, whose package is a snap', () => {
    expect(installable(on(DEBIAN, 0), 'chromium')).toEqual(['chromium'])
    expect(installable(on(UBUNTU, 0), 'chromium')).toBeNull()
  })
})

describe('what a person types', () => {
  it('has sudo for those who are not root, for both commands of a line', () => {
    expect(installCommands(on(DEBIAN, 1000), 'docker')).toEqual([
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends docker.io iptables',
      'sudo systemctl enable --now docker',
    ])
    expect(installCommands(on(DEBIAN, 0), 'git')).toEqual([
      'apt-get update && apt-get install -y --no-install-recommends git',
    ])
  })

  it("is the system's own package tool", () => {
    expect(installCommands(on(ROCKY, 1000), 'docker')[0]).toBe('sudo dnf install -y moby-engine')
    expect(installCommands(on(ALPINE, 0), 'docker')).toEqual(['apk add docker', 'rc-service docker start'])
    expect(installCommands(on(null, 501, 'darwin'), 'docker')[0]).toContain('brew install')
    expect(installCommands(on(UBUNTU, 1000), 'chromium')).toEqual(['sudo snap install chromium'])
    expect(startCommands(on(null, 501, 'darwin'))).toEqual(['open -a Docker'])
  })

  it('is a sentence where the commands are not known', () => {
    expect(missing(on(null, 0), 'docker', 'No engine.', 'See docs.docker.com').remedy).toEqual([
      'See docs.docker.com',
    ])
  })
})

it('an error says what is wrong, shows the end of the log, and what to type', () => {
  const problem = missing(on(DEBIAN, 1000), 'docker', 'No Docker engine answers.', '')
  problem.detail = 'first\nlast\n'
  expect(describeProblem(problem)).toBe(
    [
      'hone: No Docker engine answers.',
      '  | first',
      '  | last',
      'What to do:',
      '  sudo apt-get update && sudo apt-get install -y --no-install-recommends docker.io iptables',
      '  sudo systemctl enable --now docker',
    ].join('\n'),
  )
})
