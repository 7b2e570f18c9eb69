import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../db/root.ts'

/** How a run of the program ended. */
export type ProgramResult = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }

/** A running program, and how it ends. */
export type Program = { child: ChildProcess; stdout(): string; stderr(): string; ended: Promise<ProgramResult> }

/** Starts the built program (`npm run build`) as a user does; settings of the environment do not reach it. */
export function startProgram(args: readonly string[], environment: Record<string, string> = {}): Program {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [join(projectRoot(), 'dist/flowprint.js'), ...args], {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = new Promise<ProgramResult>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

/** Runs the program to its end. */
export function runProgram(args: readonly string[], environment?: Record<string, string>): Promise<ProgramResult> {
  return startProgram(args, environment).ended
}
