import { everywhere, type Fault } from '../fault.ts'

/** Starts the server again, unless it is there. */
const again: Fault['heal'] = ({ server }) => server.start()

export const serverKilled: Fault = {
  name: 'server kill -9',
  notAt: everywhere,
  restarts: false,
  repeatsMail: true,
  async inject({ server }) {
    await server.kill('SIGKILL')
  },
  heal: again,
}

export const serverStopped: Fault = {
  name: 'server SIGTERM',
  notAt: everywhere,
  restarts: false,
  async inject({ server }) {
    // It may stand still now, and ends once it is let go on.
    process.kill(server.pid, 'SIGTERM')
  },
  async heal({ server }) {
    await server.over()
    await server.start()
  },
}
