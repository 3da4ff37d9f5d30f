import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32 } from 'node:zlib'
import Docker from 'dockerode'

export interface TestPackage {
  name: string
  version: string
  requires?: string[]
}

/** An index of packages on this machine that containers reach: no test then depends on PyPI. */
export async function packageIndex(packages: readonly TestPackage[]) {
  const wheels = new Map(packages.map((one) => [fileOf(one), wheelOf(one)]))
  const server = createServer(({ url = '' }, response) => {
    const wheel = wheels.get(url.split('/').at(-1) ?? '')
    if (wheel) return response.end(wheel)
    const wanted = /^\/simple\/([^/]+)\/$/.exec(url)?.[1]
    const found = packages.filter(({ name }) => name === wanted)
    if (found.length === 0) return response.writeHead(404).end()
    response.setHeader('content-type', 'text/html')
    response.end(found.map((one) => `<a href="/wheels/${fileOf(one)}">${fileOf(one)}</a>`).join('\n'))
  })
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const bridge = await new Docker().getNetwork('bridge').inspect()
  const host = (bridge.IPAM?.Config?.[0]?.Gateway as string | undefined) ?? '172.17.0.1'
  return {
    /** For a requirements file. */
    options: [`--index-url http://${host}:${port}/simple/`, `--trusted-host ${host}`],
    close: () => server.close(),
  }
}

const moduleOf = ({ name }: TestPackage) => name.replaceAll('-', '_')
const fileOf = (one: TestPackage) => `${moduleOf(one)}-${one.version}-py3-none-any.whl`

function wheelOf(one: TestPackage): Buffer {
  const info = `${moduleOf(one)}-${one.version}.dist-info`
  const requires = (one.requires ?? []).map((text) => `Requires-Dist: ${text}\n`).join('')
  const files: Record<string, string> = {
    [`${moduleOf(one)}.py`]: `version = '${one.version}'\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${one.name}\nVersion: ${one.version}\n${requires}`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  }
  const record = [...Object.keys(files), `${info}/RECORD`].map((name) => `${name},,\n`).join('')
  return zip({ ...files, [`${info}/RECORD`]: record })
}

/** Without compression; see "4.3 General Format of a .ZIP file" in PKWARE's APPNOTE. */
function zip(files: Record<string, string>): Buffer {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const [path, text] of Object.entries(files)) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)]
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, content)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    centrals.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, name)
    offset += 30 + name.length + content.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(files).length, 4)
  end.writeUInt16LE(Object.keys(files).length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}
