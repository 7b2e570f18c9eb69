import { keccak256, stringToHex } from 'viem'
import type { L1Operation } from '../proxy/l1Operation.ts'

/**
 * Returns the transaction that sets up the system contracts at genesis: the first one of the chain,
 * sent by the force deployer and free of charge. Its call does nothing here.
 */
export function upgradeOperation(): L1Operation {
  return {
    ...{ kind: 'upgrade', hash: keccak256(stringToHex('flowprint devnet genesis upgrade')), serialId: -1 },
    from: '0x0000000000000000000000000000000000008007',
    to: '0x0000000000000000000000000000000000008006',
    // forceDeployOnAddresses with an empty list.
    data: `0xe9f18c17${'20'.padStart(64, '0')}${'0'.repeat(64)}`,
    ...{ valueWei: 0n, gasLimit: 72_000_000n, maxFeePerGas: 0n, gasPerPubdataLimit: 800n, toMintWei: 0n },
    refundRecipient: '0x0000000000000000000000000000000000000000',
    l1BlockNumber: 0,
    l1TransactionHash: `0x${'0'.repeat(64)}`,
    ...{ receivedAtUs: 0n, innerHash: null },
  }
}
