import { Loading } from './basics.tsx'
import { onDemand } from './on-demand.tsx'

/** A diff in colours, and what colours it. */
export const CodeDiff = onDemand(() => import('./code-diff.tsx'), <Loading />)
