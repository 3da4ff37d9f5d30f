import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { queryClient } from './queries.ts'
import { takeTokenFromAddress } from './session.ts'
import './style/index.css'

const root = createRoot(document.getElementById('root') as HTMLElement)

// The token goes before anything is drawn, so that it is never in the history or in a screenshot.
void takeTokenFromAddress().finally(() =>
  root.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  ),
)
