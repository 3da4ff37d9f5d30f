import { join } from 'node:path'
import { packageRoot } from '../paths.ts'

/** The hook's program; plain JavaScript, since it runs by itself, from source and from the compiled server alike. */
export const hookProgram = join(packageRoot, 'src', 'http', 'hook-client.mjs')

/**
 * The post-receive hook of a repository of Hone's own remote. Which program it runs, and with what, comes with each
 * push from the server that serves it, so that the hook stays right when Hone or Node moves.
 */
export const postReceiveHook = (): string => `#!/bin/sh
# Written by Hone. A push that did not come through Hone's server makes no run until that starts again.
if [ -z "$HONE_HOOK_URL" ]; then
  cat > /dev/null
  echo 'Hone: this push did not come through the server; the run is made when it starts the next time.'
  exit 0
fi
exec "$HONE_HOOK_NODE" "$HONE_HOOK_PROGRAM"
`

/** What the hook finds in its environment. */
export const hookEnvironment = (url: string, token: string): Record<string, string> => ({
  HONE_HOOK_URL: url,
  HONE_HOOK_TOKEN: token,
  HONE_HOOK_NODE: process.execPath,
  HONE_HOOK_PROGRAM: hookProgram,
})
