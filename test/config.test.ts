import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

describe('the environment', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      data: resolve('data'),
      host: '127.0.0.1',
      port: 8080,
      url: null,
      adminToken: null,
      smtpUrl: null,
      mailTo: [],
      logLevel: 'info',
      dockerHost: null,
      gpus: null,
    })
  })

  it('takes an empty variable as not set', () => {
    expect(readConfig({ HONE_PORT: '', HONE_SMTP_URL: '' })).toMatchObject({ port: 8080, smtpUrl: null })
  })

  it('reads lists and drops the slash at the end of the address', () => {
    expect(readConfig({ HONE_MAIL_TO: 'a@x.org, b@x.org', HONE_URL: 'https://ci.example/' })).toMatchObject({
      mailTo: ['a@x.org', 'b@x.org'],
      url: 'https://ci.example',
    })
  })

  it('names every wrong variable and what it must be', () => {
    const read = () =>
      readConfig({
        HONE_PORT: '70000',
        HONE_SMTP_URL: 'http://x',
        HONE_LOG_LEVEL: 'loud',
        HONE_ADMIN_TOKEN: 'a',
      })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(
      /HONE_PORT[\s\S]*HONE_ADMIN_TOKEN[\s\S]*HONE_SMTP_URL: must look like smtp[\s\S]*HONE_LOG_LEVEL/,
    )
    expect(readConfig({ HONE_GPUS: '0' }).gpus).toBe(0)
    expect(() => readConfig({ HONE_GPUS: '-1' })).toThrow(/HONE_GPUS: must be a whole number from 0 to 64/)
    expect(() => readConfig({ HONE_PORT: 'abc' })).toThrow(
      /HONE_PORT: must be a whole number from 0 to 65535/,
    )
  })
})
