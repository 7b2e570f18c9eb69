import { RpcError } from './errors.ts'

/** Code of a request that is none (EIP-1474): the answer to a batch where none are served. */
const INVALID_REQUEST = -32600
/**
 * Codes of a server that failed at a question that may be right: internal error (JSON-RPC 2.0), server errors of
 * EIP-1474 and of gateways. Several of them stand for definite refusals, too, which their words tell.
 */
const SERVER_CODES = new Set([-32603, -32000, -32001, -32002, -32016, -32097])
/** What will be refused again however often it is asked. */
const DEFINITE_WORDS =
  /revert|invalid|opcode|out of gas|outofgas|stack (under|over)flow|evm error|not (found|supported|available|allowed)|unsupported|unknown|does(n't| not) exist|no such|missing|pruned|historical|state|range|results?|too (big|large|many (logs|results|blocks))|size|exceed|more than|up to/i
/** What holds only for now, whatever else is said: too much asked, or a replica that has not got the block yet. */
const RATE_WORDS =
  /\brate\b|too many requests|requests? per|per second|throttl|quota|temporar|time[d -]*out|(header|block) not found|unknown block|no backend/i
const BATCH_WORDS = /batch|too (big|large|long|many)|size|exceed|limit/i
/** Some providers use the codes of a busy server for an answer that is too large, which no waiting mends. */
const TOO_LARGE_WORDS = /result|block range|response|size/i

/** True for an answer that may be another one when the same is asked again. */
export function isPassingError(answer: unknown): answer is RpcError {
  if (!(answer instanceof RpcError)) return false
  if (answer.isBusy) return !TOO_LARGE_WORDS.test(answer.words)
  return SERVER_CODES.has(answer.code) && (RATE_WORDS.test(answer.words) || !DEFINITE_WORDS.test(answer.words))
}

/** True for the refusal of a batch for its length or size, or because batches are not served at all. */
export function isTooLongBatch({ code, words, isBusy }: RpcError): boolean {
  // Some providers use the code of a busy server for it.
  if (isBusy) return /batch/i.test(words) && BATCH_WORDS.test(words.replace(/batch/gi, ''))
  return code === INVALID_REQUEST || BATCH_WORDS.test(words)
}
