import { createServer } from 'node:net'
import { PortInUseError } from '../../api/errors.ts'

/** Checks that a port can be taken, before anything is written. Throws PortInUseError when it is not. */
export function assertPortFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (cause: NodeJS.ErrnoException) => {
      // Any other failure is told by the server itself when it listens.
      if (cause.code === 'EADDRINUSE') reject(new PortInUseError(host, port))
      else resolve()
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}
