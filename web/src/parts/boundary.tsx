import { Component, type ReactNode } from 'react'
import { isChunkError } from '../chunks.ts'
import { ErrorBox } from './basics.tsx'
import { ChunkFailed } from './chunk-failed.tsx'

/** Keeps an error in one page from taking the frame with it. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    if (isChunkError(this.state.error)) return <ChunkFailed />
    return <ErrorBox error={this.state.error} retry={() => this.setState({ error: null })} />
  }
}
