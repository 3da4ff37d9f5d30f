import { describe, expect, it } from 'vitest'
import { gpusOf, requestFor } from '../../src/containers/gpus.ts'

const cdi = (...ids: string[]) => ids.map((id) => ({ Source: 'cdi', ID: id }))

describe('the graphics cards of an engine', () => {
  it.each([
    ['none', {}, null, []],
    [
      'none of another vendor',
      { Runtimes: { runc: {} }, DiscoveredDevices: cdi('vendor.com/net=0') },
      null,
      [],
    ],
    [
      "CDI's numbers, not its UUIDs",
      {
        DiscoveredDevices: cdi(
          'nvidia.com/gpu=0',
          'nvidia.com/gpu=1',
          'nvidia.com/gpu=GPU-a',
          'nvidia.com/gpu=all',
        ),
      },
      null,
      ['nvidia.com/gpu=0', 'nvidia.com/gpu=1'],
    ],
    [
      'named resources',
      {
        Runtimes: { nvidia: {} },
        GenericResources: [
          { NamedResourceSpec: { Kind: 'NVIDIA-GPU', Value: 'GPU-a' } },
          { NamedResourceSpec: { Kind: 'NVIDIA-GPU', Value: 'GPU-b' } },
          { NamedResourceSpec: { Kind: 'fpga', Value: 'x' } },
        ],
      },
      null,
      ['GPU-a', 'GPU-b'],
    ],
    [
      'a number of resources',
      { GenericResources: [{ DiscreteResourceSpec: { Kind: 'gpu', Value: 3 } }] },
      null,
      ['0', '1', '2'],
    ],
    ['one at least with the runtime', { Runtimes: { runc: {}, nvidia: {} } }, null, ['0']],
    ['as many as are set', { Runtimes: { nvidia: {} } }, 4, ['0', '1', '2', '3']],
    [
      'fewer than there are',
      { DiscoveredDevices: cdi('nvidia.com/gpu=0', 'nvidia.com/gpu=1') },
      1,
      ['nvidia.com/gpu=0'],
    ],
    ['none when so set', { Runtimes: { nvidia: {} } }, 0, []],
    ['none of an answer that is none', null, null, []],
  ])('are %s', (_, info, set, expected) => {
    expect(gpusOf(info, set)).toEqual(expected)
  })

  it('are asked for by their ids', () => {
    expect(requestFor(['0', '2'])).toEqual({
      ...{ Driver: 'nvidia', DeviceIDs: ['0', '2'], Capabilities: [['gpu', 'compute', 'utility']] },
    })
    expect(requestFor(['nvidia.com/gpu=1'])).toEqual({ Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=1'] })
  })
})
