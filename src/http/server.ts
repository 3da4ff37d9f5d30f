import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HoneApp } from './app.ts'

export interface HttpServer {
  port: number
  /** Ends live streams, lets answers that are under way finish for `graceMs`, then ends every connection. */
  close(graceMs?: number): Promise<void>
}

/** Listens, and resolves once it does. @param port 0 for any free one. @throws the error of `listen`, as EADDRINUSE */
export async function startServer(
  app: HoneApp,
  address: { host: string; port: number },
): Promise<HttpServer> {
  const server = createServer(app)
  // A push of a large repository over a slow line may take long; the time for the headers stays limited.
  server.requestTimeout = 0
  server.headersTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs = 5_000) =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
        app.closeStreams()
        server.closeIdleConnections()
      }),
  }
}
